/* analyzers/twin.c - attempts of one family, and what began over the other just then. */
#include "analyzers/twin.h"

#include <stdlib.h>

#include "analyzers/reach.h"

enum {
	STARTS_MAX = 100000,
	TRIES_MAX = 20000,
	CANDIDATES = 16,        /* so many others at once are a crowd, and tell nothing */
	SCAN_MAX = 512,         /* starts looked at for one moment */
	/* A machine has several of IPv6 (RFC 8981); one that stands for more does so by chance. */
	ADDRESSES_MAX = 4,
};

#define AT_ONCE (3 * MOMENT_S)          /* the next address is tried as soon as this */
#define EARLY MOMENT_S                  /* stacks count their timeouts coarsely */

struct twin_start {
	struct addr client;
	uint16_t port;
	int64_t time;
};

struct twin_try {
	struct addr client;
	uint16_t port;
	int64_t first, given_up;
};

struct candidates {
	struct addr all[CANDIDATES];
	unsigned count;
	bool crowd;                     /* there were more */
};

/* Of one client and port, for as long as it lasts: mostly there are none. */
struct known {
	unsigned count;
	struct addr all[];
};

void twins_init(struct twins *t)
{
	*t = (struct twins){ .starts = NULL };
	map_init(&t->others, TRIES_MAX);
	map_init(&t->stands_for, TRIES_MAX);
}

void twins_release(struct twins *t)
{
	free(t->starts);
	free(t->tries);
	map_release_values(&t->others);
	map_release(&t->stands_for);
}

/* Room for one more of `size`; false: none. */
static bool make_room(void **all, size_t count, size_t *room, size_t ceiling, size_t size)
{
	size_t wanted = *room ? *room * 2 : 64;
	void *grown;

	if (count < *room)
		return true;
	if (count >= ceiling)
		return false;
	grown = realloc(*all, wanted * size);
	if (!grown)
		return false;
	*all = grown;
	*room = wanted;
	return true;
}

void twins_through(struct twins *t, const struct connection *c)
{
	void *all = t->starts;

	if (!make_room(&all, t->start_count, &t->start_room, STARTS_MAX, sizeof *t->starts))
		return;
	t->starts = all;
	t->starts[t->start_count++] = (struct twin_start){ c->client.addr, c->server.port, c->first_time };
}

/* When the stack tells its caller that it failed: with the answer, or after as long again as its
 * doubling pauses let expect the next SYN (RFC 6298 section 5.5). */
static int64_t given_up(const struct connection *c)
{
	int64_t lasted = c->last_time - c->first_time, pauses;

	if (c->outcome != CONNECTION_UNANSWERED)
		return c->last_time;
	if (c->syn_count < 2)
		return c->last_time + SYN_PATIENCE;
	pauses = (INT64_C(1) << (c->syn_count < 16 ? c->syn_count - 1 : 15)) - 1;
	return c->last_time + lasted + lasted / pauses;
}

void twins_failed(struct twins *t, const struct connection *c)
{
	void *all = t->tries;

	if (!make_room(&all, t->try_count, &t->try_room, TRIES_MAX, sizeof *t->tries))
		return;
	t->tries = all;
	t->tries[t->try_count++] =
		(struct twin_try){ c->client.addr, c->server.port, c->first_time, given_up(c) };
}

/* ---- who began just then ---- */

static int by_port_and_time(const void *a, const void *b)
{
	const struct twin_start *x = a, *y = b;
	bool x4 = addr_is_v4(&x->client), y4 = addr_is_v4(&y->client);

	if (x4 != y4)
		return x4 ? -1 : 1;
	if (x->port != y->port)
		return x->port < y->port ? -1 : 1;
	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return memcmp(x->client.bytes, y->client.bytes, sizeof x->client.bytes);
}

/* The first start not before a moment, of that family and port. */
static size_t first_from(const struct twins *t, bool v4, uint16_t port, int64_t time)
{
	size_t low = 0, high = t->start_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct twin_start *s = &t->starts[middle];
		bool is_v4 = addr_is_v4(&s->client);
		bool before = is_v4 != v4          ? is_v4
		              : s->port != port ? s->port < port
		                                : s->time < time;

		if (before)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool holds(const struct candidates *c, const struct addr *who)
{
	for (unsigned i = 0; i < c->count; i++)
		if (addr_eq(&c->all[i], who))
			return true;
	return false;
}

static struct known *know(const struct candidates *found)
{
	struct known *known = malloc(sizeof *known + found->count * sizeof *known->all);

	if (!known)
		return NULL;
	known->count = found->count;
	memcpy(known->all, found->all, found->count * sizeof *known->all);
	return known;
}

static void collect(const struct twins *t, const struct twin_try *try, int64_t from, int64_t to,
                    struct candidates *found)
{
	bool v4 = !addr_is_v4(&try->client);
	size_t first = first_from(t, v4, try->port, from);

	for (size_t i = first; i < t->start_count; i++) {
		const struct twin_start *s = &t->starts[i];

		if (addr_is_v4(&s->client) != v4 || s->port != try->port || s->time > to)
			return;
		found->crowd |= i - first >= SCAN_MAX;
		if (found->crowd)
			return;
		if (holds(found, &s->client))
			continue;
		if (found->count == CANDIDATES)
			found->crowd = true;
		else
			found->all[found->count++] = s->client;
	}
}

/* Who did not follow this time is no twin. */
static void narrow(struct known *c, const struct candidates *found)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < c->count; i++)
		if (holds(found, &c->all[i]))
			c->all[kept++] = c->all[i];
	c->count = kept;
}

static void judge_try(struct twins *t, const struct twin_try *try)
{
	struct candidates found = { .count = 0 };
	struct map_entry *e;
	struct reach_key k;

	collect(t, try, try->first, try->first + AT_ONCE, &found);
	collect(t, try, try->given_up - EARLY, try->given_up + AT_ONCE, &found);
	if (found.crowd)
		return;
	(void)reach_key(&try->client, try->port, &k);
	e = map_put(&t->others, span_of(&k, sizeof k));
	if (!e)
		return;
	if (e->value)
		narrow(e->value, &found);
	else
		e->value = know(&found);
}

void twins_settle(struct twins *t)
{
	if (t->start_count)
		qsort(t->starts, t->start_count, sizeof *t->starts, by_port_and_time);
	for (size_t i = 0; i < t->try_count; i++)
		judge_try(t, &t->tries[i]);
	for (size_t i = 0; i < t->others.count; i++) {
		const struct known *c = t->others.entries[i].value;
		struct map_entry *e =
			c && c->count ? map_put(&t->stands_for, span_of(c->all[0].bytes, 16)) : NULL;

		if (e)
			e->value = (void *)((uintptr_t)e->value + 1);
	}
}

bool twins_other(const struct twins *t, const struct addr *client, uint16_t port, struct addr *other)
{
	const struct known *c;
	const struct map_entry *e;
	struct reach_key k;

	(void)reach_key(client, port, &k);
	e = map_find(&t->others, span_of(&k, sizeof k));
	c = e ? e->value : NULL;
	if (!c || !c->count)
		return false;
	*other = c->all[0];
	e = map_find(&t->stands_for, span_of(other->bytes, 16));
	return e && (uintptr_t)e->value <= ADDRESSES_MAX;
}
