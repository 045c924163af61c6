/* report/compare_markdown.c - a comparison as the text of a ticket. */
#include "base/tongue.h"
#include "report/compare.h"
#include "report/markdown.h"
#include "report/page.h"

enum { ROWS_SHOWN = 50, LINE = 3 * COMPARE_TEXT_MAX };

static void put_sides(struct markdown *m, const struct comparison *c)
{
	static const char *const columns[] = { "", N_("Capture"), N_("Frames"), N_("Quality"), NULL };
	const struct compare_side *const sides[] = { c->before, c->after };
	static const char *const labels[] = { N_("Before"), N_("After") };
	char count[COUNT_TEXT];

	markdown_put(m, "\n");
	markdown_table(m, columns);
	for (size_t i = 0; i < 2; i++) {
		markdown_cell(m, _(labels[i]));
		markdown_cell(m, sides[i]->name);
		markdown_cell(m, page_count(sides[i]->frames, count));
		markdown_cell(m, _(sides[i]->quality));
		markdown_row_end(m);
	}
}

static void put_more(struct markdown *m, size_t more)
{
	char count[COUNT_TEXT], text[LINE];

	if (!more)
		return;
	tongue_say(text, sizeof text, "And %s more: -o json has all.", page_count(more, count));
	markdown_put(m, "\n%s\n", text);
}

static const char *reach_of(const struct compare_client *c)
{
	int rung = !c ? -1 : c->failed ? c->stopped : c->reached;

	return rung < 0 ? "" : rung_text((enum rung_name)rung);
}

/* Who is as well as before is not told. */
static void put_clients(struct markdown *m, const struct comparison *c)
{
	static const char *const columns[] = { N_("Client"), "",    N_("Before"), N_("After"),
		                               N_("In words"), NULL };
	size_t told = c->client_count - c->of_fate[FATE_SAME], shown = 0;
	char text[LINE];

	if (!told)
		return;
	markdown_put(m, "\n### %s\n\n", _("Clients"));
	markdown_table(m, columns);
	for (; shown < told && shown < ROWS_SHOWN; shown++) {
		const struct compared_client *row = &c->clients[shown];
		const struct compare_client *any = row->after ? row->after : row->before;

		snprintf(text, sizeof text, "%s %s", any->addr, any->name);
		markdown_cell(m, text);
		markdown_cell(m, _(compare_fate_name(row->fate)));
		markdown_cell(m, reach_of(row->before));
		markdown_cell(m, reach_of(row->after));
		markdown_cell(m, row->after ? row->after->verdict : "");
		markdown_row_end(m);
	}
	put_more(m, told - shown);
}

static void put_finding(struct markdown *m, const struct compared_finding *f)
{
	const struct compare_finding *n = f->after ? f->after : f->before;
	char text[LINE], count[COUNT_TEXT];

	markdown_cell(m, _(compare_change_name(f->change)));
	markdown_cell(m, _(severity_name(n->severity)));
	markdown_cell(m, n->title);
	snprintf(text, sizeof text, "%s %s %s", n->client, n->server, n->via);
	markdown_cell(m, text);
	markdown_cell(m, f->before ? page_count(f->before->count, count) : "");
	markdown_cell(m, f->after ? page_count(f->after->count, count) : "");
	markdown_cell(m, n->cause);
	markdown_row_end(m);
}

static void put_findings(struct markdown *m, const struct comparison *c)
{
	static const char *const columns[] = { "",           N_("Severity"), N_("Finding"), N_("Who"),
		                               N_("Before"), N_("After"),    N_("Cause"),   NULL };
	char sums[COMPARE_VERDICT];
	size_t shown = 0, more = 0;

	compare_sums(c, sums);
	markdown_put(m, "\n### %s: %s\n\n", _("Findings"), sums);
	for (size_t i = 0; i < c->finding_count; i++) {
		const struct compared_finding *f = &c->findings[i];

		if ((f->after ? f->after : f->before)->severity < m->style->from)
			continue;
		if (!shown)
			markdown_table(m, columns);
		if (shown < ROWS_SHOWN)
			put_finding(m, f);
		more += shown++ >= ROWS_SHOWN;
	}
	put_more(m, more);
}

bool compare_markdown(FILE *out, const struct comparison *c, const struct report_style *style)
{
	struct markdown m = { out, NULL, style, false };
	char verdict[COMPARE_VERDICT];

	compare_verdict(c, verdict);
	markdown_put(&m, "## %s\n", verdict);
	put_sides(&m, c);
	put_clients(&m, c);
	put_findings(&m, c);
	return !ferror(out);
}
