/* twopoint/pair.c - which flow of one capture is which of the other.
 *
 * Addresses and ports do not survive translation; sequence numbers mostly do, and what is said always does
 * (Zhang and Paxson, "Detecting Stepping Stones", USENIX Security 2000, for telling relays by content).
 * Each flow leaves prints; flows that share enough of them are one.
 */
#include <stdlib.h>

#include "base/hash.h"
#include "twopoint/twopoint.h"

enum { PRINTS_MAX = 24, DATA_PRINTS = 8, COMMON = 64, RIVALS = 128, SURE = 10, ENOUGH = 6 };

/* X(symbol, points) */
#define PRINT_KINDS(X) X(ENDS, 4) X(CLIENT_ISN, 6) X(SERVER_ISN, 6) X(STAMP, 3) X(DATA, 2)

#define X(symbol, points) PRINT_##symbol,
enum print_kind { PRINT_KINDS(X) };
#undef X

static const unsigned points_of[] = {
#define X(symbol, points) points,
	PRINT_KINDS(X)
#undef X
};

enum { DATA_RARE = 3, SAME_SERVER = 2, SAME_CLIENT = 1, SAME_PORT = 1 };

struct print {
	uint64_t hash;
	uint32_t flow;
	enum print_kind kind;
};

struct prints {
	struct buf all;                 /* struct print, sorted */
};

static uint64_t print_hash(enum print_kind kind, uint64_t a, uint64_t b)
{
	return hash_mix(hash_mix(hash_key() ^ kind, a), b);
}

static uint64_t ends_hash(const struct flow *f)
{
	struct endpoint_key c = endpoint_key(&f->end[CLIENT]), s = endpoint_key(&f->end[SERVER]);

	return print_hash(PRINT_ENDS, hash_bytes(f->kind, ENDPOINT_SPAN(c)), hash_bytes(f->kind,
	                                                                                ENDPOINT_SPAN(s)));
}

static bool has_print(const struct print *list, unsigned count, uint64_t hash)
{
	for (unsigned i = 0; i < count; i++)
		if (list[i].hash == hash)
			return true;
	return false;
}

static unsigned data_prints(const struct point *s, const struct flow *f, struct print *list, unsigned count)
{
	unsigned sides[2] = { 0 };

	for (uint32_t i = f->first; i && sides[CLIENT] + sides[SERVER] < 2 * DATA_PRINTS; i =
	     point_sight(s, i)->next) {
		const struct sight *g = point_sight(s, i);
		uint64_t hash = print_hash(PRINT_DATA, g->start, (uint64_t)g->len << 1 | g->from);

		if (!g->start || sides[g->from] == DATA_PRINTS || has_print(list, count, hash))
			continue;
		sides[g->from]++;
		list[count++] = (struct print){ hash, 0, PRINT_DATA };
	}
	return count;
}

/* Prints of a flow; how many. */
static unsigned prints_of(const struct point *s, const struct flow *f, struct print list[static PRINTS_MAX])
{
	const struct sight *first = point_sight(s, f->first);
	unsigned count = 0;

	list[count++] = (struct print){ ends_hash(f), 0, PRINT_ENDS };
	if (f->syn[CLIENT].seen)
		list[count++] = (struct print){ print_hash(PRINT_CLIENT_ISN, f->syn[CLIENT].isn, 0), 0,
			                        PRINT_CLIENT_ISN };
	if (f->syn[SERVER].seen)
		list[count++] = (struct print){ print_hash(PRINT_SERVER_ISN, f->syn[SERVER].isn, 0), 0,
			                        PRINT_SERVER_ISN };
	if (f->syn[CLIENT].seen && first->stamp)
		list[count++] = (struct print){ print_hash(PRINT_STAMP, first->stamp, 0), 0, PRINT_STAMP };
	return data_prints(s, f, list, count);
}

static int by_hash(const void *a, const void *b)
{
	const struct print *x = a, *y = b;

	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->flow < y->flow ? -1 : x->flow > y->flow;
}

static bool print_all(struct prints *p, const struct point *s)
{
	struct print list[PRINTS_MAX];

	buf_init(&p->all, SIZE_MAX / 2);
	for (uint32_t i = 1; i <= point_flows(s); i++) {
		unsigned count = prints_of(s, point_flow(s, i), list);

		for (unsigned j = 0; j < count; j++)
			list[j].flow = i;
		if (!buf_add(&p->all, span_of(list, count * sizeof *list)))
			return false;
	}
	if (p->all.len)
		qsort(p->all.at, p->all.len / sizeof(struct print), sizeof(struct print), by_hash);
	return true;
}

/* All prints of that hash: how many, and the first. */
static size_t find_prints(const struct prints *p, uint64_t hash, const struct print **first)
{
	const struct print *all = (const void *)p->all.at;
	size_t count = p->all.len / sizeof *all, low = 0, high = count, end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (all[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < count && all[end].hash == hash && end - low <= COMMON; end++)
		;
	*first = count ? all + low : NULL;     /* nothing may be added to NULL (C17 6.5.6) */
	return end - low;
}

struct rival {
	uint32_t flow;
	unsigned points;
	bool content;                   /* more than addresses speaks for it */
};

struct rivals {
	struct rival list[RIVALS];
	unsigned count;
};

static void support(struct rivals *r, uint32_t flow, unsigned points, bool content)
{
	unsigned i;

	for (i = 0; i < r->count && r->list[i].flow != flow; i++)
		;
	if (i == RIVALS)
		return;
	if (i == r->count)
		r->list[r->count++] = (struct rival){ flow, 0, false };
	r->list[i].points += points;
	r->list[i].content |= content;
}

static void find_rivals(struct rivals *r, const struct twopoint *t, const struct prints *far,
                        const struct flow *f)
{
	struct print list[PRINTS_MAX];
	unsigned count = prints_of(&t->at[NEAR], f, list);

	r->count = 0;
	for (unsigned i = 0; i < count; i++) {
		const struct print *first;
		size_t found = find_prints(far, list[i].hash, &first);
		unsigned points = points_of[list[i].kind];

		if (list[i].kind == PRINT_DATA && found == 1)
			points = DATA_RARE;
		for (size_t j = 0; found <= COMMON && j < found; j++)
			support(r, first[j].flow, points, list[i].kind != PRINT_ENDS);
	}
}

static unsigned kinship(const struct flow *a, const struct flow *b)
{
	return (endpoint_eq(&a->end[SERVER], &b->end[SERVER]) ? SAME_SERVER : 0u) +
	       (addr_eq(&a->end[CLIENT].addr, &b->end[CLIENT].addr) ? SAME_CLIENT : 0u) +
	       (a->end[CLIENT].port == b->end[CLIENT].port ? SAME_PORT : 0u);
}

/* Numbers of one side say whether both flows are one connection: equal, or drawn anew by a firewall that left
 * all else.  -1: they do not tell. */
static int one_connection(const struct point *near, const struct flow *a, const struct point *far,
                          const struct flow *b, enum side from)
{
	const struct syn_options *x = &a->syn[from], *y = &b->syn[from];
	const struct sight *g = point_sight(near, a->first), *h = point_sight(far, b->first);

	if (!x->seen || !y->seen)
		return -1;
	if (x->isn == y->isn)
		return 1;
	if (from == CLIENT && g->flags & TCP_SYN && h->flags & TCP_SYN)
		return (g->stamp && g->stamp == h->stamp) ||
		       (g->ip_id && g->ip_id == h->ip_id && x->scale == y->scale && x->sack == y->sack);
	return -1;
}

static bool is_relay(const struct twopoint *t, const struct flow *a, const struct flow *b)
{
	int client = one_connection(&t->at[NEAR], a, &t->at[FAR], b, CLIENT);
	int server = one_connection(&t->at[NEAR], a, &t->at[FAR], b, SERVER);

	if (a->kind != PACKET_TCP || client == 1 || server == 1)
		return false;
	if (client == 0 || (a->syn[SERVER].seen && b->syn[SERVER].seen))
		return true;
	return ends_hash(a) != ends_hash(b) && a->begun && b->begun;
}

void pair_join(struct twopoint *t, uint32_t near, uint32_t far, bool relayed)
{
	struct flow *f = point_flow(&t->at[NEAR], near), *g = point_flow(&t->at[FAR], far);

	f->pair = far;
	g->pair = near;
	f->relayed = g->relayed = relayed;
	if (relayed)
		t->relays++;
	else
		t->pairs++;
}

/* The best rival that is still alone; 0: none with so many points. */
static uint32_t best(const struct twopoint *t, const struct rivals *r, const struct flow *f, unsigned least)
{
	unsigned most = least - 1;
	uint32_t found = 0;

	for (unsigned i = 0; i < r->count; i++) {
		const struct flow *g = point_flow(&t->at[FAR], r->list[i].flow);
		unsigned points = r->list[i].points + kinship(f, g);

		if (g->pair || g->kind != f->kind || !r->list[i].content || points <= most)
			continue;
		most = points;
		found = r->list[i].flow;
	}
	return found;
}

static void pair_from(struct twopoint *t, const struct prints *far, unsigned least)
{
	for (uint32_t i = 1; i <= point_flows(&t->at[NEAR]); i++) {
		struct flow *f = point_flow(&t->at[NEAR], i);
		struct rivals rivals;
		uint32_t found;

		if (f->pair)
			continue;
		find_rivals(&rivals, t, far, f);
		found = best(t, &rivals, f, least);
		/* What something between made anew is found by its time as well (relays.c). */
		if (found && !is_relay(t, f, point_flow(&t->at[FAR], found)))
			pair_join(t, i, found, false);
	}
}

bool pair_flows(struct twopoint *t)
{
	struct prints far;
	bool done = print_all(&far, &t->at[FAR]);

	if (done) {
		pair_from(t, &far, SURE);
		pair_from(t, &far, ENOUGH);
	}
	buf_release(&far.all);
	return done;
}
