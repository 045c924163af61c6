/* screen/flow.c - one client: its ladder with times, and its last exchanges as a call flow. */
#include <stdio.h>

#include "analyzers/scan.h"
#include "report/mask.h"
#include "screen/parts.h"

/* Columns of the ladder, and of the flow: times, the client's line; the server's is at the right. */
enum { RUNG_AT = 0, STATE_AT = 15, WHEN_AT = 21, TOOK_AT = 31, DETAIL_AT = 40, NARROW = 60 };
enum { LINE_AT = 13, ARROW_MIN = 3, FLOW_WIDTH = 110, ROOM_FOR_PAGE = CANVAS_HEIGHT_MAX - 4 };

static const struct look {
	const char *word;
	enum shade shade;
} looks[] = {
	[RUNG_UNSEEN] = { "not seen", SHADE_FAINT },
	[RUNG_OK] = { "ok", SHADE_GOOD },
	[RUNG_FAILED] = { "STOP", SHADE_BAD },
	[RUNG_SKIPPED] = { "-", SHADE_FAINT },
};

/* ---- the ladder ---- */

static unsigned put_who(struct screen *s, unsigned row, const struct ladder *l)
{
	struct canvas *c = &s->page;
	char client[ABOUT_TEXT], target[ABOUT_TEXT], shown[SHOWN_TEXT];
	unsigned column;

	column = canvas_put(c, row, 0, c->width, SHADE_STRONG, word_client(l, client));
	if (l->climber != CLIMBER_CLIENT)
		column = canvas_putf(c, row, column, c->width, SHADE_PLAIN, ", a %s,",
		                     climber_name(l->climber));
	canvas_putf(c, row++, column, c->width, SHADE_PLAIN, " to %s", word_target(l, target));
	return canvas_wrap(c, row, row + 3, 0, c->width, l->failed ? SHADE_BAD : SHADE_GOOD,
	                   mask_text(l->verdict, s->options.reveal, shown));
}

static unsigned put_scan(struct screen *s, unsigned row, const struct scan *scan)
{
	char build[32] = "";

	if (scan->os_build)
		snprintf(build, sizeof build, ", Windows build %u", scan->os_build);
	canvas_putf(&s->page, row, 0, s->page.width, SHADE_FAINT, "Last: %s%s%s%s%s%s",
	            scan_kind_name(scan->kind), scan->caller[0] ? " for " : "", scan->caller,
	            scan->agent[0] ? ", agent " : "", scan->agent, build);
	return row + 1;
}

static void put_rung(struct screen *s, unsigned row, enum rung_name name, const struct rung *rung)
{
	struct canvas *c = &s->page;
	const struct look *look = &looks[rung->state];
	enum shade shade = rung->state == RUNG_FAILED ? SHADE_BAD : SHADE_PLAIN;
	unsigned detail = c->width < NARROW ? WHEN_AT : DETAIL_AT, column;
	char clock[CLOCK_TEXT], took[16], tries[16];

	canvas_put(c, row, RUNG_AT, STATE_AT, shade, rung_text(name));
	canvas_put(c, row, STATE_AT, WHEN_AT, look->shade, look->word);
	if (c->width >= NARROW && rung->when != MOMENT_NONE && rung->state != RUNG_SKIPPED)
		canvas_put(c, row, WHEN_AT, TOOK_AT, SHADE_PLAIN, moment_clock(rung->when, clock));
	if (c->width >= NARROW && rung->took >= 0)
		canvas_put_right(c, row, TOOK_AT - 1, DETAIL_AT - 1, SHADE_PLAIN,
		                 word_took((int64_t)rung->took * 1000, took));
	column = canvas_put(c, row, detail, c->width, shade, rung->detail);
	column += column > detail ? 2 : 0;
	snprintf(tries, sizeof tries, "%u times", rung->tries);
	if (rung->tries > 1 && column + canvas_columns(c, tries) <= c->width)
		canvas_put(c, row, column, c->width, SHADE_FAINT, tries);
}

static unsigned put_rungs(struct screen *s, unsigned row, const struct ladder *l)
{
	struct canvas *c = &s->page;
	char unseen[ABOUT_TEXT] = "";
	size_t len = 0;

	canvas_put(c, row, RUNG_AT, STATE_AT, SHADE_FAINT, "RUNG");
	canvas_put(c, row, STATE_AT, WHEN_AT, SHADE_FAINT, "IS");
	if (c->width >= NARROW) {
		canvas_put(c, row, WHEN_AT, TOOK_AT, SHADE_FAINT, "SINCE");
		canvas_put_right(c, row, TOOK_AT, DETAIL_AT - 1, SHADE_FAINT, "TOOK");
	}
	row++;
	for (int r = 0; r < RUNG_COUNT; r++)
		if (l->rungs[r].state != RUNG_UNSEEN)
			put_rung(s, row++, (enum rung_name)r, &l->rungs[r]);
	for (int r = 0; r < RUNG_COUNT; r++) {
		if (l->rungs[r].state != RUNG_UNSEEN)
			continue;
		len += (size_t)snprintf(unseen + len, sizeof unseen - len, "%s%s", len ? ", " : "Not seen: ",
		                        rung_text((enum rung_name)r));
	}
	return canvas_wrap(c, row, row + 2, 0, c->width, SHADE_FAINT, unseen);
}

/* ---- the flow ---- */

static enum shade shade_of(const struct recent_row *r)
{
	if (r->failed)
		return SHADE_BAD;
	if (r->status == 401 || r->status == 407 || !r->answer_frame)
		return SHADE_WARN;
	return SHADE_GOOD;
}

/* The two lines between which it goes to and fro. */
static void put_lines(struct canvas *c, unsigned row, unsigned right)
{
	canvas_draw(c, row, LINE_AT, LINE_AT + 1, SHADE_FAINT, GLYPH_DOWN);
	canvas_draw(c, row, right, right + 1, SHADE_FAINT, GLYPH_DOWN);
}

static void put_question(struct screen *s, unsigned row, unsigned right, const struct recent_row *r)
{
	struct canvas *c = &s->page;
	char text[16];
	unsigned column;

	canvas_put(c, row, 0, LINE_AT, SHADE_FAINT, word_time(r->time, text));
	put_lines(c, row, right);
	column = canvas_put(c, row, LINE_AT + 2, right - ARROW_MIN, SHADE_PLAIN, r->asked);
	canvas_draw(c, row, column + 1, right - 1, SHADE_FAINT, GLYPH_ACROSS);
	canvas_draw(c, row, right - 1, right, SHADE_PLAIN, GLYPH_TO_RIGHT);
}

static void put_answer(struct screen *s, unsigned row, unsigned right, const struct recent_row *r)
{
	struct canvas *c = &s->page;
	char text[16], took[20];
	unsigned columns = canvas_columns(c, r->answer), from = LINE_AT + 1 + ARROW_MIN;

	if (r->took >= 0) {
		snprintf(took, sizeof took, "+%s", word_took(r->took, text));
		canvas_put_right(c, row, 0, LINE_AT - 1, SHADE_FAINT, took);
	}
	put_lines(c, row, right);
	if (from + columns + 1 < right)
		from = right - 1 - columns;
	canvas_draw(c, row, LINE_AT + 1, LINE_AT + 2, shade_of(r),
	            r->answer_frame ? GLYPH_TO_LEFT : GLYPH_LOST);
	canvas_draw(c, row, LINE_AT + 2, from - 1, SHADE_FAINT, GLYPH_ACROSS);
	canvas_put(c, row, from, right - 1, shade_of(r), r->answer);
}

static unsigned put_flow(struct screen *s, unsigned row)
{
	struct canvas *c = &s->page;
	unsigned right = c->width < FLOW_WIDTH ? c->width - 1 : FLOW_WIDTH - 1;
	char text[ENDPOINT_TEXT];

	for (size_t i = 0; i < s->shown.row_count && row + 3 < ROOM_FOR_PAGE; i++) {
		const struct recent_row *r = &s->shown.rows[i];

		if (!i || !endpoint_eq(&r[-1].server, &r->server)) {
			canvas_put(c, row, LINE_AT, right, SHADE_FAINT, "client");
			canvas_put_right(c, row, LINE_AT + 7, right + 1, SHADE_STRONG,
			                 r->server.port ? endpoint_text(&r->server, text)
			                                : addr_text(&r->server.addr, text));
			row++;
		}
		put_question(s, row++, right, r);
		put_answer(s, row++, right, r);
	}
	return row;
}

unsigned client_page(struct screen *s)
{
	const struct ladder *l = client_open(s);
	struct canvas *c = &s->page;
	unsigned row = 0, pinned;
	char text[ADDR_TEXT];

	if (l) {
		row = put_who(s, row, l);
		if (l->scans)
			row = put_scan(s, row, l->scans);
		row = put_rungs(s, row, l);
	} else {
		canvas_putf(c, row++, 0, c->width, SHADE_STRONG, "%s is not among the clients any more.",
		            addr_text(&s->client, text));
	}
	if (s->shown.row_count)
		canvas_putf(c, row, 0, c->width, SHADE_FAINT, "LAST EXCHANGES (%zu)", s->shown.row_count);
	else
		canvas_put(c, row, 0, c->width, SHADE_FAINT, "Nothing that it asked for is over yet.");
	pinned = ++row;
	s->page_rows = c->width > LINE_AT + 2 * ARROW_MIN + 8 ? put_flow(s, row) : row;
	return pinned;
}
