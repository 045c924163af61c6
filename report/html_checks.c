/* report/html_checks.c - what a probe checked: ways by rungs, then each check with what it found. */
#include "base/tongue.h"
#include "report/check_words.h"
#include "report/html.h"
#include "report/page.h"
#include "report/ways.h"

enum { WORDS = 160,
       ROWS_SHOWN = 2000 };

static const struct cell_row {
	const char *class, *word;
} cells[] = {
	[CELL_NONE] = { "unseen", "" },
	[CELL_SKIPPED] = { "skipped", N_("-") },
	[CELL_OK] = { "ok", N_("ok") },
	[CELL_WARNING] = { "slow", N_("warns") },
	[CELL_FAILED] = { "failed", N_("STOP") },
};

static void put_way(struct html *h, const struct checked_way *w, const bool *seen)
{
	html_put(h, "<tr><th scope=\"row\">%s</th><td class=\"to\">%s</td>", w->target,
	         w->proxy[0] ? w->proxy : _("direct"));
	for (int i = 0; i < CHECK_RUNG_COUNT; i++) {
		const struct cell_row *cell = &cells[w->cells[i]];

		if (seen[i])
			html_put(h, "<td class=\"%s\">%s</td>", cell->class,
			         cell->word[0] ? _(cell->word) : "");
	}
	html_put(h, "</tr>\n");
}

static void put_ways(struct html *h)
{
	const char *columns[CHECK_RUNG_COUNT + 3] = { N_("Target"), N_("Proxy") };
	bool seen[CHECK_RUNG_COUNT] = { false };
	struct checked_ways w;
	size_t column = 2;

	checked_ways_read(&w, h->r);
	for (size_t i = 0; i < w.count; i++)
		for (int rung = 0; rung < CHECK_RUNG_COUNT; rung++)
			seen[rung] |= w.at[i].cells[rung] > CELL_SKIPPED;
	for (int rung = 0; rung < CHECK_RUNG_COUNT; rung++)
		if (seen[rung])
			columns[column++] = check_rung_name((enum check_rung)rung);
	columns[column] = NULL;
	html_table(h, "heat", _("Which way serves clients"), columns);
	for (size_t i = 0; i < w.count; i++)
		put_way(h, &w.at[i], seen);
	html_table_end(h);
	checked_ways_release(&w);
}

static void put_check(struct html *h, const struct report_check *rc)
{
	static const char *const classes[] = { "ok", "slow", "failed", "skipped" };
	const struct check *c = rc->check;
	char label[CHECK_LABEL], way[CHECK_WAY], took[WORDS] = "";

	if (check_took(c) >= 0)
		snprintf(took, sizeof took, "%lld ms", (long long)(check_took(c) / MOMENT_MS));
	html_put(h, "<tr><th scope=\"row\">%s</th><td class=\"to\">%s</td>", check_label(c, label),
	         check_way(c, way));
	html_put(h, "<td class=\"%s\">%s</td>", classes[rc->state], _(check_state_name(rc->state)));
	html_put(h, "<td>%s</td><td class=\"why\">%s</td></tr>\n", took, c->detail);
}

void html_checks(struct html *h)
{
	static const char *const columns[] = {
		N_("Check"), N_("Way"), N_("State"), N_("Took"), N_("Found"), NULL
	};
	char count[COUNT_TEXT], text[WORDS];

	html_section(h, "checks", _("Checks"));
	put_ways(h);
	html_put(h, "<details><summary>%s</summary>\n", _("Each check"));
	html_table(h, "", _("Each check, in the order of the plan"), columns);
	for (size_t i = 0; i < h->r->check_count && i < ROWS_SHOWN; i++)
		put_check(h, &h->r->checks[i]);
	html_table_end(h);
	html_put(h, "</details>\n");
	if (h->r->check_count > ROWS_SHOWN) {
		tongue_say(text, sizeof text, "%s checks are more than are shown: -o json has them all.",
		           page_count(h->r->check_count, count));
		html_put(h, "<p class=\"note\">%s</p>\n", text);
	}
	html_section_end(h);
}
