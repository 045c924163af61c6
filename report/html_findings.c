/* report/html_findings.c - findings in full, equal ones of several clients as one. */
#include <stdlib.h>

#include "base/tongue.h"
#include "report/alike.h"
#include "report/html.h"
#include "report/page.h"

enum { STORIES_SHOWN = 300,
       FILTER_TEXT = 512,
       WORDS = 160 };

static void put_pair(struct html *h, const char *label, const char *text)
{
	if (text[0])
		html_put(h, "<dt>%s</dt><dd>%s</dd>\n", label, text);
}

/* "certain, 4 times, 10:02:13 to 10:04:11" */
static void put_when(struct html *h, const struct alike *a)
{
	const struct finding *n = a->head;
	char count[COUNT_TEXT], first[CLOCK_TEXT], last[CLOCK_TEXT], times[WORDS];

	tongue_say(times, sizeof times, tongue_many("once", "%s times", a->count), page_count(a->count,
	                                                                                      count));
	moment_clock(n->first, first);
	moment_clock(n->last, last);
	html_put(h, "<p class=\"when\">%s &middot; %s &middot; %s", _(confidence_name(n->confidence)),
	         times, first);
	if (strcmp(first, last) != 0)
		html_put(h, " &ndash; %s", last);
	html_put(h, "</p>\n");
}

static void put_codes(struct html *h, const char *codes)
{
	struct span left = span_text(codes);

	if (!left.len)
		return;
	html_put(h, "<dt>%s</dt><dd class=\"codes\">", _("The client logs"));
	while (left.len) {
		struct span one = span_split(&left, ' ');
		char code[WORDS];

		snprintf(code, sizeof code, "%.*s", (int)one.len, (const char *)one.at);
		html_put(h, "<code>%s</code> ", code);
	}
	html_put(h, "</dd>\n");
}

static void put_remedy(struct html *h, const struct finding *n)
{
	struct span left = span_text(_(n->remedy));

	html_put(h, "<h4>%s</h4>\n<ol class=\"remedy\">\n", _("Do next"));
	while (left.len) {
		struct span one = span_split(&left, '\n');
		char step[1024];

		snprintf(step, sizeof step, "%.*s", (int)one.len, (const char *)one.at);
		html_put(h, "<li>%s</li>\n", step);
	}
	html_put(h, "</ol>\n");
}

static void put_evidence(struct html *h, const struct finding *n)
{
	if (!n->evidence_count)
		return;
	html_put(h, "<h4>%s</h4>\n<ul class=\"evidence\">\n", _("Seen"));
	for (unsigned i = 0; i < n->evidence_count; i++) {
		html_put(h, "<li>");
		if (!h->style->frameless)
			html_put(h, "<span class=\"frame\">%s %llu</span> ", _("frame"),
			         (unsigned long long)n->evidence[i].frame);
		html_words(h, n->evidence[i].text);
		html_put(h, "</li>\n");
	}
	html_put(h, "</ul>\n");
}

/* The script shows the button; without it the filter is text to be marked. */
static void put_look(struct html *h, const struct finding *n)
{
	char filter[FILTER_TEXT];

	if (h->style->frameless || (!n->frame_count && !n->stream_count))
		return;
	finding_filter(n, filter, sizeof filter);
	html_put(h, "<h4>%s</h4>\n<p class=\"filter\"><code>%s</code> "
	            "<button type=\"button\" class=\"copy\" hidden aria-label=\"%s\">%s</button></p>\n",
	         _("Wireshark display filter"), filter, _("Copy the filter"), _("Copy"));
	if (!n->frame_count)
		return;
	html_put(h, "<p class=\"frames\">%s", _("Frames:"));
	for (unsigned i = 0; i < n->frame_count; i++)
		html_put(h, "%s %llu", i ? "," : "", (unsigned long long)n->frames[i]);
	html_put(h, "</p>\n");
}

static void put_story(struct html *h, const struct alike *a)
{
	const struct finding *n = a->head;
	const char *level = severity_name(n->severity);
	char parties[ALIKE_PARTIES];

	alike_parties(a, parties);
	html_put(h, "<article id=\"finding-%u\" class=\"finding %s\" aria-labelledby=\"title-%u\">\n",
	         n->id, level, n->id);
	html_put(h, "<h3 id=\"title-%u\"><span class=\"level\">%s</span> %s</h3>\n", n->id, _(level),
	         _(n->title));
	put_when(h, a);
	html_put(h, "<p class=\"cause\">");
	html_words(h, n->cause);
	html_put(h, "</p>\n<dl>\n");
	put_pair(h, a->clients ? _("Who") : _("Where"), parties);
	put_codes(h, n->codes);
	put_pair(h, _("Answered by"), n->answered_by);
	html_put(h, "<dt>%s</dt><dd><code>%s</code></dd>\n", _("Kind"), finding_row(n->kind)->kind);
	html_put(h, "</dl>\n");
	put_remedy(h, n);
	if (n->confidence != CONFIDENCE_CERTAIN)
		html_put(h, "<h4>%s</h4>\n<p>%s</p>\n", _("To be sure"),
		         _(finding_row(n->kind)->would_change));
	put_evidence(h, n);
	put_look(h, n);
	html_put(h, "</article>\n");
}

static void put_rest(struct html *h, uint64_t many, uint64_t quiet)
{
	char count[COUNT_TEXT], text[WORDS];

	if (many) {
		tongue_say(text, sizeof text,
		           tongue_many("One more finding: -o json has it.",
		                       "%s more findings: -o json has them all.", many),
		           page_count(many, count));
		html_put(h, "<p>%s</p>\n", text);
	}
	if (quiet) {
		tongue_say(text, sizeof text,
		           tongue_many("%s finding of lower level is not shown.",
		                       "%s findings of lower level are not shown.", quiet),
		           page_count(quiet, count));
		html_put(h, "<p>%s</p>\n", text);
	}
}

/* The first of a kind is always there: the path leads to it. */
void html_findings(struct html *h)
{
	const struct findings *f = h->r->findings;
	bool *told = calloc(findings_count(f) + 1, sizeof *told), known[FINDING_KIND_COUNT] = { false };
	uint64_t many = 0, quiet = 0;
	unsigned shown = 0;

	html_section(h, "findings", _("Findings"));
	for (size_t i = 0; told && i < findings_count(f); i++) {
		const struct finding *n = findings_at(f, i);
		struct alike a;

		quiet += n->severity < h->style->from;
		if (told[i] || n->severity < h->style->from)
			continue;
		if (shown++ >= STORIES_SHOWN && known[n->kind]) {
			many++;
			continue;
		}
		known[n->kind] = true;
		alike_read(&a, f, i, h->style->frameless, told);
		put_story(h, &a);
	}
	put_rest(h, many, quiet);
	html_section_end(h);
	free(told);
}
