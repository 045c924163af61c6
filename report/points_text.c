/* report/points_text.c - two captures at once, as text. */
#include "report/page.h"
#include "report/points.h"

enum { MARGIN = 3, LABEL_COLUMN = 21 };

static const struct {
	const char *word;
	enum ink ink;
} severities[] = {
	[SEVERITY_INFO] = { N_("INFO"), INK_CYAN },
	[SEVERITY_WARNING] = { N_("WARNING"), INK_YELLOW },
	[SEVERITY_ERROR] = { N_("ERROR"), INK_RED },
	[SEVERITY_CRITICAL] = { N_("CRITICAL"), INK_RED },
};

static void put_label(struct page *p, const char *label, const char *text)
{
	if (!text[0])
		return;
	page_tab(p, MARGIN);
	page_put(p, INK_DIM, label);
	page_tab(p, LABEL_COLUMN);
	page_wrap(p, LABEL_COLUMN, text);
}

static void put_capture(struct page *p, const struct points_report *r, enum place at)
{
	const struct point *s = &r->t->at[at];
	char first[CLOCK_TEXT], last[CLOCK_TEXT], count[COUNT_TEXT], text[POINTS_TEXT];

	tongue_say(text, sizeof text, at == NEAR ? N_("%s (clients' side): %s packets, %s to %s") :
	                                           N_("%s (servers' side): %s packets, %s to %s"),
	           r->blind[at].name, page_count(s->packets, count), moment_clock(s->first, first),
	           moment_clock(s->last, last));
	page_wrap(p, 0, text);
	if (!points_limits(&r->blind[at], text)[0])
		return;
	page_tab(p, MARGIN);
	page_wrap_in(p, INK_YELLOW, MARGIN, text);
}

static void put_line(struct page *p, const char *text)
{
	if (text[0])
		page_wrap(p, 0, text);
}

static void put_frames(struct page *p, const struct points_report *r, const struct trouble *n)
{
	char frames[POINTS_TEXT], text[2 * POINTS_TEXT];

	for (unsigned at = NEAR; at <= FAR; at++) {
		if (!n->frame_count[at])
			continue;
		tongue_say(text, sizeof text, "%s: frames %s", r->blind[at].name,
		           points_frames(n, at, frames));
		put_label(p, _("Look at"), text);
	}
}

static void put_trouble(struct page *p, const struct points_report *r, const struct trouble *n,
                        unsigned number)
{
	char server[ENDPOINT_TEXT], count[COUNT_TEXT];

	page_line(p);
	page_putf(p, INK_BOLD, "%u  ", number);
	page_put(p, severities[n->severity].ink, _(severities[n->severity].word));
	page_putf(p, INK_BOLD, "  %s", trouble_name(n->kind));
	page_putf(p, INK_PLAIN, "  %s, %s, %s", endpoint_text(&n->server, server),
	          _(confidence_name(n->confidence)), page_count(n->count, count));
	page_line(p);
	page_tab(p, MARGIN);
	page_wrap_in(p, INK_BOLD, MARGIN, trouble_title(n->kind));
	page_tab(p, MARGIN);
	page_wrap(p, MARGIN, n->text);
	put_label(p, _("To be sure"), n->would_change);
	for (unsigned i = 0; i < REMEDIES; i++)
		put_label(p, i ? "" : _("Do next"), trouble_remedy(n->kind, i));
	put_frames(p, r, n);
}

bool points_text(FILE *out, const struct points_report *r, const struct report_style *style)
{
	struct page p = { .out = out, .style = style };
	char text[VERDICT_TEXT], count[COUNT_TEXT];
	unsigned number = 0;

	page_wrap_in(&p, INK_BOLD, 0, troubles_verdict(r->troubles, r->t, r->blind, text));
	page_line(&p);
	put_capture(&p, r, NEAR);
	put_capture(&p, r, FAR);
	put_line(&p, points_passed(r, text));
	put_line(&p, points_clocks(r, text));
	put_line(&p, points_delays(r, text));
	for (size_t i = 0; i < r->troubles->count; i++)
		if (r->troubles->list[i].severity >= style->from)
			put_trouble(&p, r, &r->troubles->list[i], ++number);
	if (r->troubles->left_out) {
		page_putf(&p, INK_DIM, tongue_many("%s further finding is left out.",
		                                   "%s further findings are left out.",
		                                   r->troubles->left_out),
		          page_count(r->troubles->left_out, count));
		page_line(&p);
	}
	return !ferror(out);
}
