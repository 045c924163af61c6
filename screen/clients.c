/* screen/clients.c - the pane of clients: a row each, a column for each rung; and how many are where. */
#include <stdio.h>

#include "report/mask.h"
#include "screen/parts.h"

enum { NAME_MIN = 18, NAME_MAX = 34, CELL = 5, TO_MIN = 22, AGO = 8, SUMS_FROM = 16, UNSEEN_FROM = 20 };

struct grid {
	bool seen[RUNG_COUNT];          /* rungs that anybody climbed, or failed to */
	bool in_words;                  /* too narrow for cells: how far each came is told in words */
	unsigned first;                 /* where the cells begin */
	unsigned to, ago;               /* columns behind them; 0: no room */
};

unsigned client_columns(const struct screen *s)
{
	unsigned most = NAME_MIN;
	char text[ABOUT_TEXT];

	for (size_t i = 0; i < s->shown.view.client_count; i++) {
		const char *client = word_client(&s->shown.view.clients[i], text);
		unsigned columns = canvas_columns(&s->canvas, client) + 2;

		most = columns > most ? columns : most;
	}
	return most;
}

static struct grid grid_of(const struct screen *s)
{
	unsigned width = s->canvas.width, cells = 0, end;
	struct grid g = { .first = s->client_columns < NAME_MIN ? NAME_MIN : s->client_columns };

	for (int r = 0; r < RUNG_COUNT; r++) {
		g.seen[r] = s->shown.view.rungs[r][RUNG_OK] || s->shown.view.rungs[r][RUNG_FAILED];
		cells += g.seen[r];
	}
	g.in_words = width + 1 < NAME_MIN + cells * CELL;
	if (g.in_words) {
		g.first = width / 2 > NAME_MIN ? width / 2 : NAME_MIN;
		return g;
	}
	/* The last cell's blank may be cut. */
	if (g.first + cells * CELL > width + 1)
		g.first = width + 1 - cells * CELL;
	g.first = g.first < NAME_MAX ? g.first : NAME_MAX;
	end = g.first + cells * CELL;
	if (end + TO_MIN + AGO <= width) {
		g.to = end;
		g.ago = width - AGO;
	} else if (end + AGO <= width) {
		g.ago = width - AGO;
	}
	return g;
}

static size_t count(const struct screen *s)
{
	return s->shown.view.client_count;
}

static const struct ladder *client_at(const struct screen *s, size_t item)
{
	return &s->shown.view.clients[item];
}

static bool matches(const struct screen *s, size_t item, struct span filter)
{
	const struct ladder *l = client_at(s, item);
	char text[ABOUT_TEXT], server[ENDPOINT_TEXT];
	enum rung_name stop = shown_stop(l);

	return holds(word_client(l, text), filter) || holds(l->name, filter) || holds(l->host, filter) ||
	       holds(endpoint_text(&l->server, server), filter) || (l->failed && holds(l->verdict, filter)) ||
	       (stop < RUNG_COUNT && holds(rung_text(stop), filter));
}

enum sort { BY_STOP, BY_ADDRESS, BY_TIME, BY_RUNG };
static const char *const sorts[] = { "failing first", "address", "latest first", "least far first", NULL };

/* Rungs up to the highest that it got past; 0: none. */
static int steps_of(const struct ladder *l)
{
	enum rung_name height = shown_height(l);

	return height < RUNG_COUNT ? (int)height + 1 : 0;
}

static int compare(const struct screen *s, unsigned sort, size_t a, size_t b)
{
	const struct ladder *l = client_at(s, a), *m = client_at(s, b);

	switch ((enum sort)sort) {
	case BY_STOP:
		if (l->failed != m->failed)
			return l->failed ? -1 : 1;
		/* Those that stop at one rung beside each other. */
		return l->failed ? (int)shown_stop(l) - (int)shown_stop(m) : 0;
	case BY_ADDRESS:
		return memcmp(l->client.bytes, m->client.bytes, sizeof l->client.bytes);
	case BY_TIME:
		return l->last > m->last ? -1 : l->last < m->last;
	case BY_RUNG:
		return steps_of(l) - steps_of(m);
	}
	return 0;
}

static void identify(const struct screen *s, size_t item, struct identity *id)
{
	const struct ladder *l = client_at(s, item);
	struct endpoint_key server = endpoint_key(&l->server);
	size_t host = strlen(l->host) < 24 ? strlen(l->host) : 24;

	memset(id, 0, sizeof *id);
	memcpy(id->bytes, l->client.bytes, sizeof l->client.bytes);
	memcpy(id->bytes + 16, server.bytes, sizeof server.bytes);
	id->bytes[34] = (uint8_t)(l->climber << 1 | l->via_proxy);
	memcpy(id->bytes + 35, l->host, host);
}

/* ---- drawing ---- */

static void draw_sums(struct screen *s, const struct grid *g, unsigned row, enum rung_state state,
                      const char *title, enum shade shade)
{
	unsigned column = g->first;
	char text[16];

	canvas_put(&s->canvas, row, 0, g->first, SHADE_FAINT, title);
	for (int r = 0; r < RUNG_COUNT; r++) {
		uint64_t sum = s->shown.view.rungs[r][state];

		if (!g->seen[r])
			continue;
		if (sum)
			canvas_put(&s->canvas, row, column, column + CELL, shade, word_count(sum, text));
		column += CELL;
	}
}

static bool is_anyone_stopped(const struct screen *s)
{
	uint64_t stopped = 0;

	for (int r = 0; r < RUNG_COUNT; r++)
		stopped += s->shown.view.rungs[r][RUNG_FAILED];
	return stopped > 0;
}

static unsigned head(struct screen *s, unsigned row)
{
	struct grid g = grid_of(s);
	unsigned column = g.first, rows = 1;

	canvas_put(&s->canvas, row, 0, g.first, SHADE_FAINT, "CLIENT");
	if (g.in_words) {
		canvas_put(&s->canvas, row, g.first, s->canvas.width, SHADE_FAINT, "HOW FAR");
		return rows;
	}
	for (int r = 0; r < RUNG_COUNT; r++) {
		if (!g.seen[r])
			continue;
		canvas_put(&s->canvas, row, column, column + CELL, SHADE_FAINT,
		           rung_column((enum rung_name)r));
		column += CELL;
	}
	if (g.to)
		canvas_put(&s->canvas, row, g.to, g.ago, SHADE_FAINT, "TO");
	if (g.ago)
		canvas_put_right(&s->canvas, row, g.ago, s->canvas.width, SHADE_FAINT, "SEEN");
	if (s->canvas.height < SUMS_FROM || !count(s))
		return rows;
	if (is_anyone_stopped(s))
		draw_sums(s, &g, row + rows++, RUNG_FAILED, "clients STOP at", SHADE_BAD);
	draw_sums(s, &g, row + rows++, RUNG_OK, "clients got past", SHADE_GOOD);
	if (s->canvas.height >= UNSEEN_FROM) {
		draw_sums(s, &g, row + rows++, RUNG_UNSEEN, "not seen", SHADE_FAINT);
		canvas_draw(&s->canvas, row + rows++, 0, s->canvas.width, SHADE_FAINT, GLYPH_ACROSS);
	}
	return rows;
}

static void draw_words(struct screen *s, const struct grid *g, unsigned row, const struct ladder *l)
{
	enum rung_name stop = shown_stop(l), height = shown_height(l);
	unsigned width = s->canvas.width;

	if (stop < RUNG_COUNT)
		canvas_putf(&s->canvas, row, g->first, width, SHADE_BAD, "STOP %s", rung_text(stop));
	else if (l->failed)
		canvas_put(&s->canvas, row, g->first, width, SHADE_BAD, "STOP");
	else if (height < RUNG_COUNT)
		canvas_putf(&s->canvas, row, g->first, width, SHADE_GOOD, "ok to %s", rung_text(height));
	else
		canvas_put(&s->canvas, row, g->first, width, SHADE_FAINT, "?");
}

static void draw_cell(struct screen *s, unsigned row, unsigned column, const struct rung *rung)
{
	static const struct look {
		const char *text;
		enum shade shade;
	} looks[] = {
		[RUNG_UNSEEN] = { ".", SHADE_FAINT },
		[RUNG_OK] = { "ok", SHADE_GOOD },
		[RUNG_FAILED] = { "STOP", SHADE_BAD },
		[RUNG_SKIPPED] = { "-", SHADE_FAINT },
	};

	canvas_put(&s->canvas, row, column, column + CELL, looks[rung->state].shade, looks[rung->state].text);
}

static void draw(struct screen *s, unsigned row, size_t item)
{
	const struct ladder *l = client_at(s, item);
	struct grid g = grid_of(s);
	unsigned column = g.first;
	char text[ABOUT_TEXT], ago[16];

	canvas_put(&s->canvas, row, 0, g.first - 1, l->failed ? SHADE_STRONG : SHADE_PLAIN,
	           word_client(l, text));
	if (g.in_words) {
		draw_words(s, &g, row, l);
		return;
	}
	for (int r = 0; r < RUNG_COUNT; r++) {
		if (!g.seen[r])
			continue;
		draw_cell(s, row, column, &l->rungs[r]);
		column += CELL;
	}
	/* What stops it is no rung: a finding tells. */
	if (l->failed && shown_stop(l) == RUNG_COUNT)
		canvas_put(&s->canvas, row, g.first - 1, g.first, SHADE_BAD, "!");
	if (g.to)
		canvas_put(&s->canvas, row, g.to, g.ago - 1, SHADE_PLAIN, word_target(l, text));
	if (g.ago && s->shown.now != MOMENT_NONE)
		canvas_put_right(&s->canvas, row, g.ago, s->canvas.width, SHADE_FAINT,
		                 word_ago(s->shown.now - l->last, ago));
}

static void about(const struct screen *s, size_t item, char text[static ABOUT_TEXT])
{
	const struct ladder *l = client_at(s, item);
	char client[ABOUT_TEXT], target[ABOUT_TEXT], shown[SHOWN_TEXT];

	mask_text(l->verdict, s->options.reveal, shown);
	if (grid_of(s).in_words)
		snprintf(text, ABOUT_TEXT, "%.*s", ABOUT_TEXT - 1, shown);
	else
		snprintf(text, ABOUT_TEXT, "%.200s to %.300s: %.500s", word_client(l, client),
		         word_target(l, target), shown);
}

static void open(struct screen *s, size_t item)
{
	s->opened = OPENED_CLIENT;
	s->client = client_at(s, item)->client;
	identify(s, item, &s->open_one);
}

const struct pane pane_clients = {
	"CLIENTS", sorts, count, matches, compare, identify, head, draw, about, open,
	"No client of an update point has been seen yet. --sup HOST names the update point, --all judges "
	"every exchange.",
};

const struct ladder *client_open(const struct screen *s)
{
	struct identity id;

	for (size_t i = 0; i < count(s); i++) {
		identify(s, i, &id);
		if (!memcmp(&id, &s->open_one, sizeof id))
			return client_at(s, i);
	}
	return NULL;
}
