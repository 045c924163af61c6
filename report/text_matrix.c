/* report/text_matrix.c - ways by rungs, and below them each check that failed or warns. */
#include <stdlib.h>

#include "base/tongue.h"
#include "report/check_words.h"
#include "report/text.h"
#include "report/ways.h"

enum { ROWS_MAX = 40, LINES_MAX = 24, CELL_GAP = 1, MARK = 6, LINE_TEXT = 1024, WAY_MIN = 12, VIA = 6 };
enum { OTHERS_TEXT = COUNT_TEXT + 16 };

static void put_count(struct page *p, const struct report *r)
{
	static const struct part {
		enum check_state state;
		const char *text;
	} parts[] = { { CHECK_FAILED, N_("%s failed") }, { CHECK_WARNING, N_("%s with a warning") },
		      { CHECK_OK, N_("%s ok") }, { CHECK_SKIPPED, N_("%s skipped") } };
	char text[LINE_TEXT], count[COUNT_TEXT];
	size_t len = tongue_say(text, sizeof text,
				tongue_many("%s check in %.2f s: ", "%s checks in %.2f s: ", r->check_count),
				page_count(r->check_count, count),
				(double)checks_took(r) / (double)MOMENT_S);
	bool any = false;

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		size_t some = checks_in(r, parts[i].state);

		if (!some)
			continue;
		len += tongue_say(text + len, sizeof text - len, "%s", any ? ", " : "");
		len += tongue_say(text + len, sizeof text - len, parts[i].text, page_count(some, count));
		any = true;
	}
	page_wrap(p, 0, text);
	if (r->interrupted)
		page_wrap_in(p, INK_YELLOW, 0,
			     _("It was interrupted: what was not checked counts as skipped."));
	else if (checks_cut(r))
		page_wrap_in(p, INK_YELLOW, 0,
		             _("The time for all (-m) was over: what was not checked counts as skipped."));
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
	page_put(p, INK_DIM, _("TARGET"));
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
		[CELL_OK] = { N_("ok"), INK_PLAIN }, [CELL_WARNING] = { "!", INK_YELLOW },
		[CELL_FAILED] = { N_("STOP"), INK_RED },
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
		page_put(p, cell->ink, _(cell->text));
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

/* Checks that tell the same: others of one way, or the same of other ways. */
enum likeness { ALONE, OF_ONE_WAY, OF_ONE_NAME };

static enum likeness likeness_of(const struct report_check *a, const struct report_check *b)
{
	const struct check *one = a->check, *other = b->check;
	bool alike = a->state == b->state && !a->frame_count && !b->frame_count &&
	             check_kind(a) == check_kind(b) && one->rung == other->rung &&
	             !strcmp(one->detail, other->detail) && !strcmp(one->proxy, other->proxy);

	if (alike && !strcmp(one->target, other->target))
		return OF_ONE_WAY;
	/* A port's name is in its target. */
	return alike && (one->rung == CHECK_PORT || !strcmp(one->name, other->name)) ? OF_ONE_NAME : ALONE;
}

struct group {
	const struct report_check *head;
	enum likeness likeness;
	size_t others;
};

static struct group group_of(const struct report *r, size_t first, bool *told)
{
	struct group g = { &r->checks[first], ALONE, 0 };

	told[first] = true;
	for (size_t i = first + 1; i < r->check_count; i++) {
		enum likeness likeness = told[i] ? ALONE : likeness_of(g.head, &r->checks[i]);

		if (likeness == ALONE || (g.others && likeness != g.likeness))
			continue;
		g.likeness = likeness;
		g.others++;
		told[i] = true;
	}
	return g;
}

static const char *and_others(const struct group *g, enum likeness likeness, char text[static OTHERS_TEXT])
{
	char count[COUNT_TEXT];

	text[0] = '\0';
	if (g->others && g->likeness == likeness)
		tongue_say(text, OTHERS_TEXT, " and %s more", page_count(g->others, count));
	return text;
}

static void put_check(struct page *p, const struct group *g)
{
	const struct report_check *c = g->head;
	char label[CHECK_LABEL], way[CHECK_WAY], text[LINE_TEXT + CHECK_WAY];
	char names[OTHERS_TEXT], ways[OTHERS_TEXT];
	bool failed = c->state == CHECK_FAILED;
	const char *kind = check_kind(c);
	size_t len = tongue_say(text, sizeof text, "%s%s, %s%s: %s%s%s%s", check_label(c->check, label),
	                   and_others(g, OF_ONE_WAY, names), check_way(c->check, way),
	                   and_others(g, OF_ONE_NAME, ways), c->check->detail, kind ? " (" : "",
	                   kind ? kind : "", kind ? ")" : "");

	if (c->frame_count)
		tongue_say(text + len, sizeof text - len, ", frames %llu to %llu",
		         (unsigned long long)c->frames[0],
		         (unsigned long long)c->frames[c->frame_count - 1]);
	page_put(p, failed ? INK_RED : INK_YELLOW, failed ? _("STOP") : "!");
	page_tab(p, MARK);
	page_wrap(p, MARK, text);
}

static void put_checks(struct page *p, const struct report *r)
{
	static const enum check_state states[] = { CHECK_FAILED, CHECK_WARNING };
	bool *told = calloc(r->check_count + 1, sizeof *told);
	char more[COUNT_TEXT];
	size_t shown = 0, all = 0;

	for (size_t s = 0; told && s < 2; s++)
		for (size_t i = 0; i < r->check_count; i++) {
			struct group g;

			if (told[i] || r->checks[i].state != states[s])
				continue;
			if (!all++)
				page_line(p);
			if (shown == LINES_MAX)
				continue;
			g = group_of(r, i, told);
			shown++;
			put_check(p, &g);
		}
	free(told);
	if (all > shown) {
		page_putf(p, INK_PLAIN, "and %s more, all of them in -o json.",
		          page_count(all - shown, more));
		page_line(p);
	}
}

void text_checked(struct page *p, const struct report *r)
{
	struct checked_ways w;

	checked_ways_read(&w, r);
	put_count(p, r);
	put_matrix(p, &w);
	put_checks(p, r);
	checked_ways_release(&w);
}
