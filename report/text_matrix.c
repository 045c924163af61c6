/* report/text_matrix.c - ways by rungs, and below them each check that failed or warns. */
#include "report/check_words.h"
#include "report/text.h"
#include "report/ways.h"

enum { ROWS_MAX = 40, LINES_MAX = 24, CELL_GAP = 1, MARK = 6, LINE_TEXT = 1024, WAY_MIN = 12, VIA = 6 };

static void put_count(struct page *p, const struct report *r)
{
	static const struct part {
		enum check_state state;
		const char *word;
	} parts[] = { { CHECK_FAILED, "failed" }, { CHECK_WARNING, "with a warning" }, { CHECK_OK, "ok" },
		      { CHECK_SKIPPED, "skipped" } };
	char text[LINE_TEXT], count[COUNT_TEXT];
	int len = snprintf(text, sizeof text, "%s check%s in %.2f s: ", page_count(r->check_count, count),
	                   r->check_count == 1 ? "" : "s", (double)checks_took(r) / (double)MOMENT_S);
	bool any = false;

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		size_t some = checks_in(r, parts[i].state);

		if (!some)
			continue;
		len += snprintf(text + len, sizeof text - (size_t)len, "%s%s %s", any ? ", " : "",
		                page_count(some, count), parts[i].word);
		any = true;
	}
	page_wrap(p, 0, text);
	if (r->interrupted)
		page_wrap_in(p, INK_YELLOW, 0, "It was interrupted: what was not checked counts as skipped.");
}

/* ---- the matrix ---- */

struct columns {
	unsigned at[CHECK_RUNG_COUNT];  /* 0: nobody was checked on that rung */
	unsigned first;
};

static struct columns columns_of(const struct checked_ways *w, const struct checked_way *const rows[],
                                 size_t count, unsigned width)
{
	unsigned need = 0, most = WAY_MIN, room;
	struct columns c = { 0 };

	for (int rung = 0; rung < CHECK_RUNG_COUNT; rung++)
		for (size_t i = 0; i < w->count && !c.at[rung]; i++)
			if (w->at[i].cells[rung] > CELL_SKIPPED) {
				c.at[rung] = 1;
				need += page_width(check_rung_name((enum check_rung)rung)) + CELL_GAP;
			}
	room = width > need + WAY_MIN ? width - need : WAY_MIN;
	for (size_t i = 0; i < count; i++) {
		unsigned wide = page_width(rows[i]->proxy[0] ? rows[i]->proxy : rows[i]->target);

		wide += rows[i]->proxy[0] ? VIA + 2 : 2;
		if (wide <= room && wide > most)
			most = wide;
	}
	c.first = most;
	need = most;
	for (int rung = 0; rung < CHECK_RUNG_COUNT; rung++)
		if (c.at[rung]) {
			c.at[rung] = need;
			need += page_width(check_rung_name((enum check_rung)rung)) + CELL_GAP;
		}
	return c;
}

static void put_heading(struct page *p, const struct columns *c)
{
	page_line(p);
	page_put(p, INK_DIM, "TARGET");
	for (int rung = 0; rung < CHECK_RUNG_COUNT; rung++)
		if (c->at[rung]) {
			page_tab(p, c->at[rung]);
			page_put(p, INK_DIM, check_rung_name((enum check_rung)rung));
		}
	page_line(p);
}

static void put_row(struct page *p, const struct columns *c, const struct checked_way *w, bool same_target)
{
	static const struct cell {
		const char *text;
		enum ink ink;
	} cells[] = {
		[CELL_NONE] = { "", INK_PLAIN }, [CELL_SKIPPED] = { "-", INK_DIM },
		[CELL_OK] = { "ok", INK_PLAIN }, [CELL_WARNING] = { "!", INK_YELLOW },
		[CELL_FAILED] = { "STOP", INK_RED },
	};

	if (!same_target) {
		page_put(p, INK_PLAIN, w->target);
		if (w->proxy[0])
			page_line(p);
	}
	if (w->proxy[0])
		page_putf(p, INK_PLAIN, "  via %s", w->proxy);
	if (p->column >= c->first)
		page_line(p);
	for (int rung = 0; rung < CHECK_RUNG_COUNT; rung++) {
		const struct cell *cell = &cells[w->cells[rung]];

		if (!c->at[rung] || !cell->text[0])
			continue;
		page_tab(p, c->at[rung]);
		page_put(p, cell->ink, cell->text);
	}
	page_line(p);
}

/* What fails first; each kind in the order of the plan, so that a proxy's row follows the direct one. */
static size_t choose(const struct checked_ways *w, const struct checked_way *rows[static ROWS_MAX],
                     size_t *all)
{
	bool many = w->count > ROWS_MAX;
	size_t count = 0;

	*all = 0;
	for (int pass = many ? 0 : 1; pass < 2; pass++)
		for (size_t i = 0; i < w->count; i++) {
			bool fails = w->at[i].worst == CELL_FAILED;

			if (w->at[i].closed || (many && fails != (pass == 0)))
				continue;
			++*all;
			if (count < ROWS_MAX)
				rows[count++] = &w->at[i];
		}
	return count;
}

static void put_matrix(struct page *p, const struct checked_ways *w)
{
	const struct checked_way *rows[ROWS_MAX];
	char more[COUNT_TEXT];
	size_t all, count = choose(w, rows, &all);
	struct columns c = columns_of(w, rows, count, p->style->width);

	if (!count)
		return;
	put_heading(p, &c);
	for (size_t i = 0; i < count; i++)
		put_row(p, &c, rows[i], i && !strcmp(rows[i]->target, rows[i - 1]->target));
	if (all > count) {
		page_putf(p, INK_PLAIN, "and %s more, all of them in -o json.",
		          page_count(all - count, more));
		page_line(p);
	}
}

/* ---- what is not well ---- */

static void put_check(struct page *p, const struct report_check *c)
{
	char label[CHECK_LABEL], way[CHECK_WAY], text[LINE_TEXT + CHECK_WAY];
	bool failed = c->state == CHECK_FAILED;
	const char *kind = check_kind(c);
	int len = snprintf(text, sizeof text, "%s, %s: %s%s%s%s", check_label(c->check, label),
	                   check_way(c->check, way), c->check->detail, kind ? " (" : "", kind ? kind : "",
	                   kind ? ")" : "");

	if (c->frame_count && len > 0 && (size_t)len < sizeof text)
		snprintf(text + len, sizeof text - (size_t)len, ", frames %llu to %llu",
		         (unsigned long long)c->frames[0],
		         (unsigned long long)c->frames[c->frame_count - 1]);
	page_put(p, failed ? INK_RED : INK_YELLOW, failed ? "STOP" : "!");
	page_tab(p, MARK);
	page_wrap(p, MARK, text);
}

static void put_checks(struct page *p, const struct report *r)
{
	static const enum check_state states[] = { CHECK_FAILED, CHECK_WARNING };
	char more[COUNT_TEXT];
	size_t shown = 0, all = 0;

	for (size_t s = 0; s < 2; s++)
		for (size_t i = 0; i < r->check_count; i++) {
			if (r->checks[i].state != states[s])
				continue;
			if (!all++)
				page_line(p);
			if (shown < LINES_MAX && ++shown)
				put_check(p, &r->checks[i]);
		}
	if (all > shown) {
		page_putf(p, INK_PLAIN, "and %s more, all of them in -o json.",
		          page_count(all - shown, more));
		page_line(p);
	}
}

void text_checked(struct page *p, const struct report *r)
{
	struct checked_ways w = checked_ways_of(r);

	put_count(p, r);
	put_matrix(p, &w);
	put_checks(p, r);
	checked_ways_release(&w);
}
