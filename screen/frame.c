/* screen/frame.c - what surrounds every pane: where it listens, the verdict, the tabs, the line below. */
#include <stdio.h>

#include "report/page.h"
#include "screen/parts.h"

enum { NARROW = 60, MESSAGE_END = 6, PIECE_TEXT = 96, VERDICT_TEXT = 400 };

static const char *const titles[] = { "CLIENTS", "SERVERS", "FINDINGS" };

/* ---- the first line: where, when, how much ---- */

struct strip {                          /* pieces beside each other, while there is room */
	struct screen *screen;
	unsigned row, column;
};

static void add(struct strip *t, enum shade shade, const char *piece)
{
	struct canvas *c = &t->screen->canvas;
	unsigned gap = t->column ? c->width < NARROW ? 1 : 3 : 0;

	if (t->column + gap + canvas_columns(c, piece) > c->width)
		return;
	t->column = canvas_put(c, t->row, t->column + gap, c->width, shade, piece);
}

static void add_quality(struct strip *t)
{
	static const enum shade shades[] = { SHADE_PLAIN, SHADE_WARN, SHADE_BAD };
	const struct view *v = &t->screen->shown.view;
	char text[PIECE_TEXT];

	if (!t->screen->shown.any)
		return;
	snprintf(text, sizeof text, "capture %s", quality_name(v->quality));
	add(t, shades[v->quality], text);
}

static uint64_t lost(const struct screen *s)
{
	uint64_t judged = s->shown.any ? s->shown.view.limits.count[LIMIT_DROPPED] : 0;

	return s->input.dropped > judged ? s->input.dropped : judged;
}

static void put_source(struct screen *s)
{
	struct strip t = { s, 0, 0 };
	char text[PIECE_TEXT], rate[PIECE_TEXT], count[COUNT_TEXT], clock[CLOCK_TEXT];
	bool wide = s->canvas.width >= NARROW;

	t.column = canvas_put(&s->canvas, 0, 0, s->canvas.width / (wide ? 2 : 3), SHADE_STRONG,
	                      s->input.name[0] ? s->input.name : "wsuscope");
	if (s->frozen) {
		unsigned from = t.column + (wide ? 3 : 1);

		add(&t, SHADE_WARN, "FROZEN");
		canvas_choose(&s->canvas, 0, from, t.column);
	}
	if (s->shown.now != MOMENT_NONE)
		add(&t, SHADE_PLAIN, moment_clock(s->shown.now, clock));
	if (s->input.away)
		add(&t, SHADE_BAD, "INTERFACE AWAY");
	snprintf(text, sizeof text, "%s lost", page_count(lost(s), count));
	if (lost(s))
		add(&t, SHADE_BAD, text);
	snprintf(rate, sizeof rate, "%s %s", page_count((uint64_t)(s->packets + 0.5), count),
	         wide ? "packets/s" : "pk/s");
	add(&t, SHADE_PLAIN, rate);
	if (!lost(s))
		add(&t, SHADE_PLAIN, text);
	add_quality(&t);
	snprintf(text, sizeof text, "%s packets", page_count(s->input.frames, count));
	add(&t, SHADE_FAINT, text);
}

/* ---- the verdict ---- */

/* "authorization 10, connection 2": where clients stop, the most first. */
static void word_stops(const struct screen *s, char text[static VERDICT_TEXT])
{
	size_t stops[RUNG_COUNT + 1] = { 0 }, len = 0;
	char count[COUNT_TEXT];

	for (size_t i = 0; i < s->shown.view.client_count; i++)
		if (s->shown.view.clients[i].failed)
			stops[shown_stop(&s->shown.view.clients[i])]++;
	text[0] = '\0';
	for (int told = 0; told < RUNG_COUNT; told++) {
		int most = 0;

		for (int r = 1; r < RUNG_COUNT; r++)
			most = stops[r] > stops[most] ? r : most;
		if (!stops[most])
			break;
		len += (size_t)snprintf(text + len, VERDICT_TEXT - len, "%s%s", told ? ", " : " STOP at ",
		                        rung_text((enum rung_name)most));
		if (s->shown.view.climbers > 1)
			len += (size_t)snprintf(text + len, VERDICT_TEXT - len, " %s",
			                        page_count(stops[most], count));
		stops[most] = 0;
	}
}

static void put_failure(struct screen *s, unsigned row)
{
	const struct view *v = &s->shown.view;
	char stops[VERDICT_TEXT], text[2 * VERDICT_TEXT], failed[COUNT_TEXT], all[COUNT_TEXT];

	word_stops(s, stops);
	if (v->climbers == 1)
		snprintf(text, sizeof text, "The one client cannot update:%s", stops);
	else
		snprintf(text, sizeof text, "%s of %s clients cannot update:%s",
		         page_count(v->failed, failed), page_count(v->climbers, all), stops);
	if (canvas_columns(&s->canvas, text) > s->canvas.width)
		snprintf(text, sizeof text, "%s of %s%s", page_count(v->failed, failed),
		         page_count(v->climbers, all), stops);
	canvas_put(&s->canvas, row, 0, s->canvas.width, SHADE_BAD, text);
}

static bool is_uneasy(const struct view *v)
{
	return v->of_severity[SEVERITY_WARNING] || v->of_severity[SEVERITY_ERROR] ||
	       v->of_severity[SEVERITY_CRITICAL];
}

static void put_health(struct screen *s, unsigned row)
{
	const struct view *v = &s->shown.view;
	char some[COUNT_TEXT], all[COUNT_TEXT], text[VERDICT_TEXT];
	bool uneasy = is_uneasy(v);
	const char *but = uneasy ? ", but not everything is well: see the findings" : "; nothing failed";

	if (!v->served)
		snprintf(text, sizeof text, "Nobody is stopped; too little is seen to say that it works.");
	else if (v->served < v->climbers)
		snprintf(text, sizeof text, "%s of %s clients get through; of the rest too little is seen.",
		         page_count(v->served, some), page_count(v->climbers, all));
	else if (v->climbers <= 2)
		snprintf(text, sizeof text, v->climbers == 1 ? "The one client gets through%s."
		                                             : "Both clients get through%s.", but);
	else
		snprintf(text, sizeof text, "All %s clients get through%s.", page_count(v->climbers, all),
		         but);
	canvas_put(&s->canvas, row, 0, s->canvas.width, uneasy || !v->served ? SHADE_WARN : SHADE_GOOD, text);
}

static void put_verdict(struct screen *s, unsigned row)
{
	const struct view *v = &s->shown.view;
	const char *words = NULL;

	if (!s->input.frames && !s->shown.any)
		words = "No packet yet. Does the mirror port, or the interface, carry the clients' traffic?";
	else if (!s->shown.any)
		words = "Listening; the first judgement is under way.";
	else if (!v->climbers && !is_uneasy(v))
		words = "No update traffic so far: nothing is judged.";
	else if (!v->climbers)
		words = "No client gets as far as an update point: see the findings.";
	if (words)
		canvas_put(&s->canvas, row, 0, s->canvas.width, s->shown.any ? SHADE_WARN : SHADE_PLAIN,
		           words);
	else if (v->failed)
		put_failure(s, row);
	else
		put_health(s, row);
}

/* ---- tabs ---- */

static size_t total_of(const struct screen *s, enum pane_name pane)
{
	const struct pane *const panes[] = { &pane_clients, &pane_servers, &pane_findings };

	return pane == PANE_CLIENTS && s->shown.any ? s->shown.view.client_total : panes[pane]->count(s);
}

static void put_tabs(struct screen *s, unsigned row)
{
	const struct pane *const panes[] = { &pane_clients, &pane_servers, &pane_findings };
	const struct list *l = &s->lists[s->pane];
	struct canvas *c = &s->canvas;
	bool wide = c->width >= NARROW;
	unsigned column = 0;
	char text[PIECE_TEXT], count[16], some[16];

	for (int i = 0; i < PANE_COUNT; i++) {
		const struct list *list = &s->lists[i];
		unsigned from = column;

		word_count(total_of(s, (enum pane_name)i), count);
		if (wide)
			column = canvas_putf(c, row, column, c->width, SHADE_PLAIN, " %d %s ", i + 1,
			                     titles[i]);
		else
			column = canvas_putf(c, row, column, c->width, SHADE_PLAIN, " %s ", titles[i]);
		if (s->filter[0])
			snprintf(text, sizeof text, "(%s/%s) ", word_count(list->count, some), count);
		else
			snprintf(text, sizeof text, "(%s) ", count);
		column = canvas_put(c, row, column, c->width, SHADE_PLAIN, text);
		if (i == (int)s->pane)
			canvas_choose(c, row, from, column);
	}
	if (s->filter[0])
		snprintf(text, sizeof text, "/%s", s->filter);
	else
		snprintf(text, sizeof text, "%s%s", panes[s->pane]->sorts[l->sort],
		         l->reverse ? ", reversed" : "");
	if (s->filter[0] || column + 1 + canvas_columns(c, text) <= c->width)
		canvas_put_right(c, row, column + 1, c->width, s->filter[0] ? SHADE_WARN : SHADE_FAINT, text);
}

unsigned frame_head(struct screen *s)
{
	put_source(s);
	put_verdict(s, 1);
	put_tabs(s, 2);
	return 3;
}

/* ---- below ---- */

static void put_keys(struct screen *s, unsigned row)
{
	static const char *const in_list[] = { "? help", "q quit", "Enter open", "/ filter", "Space freeze",
		                               "s sort", "Tab next", NULL };
	static const char *const in_page[] = { "? help", "q quit", "Esc back", "PgDn PgUp scroll",
		                               "Space freeze", NULL };
	const char *const *keys = s->opened || s->help ? in_page : in_list;
	struct strip t = { s, row, 0 };

	if (s->frozen)
		add(&t, SHADE_WARN, "Space goes on");
	for (; *keys; keys++)
		add(&t, SHADE_FAINT, *keys);
}

void frame_foot(struct screen *s, unsigned row, const char *about)
{
	struct canvas *c = &s->canvas;

	if (!c->height || row + 1 > c->height)
		return;
	if (s->typing)
		canvas_putf(c, row, 0, c->width, SHADE_STRONG,
		            "Filter: %s_   (Enter keeps it, Esc takes it away)", s->filter);
	else
		canvas_wrap(c, row, c->height - 1, 0, c->width, SHADE_PLAIN, about);
	if (s->message[0]) {
		if (c->width > MESSAGE_END)
			canvas_put(c, c->height - 1, 0, c->width - MESSAGE_END, SHADE_WARN, s->message);
		canvas_put_right(c, c->height - 1, 0, c->width, SHADE_FAINT, "(Esc)");
	} else {
		put_keys(s, c->height - 1);
	}
}
