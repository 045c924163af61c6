/* report/points_markdown.c - two captures at once, for a ticket. */
#include "report/markdown.h"
#include "report/points.h"

static void put_paragraph(struct markdown *m, const char *text)
{
	if (text[0])
		markdown_put(m, "%s\n\n", text);
}

static void put_capture(struct markdown *m, const struct points_report *r, enum place at)
{
	char text[POINTS_TEXT];

	markdown_put(m, "- %s: ", at == NEAR ? _("Clients' side") : _("Servers' side"));
	markdown_code(m, r->blind[at].name);
	if (points_limits(&r->blind[at], text)[0])
		markdown_put(m, " (%s)", text);
	markdown_put(m, "\n");
}

static void put_frames(struct markdown *m, const struct points_report *r, const struct trouble *n)
{
	char text[POINTS_TEXT];

	for (unsigned at = NEAR; at <= FAR; at++) {
		if (!n->frame_count[at])
			continue;
		markdown_put(m, "- **%s:** ", _("Look at"));
		markdown_code(m, r->blind[at].name);
		markdown_put(m, ": ");
		markdown_code(m, points_frames(n, at, text));
		markdown_put(m, "\n");
	}
}

static void put_trouble(struct markdown *m, const struct points_report *r, const struct trouble *n)
{
	char server[ENDPOINT_TEXT];

	markdown_put(m, "### %s\n\n", trouble_title(n->kind));
	markdown_code(m, trouble_name(n->kind));
	markdown_put(m, ", %s, %s, ", _(severity_name(n->severity)), _(confidence_name(n->confidence)));
	markdown_code(m, endpoint_text(&n->server, server));
	markdown_put(m, "\n\n");
	put_paragraph(m, n->text);
	if (n->would_change[0])
		markdown_put(m, "%s: %s\n\n", _("To be sure"), n->would_change);
	for (unsigned i = 0; i < REMEDIES; i++)
		if (trouble_remedy(n->kind, i)[0])
			markdown_put(m, "- %s\n", trouble_remedy(n->kind, i));
	put_frames(m, r, n);
	markdown_put(m, "\n");
}

bool points_markdown(FILE *out, const struct points_report *r, const struct report_style *style)
{
	struct markdown m = { .out = out, .style = style };
	char text[VERDICT_TEXT];

	markdown_put(&m, "## ");
	put_paragraph(&m, troubles_verdict(r->troubles, r->t, r->blind, text));
	put_capture(&m, r, NEAR);
	put_capture(&m, r, FAR);
	markdown_put(&m, "\n");
	put_paragraph(&m, points_passed(r, text));
	put_paragraph(&m, points_clocks(r, text));
	put_paragraph(&m, points_delays(r, text));
	for (size_t i = 0; i < r->troubles->count; i++)
		if (r->troubles->list[i].severity >= style->from)
			put_trouble(&m, r, &r->troubles->list[i]);
	return !ferror(out);
}
