/* report/ways.c - which way a check belongs to, and what it says of it. */
#include "report/ways.h"

#include <stdlib.h>
#include <string.h>

#include "report/check_words.h"

static enum way_cell cell_of(const struct report_check *c)
{
	static const enum way_cell cells[] = {
		[CHECK_OK] = CELL_OK,
		[CHECK_WARNING] = CELL_WARNING,
		[CHECK_FAILED] = CELL_FAILED,
		[CHECK_SKIPPED] = CELL_SKIPPED,
	};

	return cells[c->state];
}

/* A name is its host's, and hosts that a server needs are told in a line of their own. */
static bool makes_way(const struct check *c)
{
	return c->rung != CHECK_NAME && c->rung != CHECK_UPSTREAM;
}

static bool is_of(const struct checked_way *w, const struct check *c)
{
	return !strcmp(w->target, c->target) && !strcmp(w->proxy, c->proxy);
}

static bool is_place(const char *target, const char *proxy)
{
	return proxy[0] && span_ieq(check_place(target), span_text(proxy));
}

/* The name is that of the way's host, or of its proxy. */
static bool goes_by(const struct checked_way *w, const struct check *c)
{
	if (w->proxy[0])
		return is_place(c->target, w->proxy);
	return span_ieq(check_host(w->target), check_host(c->target));
}

static struct checked_way *way_of(struct checked_ways *w, const struct check *c)
{
	/* Checks of a way mostly follow each other. */
	for (size_t i = w->count; i-- > 0;)
		if (is_of(&w->at[i], c))
			return &w->at[i];
	w->at[w->count] = (struct checked_way){ .target = c->target, .proxy = c->proxy };
	return &w->at[w->count++];
}

static void note(struct checked_way *w, enum check_rung rung, enum way_cell cell)
{
	if (cell > w->cells[rung])
		w->cells[rung] = cell;
}

/* Checks of a proxy as a whole are no way to anywhere, but a part of those that lead by it. */
static bool hand_on(struct checked_ways *w, const struct checked_way *suspect)
{
	bool any = false;

	if (suspect->proxy[0])
		return false;
	for (size_t i = 0; i < w->count; i++) {
		if (!is_place(suspect->target, w->at[i].proxy))
			continue;
		any = true;
		for (int rung = 0; rung < CHECK_RUNG_COUNT; rung++)
			note(&w->at[i], (enum check_rung)rung, suspect->cells[rung]);
	}
	return any;
}

static void drop_proxies(struct checked_ways *w)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->count; i++)
		w->at[i].worst = hand_on(w, &w->at[i]) ? CELL_NONE : CELL_SKIPPED;
	for (size_t i = 0; i < w->count; i++)
		if (w->at[i].worst != CELL_NONE)
			w->at[kept++] = w->at[i];
	w->count = kept;
}

static void take_names(struct checked_ways *w, const struct report *r)
{
	for (size_t k = 0; k < r->check_count; k++)
		for (size_t i = 0; r->checks[k].check->rung == CHECK_NAME && i < w->count; i++)
			if (goes_by(&w->at[i], r->checks[k].check))
				note(&w->at[i], CHECK_NAME, cell_of(&r->checks[k]));
}

/* The direct way to where that one leads by a proxy. */
static const struct checked_way *direct_of(const struct checked_ways *w, const struct checked_way *way)
{
	for (size_t i = 0; i < w->count; i++)
		if (!w->at[i].proxy[0] && !strcmp(w->at[i].target, way->target))
			return &w->at[i];
	return NULL;
}

/* A proxy that is well says nothing of a port that is not there. */
static bool leads_nowhere(const struct checked_ways *w, const struct checked_way *way)
{
	const struct checked_way *direct = way->proxy[0] ? direct_of(w, way) : NULL;
	enum way_cell beyond = CELL_NONE;

	for (int rung = CHECK_TLS; rung < CHECK_RUNG_COUNT; rung++)
		beyond = way->cells[rung] > beyond ? way->cells[rung] : beyond;
	return direct && direct->closed && !way->cut && beyond <= CELL_SKIPPED &&
	       way->cells[CHECK_PROXY] < CELL_FAILED;
}

/* Ways to one target stand together, in the order in which targets came. */
static void gather(struct checked_ways *w)
{
	for (size_t i = 0; i < w->count; i++) {
		size_t end = i + 1;

		for (size_t k = end; k < w->count; k++) {
			struct checked_way way = w->at[k];

			if (strcmp(way.target, w->at[i].target) != 0)
				continue;
			memmove(&w->at[end + 1], &w->at[end], (k - end) * sizeof way);
			w->at[end++] = way;
		}
		i = end - 1;
	}
}

static void judge(struct checked_way *w)
{
	for (int i = 0; i < CHECK_RUNG_COUNT; i++)
		if (w->cells[i] > w->worst)
			w->worst = w->cells[i];
	w->serves = w->cells[CHECK_HTTP] >= CELL_OK || w->cells[CHECK_SOAP] >= CELL_OK ||
	            w->cells[CHECK_CONTENT] >= CELL_OK;
}

void checked_ways_read(struct checked_ways *w, const struct report *r)
{
	*w = (struct checked_ways){ calloc(r->check_count + 1, sizeof *w->at), 0 };
	for (size_t i = 0; w->at && i < r->check_count; i++) {
		const struct check *c = r->checks[i].check;
		struct checked_way *way = makes_way(c) ? way_of(w, c) : NULL;

		if (!way)
			continue;
		note(way, c->rung, cell_of(&r->checks[i]));
		way->cut |= c->cut;
		/* Ports of a bare host that were tried in vain are skipped when another one serves. */
		if (c->rung == CHECK_PORT && !c->proxy[0] && !c->cut && check_took(c) >= 0)
			way->closed = way->cells[CHECK_PORT] == CELL_SKIPPED;
	}
	drop_proxies(w);
	for (size_t i = 0; i < w->count; i++)
		w->at[i].closed |= leads_nowhere(w, &w->at[i]);
	take_names(w, r);
	gather(w);
	for (size_t i = 0; i < w->count; i++)
		judge(&w->at[i]);
}

void checked_ways_release(struct checked_ways *w)
{
	free(w->at);
	*w = (struct checked_ways){ 0 };
}
