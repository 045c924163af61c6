/* report/html_verdict.c - the first screen: what is the matter, where on the path, and how much of it. */
#include "base/tongue.h"
#include "report/check_words.h"
#include "report/html.h"
#include "report/page.h"

enum { NUMBER_TEXT = 96 };

/* "2026-03-10 10:02:11" */
static const char *word_time(int64_t ns, char text[static MOMENT_TEXT])
{
	moment_text(ns, text);
	text[10] = ' ';
	text[19] = '\0';
	return text;
}

static void put_input(struct html *h, const struct report_input *in)
{
	char count[COUNT_TEXT], first[MOMENT_TEXT], last[MOMENT_TEXT], clock[CLOCK_TEXT], frames[NUMBER_TEXT];

	tongue_say(frames, sizeof frames, tongue_many("%s frame", "%s frames", in->frames),
	           page_count(in->frames, count));
	html_put(h, "<p class=\"input\"><b>%s</b> <span>%s</span>", in->name, frames);
	if (in->first != MOMENT_NONE) {
		word_time(in->first, first);
		word_time(in->last, last);
		/* Of one day the day is told once. */
		html_put(h, " <span>%s &ndash; %s UTC</span>", first,
		         strncmp(first, last, 10) ? last : moment_clock(in->last, clock));
	}
	if (in->cut)
		html_put(h, " <span class=\"warning\">%s</span>", _("breaks off"));
	html_put(h, "</p>\n");
}

static void put_inputs(struct html *h)
{
	enum { SHOWN = 3 };

	for (size_t i = 0; i < h->r->input_count && i < SHOWN; i++)
		put_input(h, &h->r->inputs[i]);
	if (h->r->input_count <= SHOWN)
		return;
	html_put(h, "<details><summary>%s</summary>\n", _("All files"));
	for (size_t i = SHOWN; i < h->r->input_count; i++)
		put_input(h, &h->r->inputs[i]);
	html_put(h, "</details>\n");
}

/* ---- the numbers ---- */

static void put_number(struct html *h, const char *class, const char *value, const char *label)
{
	html_put(h, "<div class=\"%s\"><dt>%s</dt><dd>%s</dd></div>\n", class, label, value);
}

static void put_count(struct html *h, uint64_t count, const char *label)
{
	char text[COUNT_TEXT];

	put_number(h, "", page_count(count, text), label);
}

static void put_clients(struct html *h)
{
	size_t all = ladders_clients(h->r->ladders), failed = ladders_failed_clients(h->r->ladders);
	char some[COUNT_TEXT], every[COUNT_TEXT], text[NUMBER_TEXT];

	if (!all)
		return;
	tongue_say(text, sizeof text, _("%s of %s"), page_count(failed, some), page_count(all, every));
	put_number(h, failed ? "error" : "good", text,
	           tongue_many("client cannot update", "clients cannot update", failed));
}

static void put_levels(struct html *h)
{
	static const struct label {
		const char *one, *many;
	} labels[] = { { N_("note"), N_("notes") },
		       { N_("warning"), N_("warnings") },
		       { N_("error"), N_("errors") },
		       { N_("critical finding"), N_("critical findings") } };
	uint64_t of_level[SEVERITY_COUNT] = { 0 };
	char count[COUNT_TEXT];

	for (size_t i = 0; i < findings_count(h->r->findings); i++)
		of_level[findings_at(h->r->findings, i)->severity]++;
	for (int s = SEVERITY_COUNT - 1; s > SEVERITY_INFO; s--)
		if (of_level[s] || s == SEVERITY_ERROR)
			put_number(h, of_level[s] ? severity_name((enum severity)s) : "",
			           page_count(of_level[s], count),
			           tongue_many(labels[s].one, labels[s].many, of_level[s]));
}

static void put_checks(struct html *h)
{
	static const char *const labels[] = { [CHECK_OK] = N_("checks are well"),
		                              [CHECK_WARNING] = N_("checks warn"),
		                              [CHECK_FAILED] = N_("checks fail"),
		                              [CHECK_SKIPPED] = N_("checks were skipped") };
	static const char *const classes[] = { "good", "warning", "error", "" };

	for (int s = 0; s < CHECK_STATE_COUNT; s++) {
		size_t some = checks_in(h->r, (enum check_state)s);
		char count[COUNT_TEXT];

		if (some)
			put_number(h, classes[s], page_count(some, count), _(labels[s]));
	}
}

static void put_numbers(struct html *h)
{
	const struct report_counts *c = &h->r->counts;
	enum quality quality = limits_quality(h->r->limits, c->frames);
	static const char *const classes[] = { "good", "warning", "error" };

	html_put(h, "<dl class=\"numbers\">\n");
	if (h->r->checks)
		put_checks(h);
	else
		put_clients(h);
	put_levels(h);
	put_count(h, c->connections, _("connections"));
	put_count(h, c->exchanges, _("HTTP requests"));
	if (c->soap_calls)
		put_count(h, c->soap_calls, _("update calls"));
	if (!h->r->checks)
		put_number(h, classes[quality], _(quality_name(quality)), _("capture quality"));
	html_put(h, "</dl>\n");
}

void html_verdict(struct html *h)
{
	static const struct mood_row {
		const char *class, *word;
	} moods[] = {
		[MOOD_WELL] = { "good", N_("Well") },
		[MOOD_UNEASY] = { "warning", N_("Not all is well") },
		[MOOD_STOPPED] = { "error", N_("Stopped") },
	};
	const struct verdict *v = h->verdict;
	const struct mood_row *mood = &moods[v->mood];

	html_put(h, "<section id=\"verdict\" class=\"%s\" aria-labelledby=\"verdict-title\">\n", mood->class);
	put_inputs(h);
	html_put(h, "<p class=\"mood\">%s</p>\n<h1 id=\"verdict-title\">%s</h1>\n", _(mood->word),
	         v->headline);
	if (v->advice[0])
		html_put(h, "<p>%s</p>\n", _(v->advice));
	if (v->reason_count)
		html_put(h, "<ul class=\"reasons\">\n");
	for (unsigned i = 0; i < v->reason_count; i++)
		html_put(h, "<li>%s%s</li>\n", v->reasons[i], verdict_stop(false));
	if (v->reason_count)
		html_put(h, "</ul>\n");
	html_path(h);
	put_numbers(h);
	html_section_end(h);
}
