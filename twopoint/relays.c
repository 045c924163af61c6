/* twopoint/relays.c - flows that something between ended, and what it made in their place.
 *
 * Their packets have nothing in common; what is asked on them has: the same endpoints at the same time,
 the same
 * requests, the same name in a hello.
 */
#include "twopoint/twopoint.h"

enum { LOOKS_MAX = 4096 };

#define SLACK     (2 * MOMENT_S)        /* between the two sides of a relay, if clocks are known */
#define PATIENCE  (30 * MOMENT_S)       /* of a proxy that has to find the server first */

static struct flow *near_flow(const struct twopoint *t, uint32_t index)
{
	return point_flow(&t->at[NEAR], index);
}

static struct flow *far_flow(const struct twopoint *t, uint32_t index)
{
	return point_flow(&t->at[FAR], index);
}

/* Something between answers in the server's name and asks it anew: the same endpoints, other numbers. */
static bool stands_in(const struct twopoint *t, const struct flow *f, const struct flow *g)
{
	int64_t begun = clocks_near(&t->clocks, FAR, g->first_time);

	return !g->pair && f->syn[SERVER].seen && g->begun && begun > f->first_time - SLACK &&
	       begun < f->last_time + SLACK;
}

static void pair_ends(struct twopoint *t)
{
	for (uint32_t i = 1; i <= point_flows(&t->at[NEAR]); i++) {
		const struct flow *f = near_flow(t, i);
		uint32_t j;

		if (f->pair || f->kind != PACKET_TCP)
			continue;
		j = point_between(&t->at[FAR], f->kind, &f->end[CLIENT], &f->end[SERVER]);
		for (unsigned looks = 0; j && !f->pair && looks < LOOKS_MAX; looks++) {
			if (stands_in(t, f, far_flow(t, j)))
				pair_join(t, i, j, true);
			j = far_flow(t, j)->older;
		}
	}
}

static bool is_timely(const struct twopoint *t, int64_t near, int64_t far)
{
	int64_t apart = clocks_near(&t->clocks, FAR, far) - near;

	return !t->clocks.known || (apart > -MOMENT_S && apart < PATIENCE);
}

static bool may_join(const struct flow *f, const struct flow *g)
{
	return !f->pair && !g->pair;
}

/* Requests on a pair of one connection are each other's alone. */
static bool fits(const struct twopoint *t, const struct asked *a, const struct asked *b)
{
	const struct flow *f = near_flow(t, a->flow), *g = far_flow(t, b->flow);
	bool straight = (f->pair && !f->relayed) || (g->pair && !g->relayed);

	return straight ? f->pair == b->flow : is_timely(t, a->time, b->time);
}

static bool same_request(const struct asked *a, const struct asked *b)
{
	return !b->mate && b->flow && !strcmp(a->method, b->method) && !strcmp(a->path, b->path) &&
	       (a->path[0] || !strcmp(a->target, b->target));
}

/* One connection to a server may carry what several clients asked: the first is its pair. */
static void relay(struct twopoint *t, uint32_t a, uint32_t b)
{
	struct asked *x = point_asked(&t->at[NEAR], a), *y = point_asked(&t->at[FAR], b);

	x->mate = b;
	y->mate = a;
	if (may_join(near_flow(t, x->flow), far_flow(t, y->flow)))
		pair_join(t, x->flow, y->flow, true);
}

static void pair_requests(struct twopoint *t)
{
	uint32_t begin = 1, count = point_askeds(&t->at[FAR]);

	for (uint32_t i = 1; i <= point_askeds(&t->at[NEAR]); i++) {
		const struct asked *a = point_asked(&t->at[NEAR], i);

		while (begin <= count && point_asked(&t->at[FAR], begin)->mate)
			begin++;
		for (uint32_t j = begin; a->flow && !a->mate && j <= count && j - begin < LOOKS_MAX; j++) {
			const struct asked *b = point_asked(&t->at[FAR], j);

			if (same_request(a, b) && fits(t, a, b))
				relay(t, i, j);
		}
	}
}

static void pair_hellos(struct twopoint *t)
{
	uint32_t count = point_hellos(&t->at[FAR]);

	for (uint32_t i = 1; i <= point_hellos(&t->at[NEAR]); i++) {
		const struct hello *a = point_hello(&t->at[NEAR], i);

		for (uint32_t j = 1; a->flow && a->name[0] && j <= count && j < LOOKS_MAX; j++) {
			const struct hello *b = point_hello(&t->at[FAR], j);

			if (b->flow && !strcmp(a->name, b->name) && is_timely(t, a->time, b->time) &&
			    may_join(near_flow(t, a->flow), far_flow(t, b->flow)))
				pair_join(t, a->flow, b->flow, true);
		}
	}
}

/* How many flows of one place were begun by what flows of the other lead to; the first ones tell. */
static uint32_t begun_by_servers(const struct point *from, const struct point *to)
{
	enum { TELLING = 512 };
	uint32_t count = 0;

	for (uint32_t i = 1; i <= point_flows(from) && i <= TELLING; i++)
		for (uint32_t j = 1; j <= point_flows(to) && j <= TELLING; j++) {
			const struct flow *f = point_flow(from, i), *g = point_flow(to, j);

			count += f->kind == PACKET_TCP && g->kind == PACKET_TCP &&
			         addr_eq(&f->end[CLIENT].addr, &g->end[SERVER].addr);
		}
	return count;
}

bool relays_are_backwards(const struct twopoint *t)
{
	return !t->pairs && begun_by_servers(&t->at[NEAR], &t->at[FAR]) >
	                            begun_by_servers(&t->at[FAR], &t->at[NEAR]);
}

void pair_relays(struct twopoint *t)
{
	pair_ends(t);
	pair_requests(t);
	pair_hellos(t);
}
