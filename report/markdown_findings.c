/* report/markdown_findings.c - findings of a ticket: cause, remedy, evidence, what to look at. */
#include <stdlib.h>

#include "base/tongue.h"
#include "report/alike.h"
#include "report/markdown.h"
#include "report/page.h"

enum { STORIES_SHOWN = 25, FILTER_TEXT = 640, WORDS = 256, WIDE = 1024 };

static void put_title(struct markdown *m, const struct alike *s)
{
	static const char *const levels[] = { N_("INFO"), N_("WARNING"), N_("ERROR"), N_("CRITICAL") };
	const struct finding *n = s->head;
	char count[COUNT_TEXT], first[MOMENT_TEXT], text[WORDS];

	moment_text(n->first, first);
	if (s->count == 1)
		tongue_say(text, sizeof text, "%s, once, %s", _(confidence_name(n->confidence)), first);
	else
		tongue_say(text, sizeof text, "%s, %s times, %s", _(confidence_name(n->confidence)),
		           page_count(s->count, count), first);
	markdown_put(m, "\n#### %s: %s\n\n", _(levels[n->severity]), n->title);
	markdown_code(m, finding_row(n->kind)->kind);
	markdown_put(m, ", %s\n\n", text);
}

static void put_pair(struct markdown *m, const char *label, const char *text)
{
	if (text[0])
		markdown_put(m, "- **%s:** %s\n", _(label), text);
}

static void put_remedy(struct markdown *m, const struct finding *n)
{
	struct span left = span_text(n->remedy);
	char text[WIDE];

	if (!left.len)
		return;
	markdown_put(m, "- **%s:**\n", _("Do next"));
	for (unsigned step = 1; left.len; step++) {
		struct span line = span_split(&left, '\n');

		snprintf(text, sizeof text, "%.*s", (int)line.len, (const char *)line.at);
		fprintf(m->out, "  %u. ", step);
		markdown_put(m, "%s\n", text);
	}
}

static void put_evidence(struct markdown *m, const struct finding *n)
{
	if (!n->evidence_count)
		return;
	markdown_put(m, "- **%s:**\n", _("Seen"));
	for (unsigned i = 0; i < n->evidence_count; i++) {
		fputs("  - ", m->out);
		if (!m->style->frameless)
			fprintf(m->out, "%llu: ", (unsigned long long)n->evidence[i].frame);
		markdown_words(m, n->evidence[i].text);
		fputc('\n', m->out);
	}
}

static void put_look(struct markdown *m, const struct finding *n)
{
	char filter[FILTER_TEXT] = "";

	if (m->style->frameless || (!n->frame_count && !n->stream_count))
		return;
	markdown_put(m, "- **%s:** ", _("Look at"));
	for (unsigned i = 0; i < n->frame_count; i++)
		fprintf(m->out, "%s%llu", i ? ", " : "", (unsigned long long)n->frames[i]);
	finding_filter(n, filter, sizeof filter);
	fputs(n->frame_count && filter[0] ? "; " : "", m->out);
	markdown_code(m, filter);
	fputc('\n', m->out);
}

static void put_story(struct markdown *m, const struct alike *s)
{
	char parties[ALIKE_PARTIES];

	put_title(m, s);
	markdown_words(m, s->head->cause);
	fputs("\n\n", m->out);
	alike_parties(s, parties);
	put_pair(m, s->clients ? N_("Who") : N_("Where"), parties);
	put_pair(m, N_("The client logs"), s->head->codes);
	put_pair(m, N_("Answered by"), s->head->answered_by);
	put_remedy(m, s->head);
	if (s->head->confidence != CONFIDENCE_CERTAIN)
		put_pair(m, N_("To be sure"), _(finding_row(s->head->kind)->would_change));
	put_evidence(m, s->head);
	put_look(m, s->head);
}

static void put_rest(struct markdown *m, const bool *told)
{
	char count[COUNT_TEXT], text[WORDS];
	uint64_t more = 0;

	for (size_t i = 0; i < findings_count(m->r->findings); i++)
		if (!told[i] && report_text_shows(m->style, findings_at(m->r->findings, i)))
			more += finding_weight(findings_at(m->r->findings, i));
	if (!more)
		return;
	tongue_say(text, sizeof text,
	           tongue_many("And %s more finding: -o json has all.",
	                       "And %s more findings: -o json has all.", more),
	           page_count(more, count));
	markdown_put(m, "\n%s\n", text);
}

void markdown_findings(struct markdown *m)
{
	bool *told = calloc(findings_count(m->r->findings) + 1, sizeof *told);
	unsigned shown = 0;

	if (!told)
		return;
	for (size_t i = 0; i < findings_count(m->r->findings) && shown < STORIES_SHOWN; i++) {
		struct alike s;

		if (told[i] || !report_text_shows(m->style, findings_at(m->r->findings, i)))
			continue;
		if (!shown++)
			markdown_put(m, "\n### %s\n", _("Findings"));
		alike_read(&s, m->r->findings, i, m->style->frameless, told);
		put_story(m, &s);
	}
	put_rest(m, told);
	free(told);
}
