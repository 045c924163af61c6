/* report/recent.c - a pool of clients, each with the rows of what it did last.
 *
 * Whoever was only heard to knock, as millions of forged addresses may, shares a
 * quarter of the pool: they never drive out a client that was answered.
 */
#include "report/recent.h"

#include <stdlib.h>

#include "base/budget.h"
#include "base/hash.h"
#include "report/recentwords.h"

enum { BUCKETS = 4096, ROWS_AT_FIRST = 4, KNOCKERS_MAX = RECENT_CLIENTS / 4 };
#define CLOCK_WENT_BACK (60 * MOMENT_S)
_Static_assert((BUCKETS & (BUCKETS - 1)) == 0, "a power of two");

enum company { KNOCKERS, SPEAKERS, COMPANIES };         /* who was never answered, and who was */

struct client {
	struct addr addr;
	enum company company;
	struct client *beside;          /* in its bucket, or of those that are free */
	struct client *newer, *older;   /* in its company */
	struct recent_row *rows;        /* by time, oldest first */
	unsigned count, room;
};

struct company_list {
	struct client *newest, *oldest;
	size_t count;
};

struct recent {
	uint64_t key;
	struct client *buckets[BUCKETS];
	struct company_list lists[COMPANIES];
	struct client *free;
	struct budget rows;
	struct client clients[RECENT_CLIENTS];
};

struct recent *recent_new(size_t room)
{
	struct recent *r = calloc(1, sizeof *r);

	if (!r)
		return NULL;
	r->key = hash_key();
	r->rows.ceiling = room;
	for (size_t i = 0; i < RECENT_CLIENTS; i++) {
		r->clients[i].beside = r->free;
		r->free = &r->clients[i];
	}
	return r;
}

void recent_free(struct recent *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < RECENT_CLIENTS; i++)
		free(r->clients[i].rows);
	free(r);
}

static struct client **bucket_of(struct recent *r, const struct addr *addr)
{
	return &r->buckets[hash_bytes(r->key, span_of(addr->bytes, sizeof addr->bytes)) & (BUCKETS - 1)];
}

static struct client *find(const struct recent *r, const struct addr *addr)
{
	uint64_t hash = hash_bytes(r->key, span_of(addr->bytes, sizeof addr->bytes));
	struct client *c = r->buckets[hash & (BUCKETS - 1)];

	while (c && !addr_eq(&c->addr, addr))
		c = c->beside;
	return c;
}

static void leave(struct recent *r, struct client *c)
{
	struct company_list *l = &r->lists[c->company];

	*(c->newer ? &c->newer->older : &l->newest) = c->older;
	*(c->older ? &c->older->newer : &l->oldest) = c->newer;
	l->count--;
}

static void join(struct recent *r, struct client *c, enum company company)
{
	struct company_list *l = &r->lists[company];

	c->company = company;
	c->newer = NULL;
	c->older = l->newest;
	*(l->newest ? &l->newest->newer : &l->oldest) = c;
	l->newest = c;
	l->count++;
}

static void forget(struct recent *r, struct client *c)
{
	struct client **link = bucket_of(r, &c->addr);

	while (*link != c)
		link = &(*link)->beside;
	*link = c->beside;
	leave(r, c);
	c->beside = r->free;
	r->free = c;
}

static void give_rows(struct recent *r, struct client *c)
{
	budget_free(&r->rows, c->rows, c->room * sizeof *c->rows);
	c->rows = NULL;
	c->room = c->count = 0;
}

/* Knockers make room for all, speakers for speakers alone. */
static void make_room(struct recent *r, enum company company)
{
	const struct company_list *knockers = &r->lists[KNOCKERS];

	if (company == KNOCKERS && knockers->count >= KNOCKERS_MAX)
		forget(r, knockers->oldest);
	else if (!r->free)
		forget(r, knockers->count ? knockers->oldest : r->lists[SPEAKERS].oldest);
}

static struct client *client_of(struct recent *r, const struct addr *addr, enum company company)
{
	struct client *c = find(r, addr), **bucket;

	if (c) {
		leave(r, c);
		join(r, c, c->company == SPEAKERS ? SPEAKERS : company);
		return c;
	}
	make_room(r, company);
	c = r->free;
	r->free = c->beside;
	bucket = bucket_of(r, addr);
	/* Its rows are memory that is there already. */
	*c = (struct client){ .addr = *addr, .beside = *bucket, .rows = c->rows, .room = c->room };
	*bucket = c;
	join(r, c, company);
	return c;
}

/* Whoever has not been heard for longest; not `c`, which has just been. */
static bool forget_one(struct recent *r, const struct client *c)
{
	for (enum company company = 0; company < COMPANIES; company++) {
		struct client *oldest = r->lists[company].oldest;

		if (!oldest || oldest == c)
			continue;
		forget(r, oldest);
		give_rows(r, oldest);
		return true;
	}
	return false;
}

static bool has_room(struct recent *r, struct client *c)
{
	unsigned room = c->room ? 2 * c->room : ROWS_AT_FIRST;
	size_t more = (room - c->room) * sizeof *c->rows;
	struct recent_row *rows = NULL;

	if (c->count < c->room)
		return true;
	if (c->room >= RECENT_ROWS)
		return false;
	while (!budget_has(&r->rows, more) && forget_one(r, c))
		;
	if (budget_take(&r->rows, more)) {
		rows = realloc(c->rows, room * sizeof *rows);
		if (!rows)
			budget_give(&r->rows, more);
	}
	if (!rows)
		return false;
	c->rows = rows;
	c->room = room;
	return true;
}

/* By time: what is over last may have begun first.  The oldest makes room.  Where the clock went back, there
 * is no order with what was before, which goes. */
static void insert(struct recent *r, struct client *c, const struct recent_row *row, int64_t now)
{
	unsigned at;

	if (c->count && c->rows[c->count - 1].time - now > CLOCK_WENT_BACK)
		c->count = 0;
	at = c->count;
	while (at && c->rows[at - 1].time > row->time)
		at--;
	if (has_room(r, c)) {
		memmove(c->rows + at + 1, c->rows + at, (c->count - at) * sizeof *row);
		c->count++;
	} else if (!at || !c->count) {
		return;
	} else {
		memmove(c->rows, c->rows + 1, --at * sizeof *row);
	}
	c->rows[at] = *row;
}

void recent_fact(struct recent *r, const struct fact *fact)
{
	struct recent_row row;
	struct addr client;
	bool answered;

	if (recent_word(fact, &client, &row, &answered))
		insert(r, client_of(r, &client, answered ? SPEAKERS : KNOCKERS), &row, fact->time);
}

size_t recent_count(const struct recent *r, const struct addr *client)
{
	const struct client *c = find(r, client);

	return c ? c->count : 0;
}

const struct recent_row *recent_at(const struct recent *r, const struct addr *client, size_t i)
{
	const struct client *c = find(r, client);

	return c && i < c->count ? &c->rows[i] : NULL;
}
