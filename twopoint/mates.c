/* twopoint/mates.c - which packet of one capture is which of the other, in flows that are paired.
 *
 * A packet is known by its place in the stream,
 its length and its flags.  Retransmissions share all of these:
 * they are told apart by IP id and time stamp where these survive, else by order, else by the clocks.
 */
#include <stdlib.h>

#include "twopoint/twopoint.h"

enum { ISN_TRIES = 256, NEAREST_TRIES = 64 };

struct mark {                           /* of one packet, as both sides would have it */
	uint32_t seq, len, ack;
	uint8_t flags;
	uint32_t index;
};

struct marks {
	struct mark *at;
	size_t count;
};

struct matching {
	struct twopoint *t;
	struct flow *near;
	const struct flow *far;
	struct marks marks[2];          /* by enum place, of one side's packets, sorted */
};

/* Rules by which a packet of several alike is chosen, the surest first. */
enum rule { BY_ID, BY_COUNT, BY_CLOCK };

static int compare_marks(const struct mark *a, const struct mark *b)
{
	if (a->seq != b->seq)
		return a->seq < b->seq ? -1 : 1;
	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	if (a->flags != b->flags)
		return a->flags < b->flags ? -1 : 1;
	return a->ack < b->ack ? -1 : a->ack > b->ack;
}

static int by_mark(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;
	int order = compare_marks(x, y);

	return order ? order : x->index < y->index ? -1 : x->index > y->index;
}

/* The first place in both where that side says the same. */
static bool shift_by_data(struct matching *m, enum side from)
{
	const struct point *near = &m->t->at[NEAR], *far = &m->t->at[FAR];
	unsigned tries = 0;

	for (uint32_t i = m->near->first; i && tries < ISN_TRIES; i = point_sight(near, i)->next, tries++) {
		const struct sight *g = point_sight(near, i);
		unsigned others = 0;

		for (uint32_t j = m->far->first; g->from == from && g->start && j && others < ISN_TRIES;
		     j = point_sight(far, j)->next, others++) {
			const struct sight *h = point_sight(far, j);

			if (h->from != from || h->start != g->start || h->len != g->len)
				continue;
			m->near->shift[from] = h->seq - g->seq;
			return true;
		}
	}
	return false;
}

static void find_shift(struct matching *m, enum side from)
{
	const struct syn_options *a = &m->near->syn[from], *b = &m->far->syn[from];

	m->near->shift[from] = 0;
	if (a->seen && b->seen)
		m->near->shift[from] = b->isn - a->isn;
	else if (m->near->kind == PACKET_TCP)
		(void)shift_by_data(m, from);
}

/* Of a datagram its beginning stands for its place in a stream. */
static struct mark mark_of(const struct matching *m, const struct sight *g, enum place at, uint32_t index)
{
	bool tcp = m->near->kind == PACKET_TCP;

	return (struct mark){
		.seq = !tcp ? g->start : at == NEAR ? g->seq + m->near->shift[g->from] : g->seq,
		.len = g->len,
		.flags = g->flags & (TCP_SYN | TCP_FIN | TCP_RST),
		.ack = g->len || !(g->flags & TCP_ACK) ? 0
		       : at == NEAR ? g->ack + m->near->shift[side_other(g->from)] : g->ack,
		.index = index,
	};
}

static bool fill(struct matching *m, enum place at, const struct flow *f, enum side from)
{
	const struct point *s = &m->t->at[at];
	struct marks *to = &m->marks[at];

	to->count = 0;
	to->at = calloc(f->count[from] + 1, sizeof *to->at);
	if (!to->at)
		return false;
	for (uint32_t i = f->first; i; i = point_sight(s, i)->next)
		if (point_sight(s, i)->from == from && to->count < f->count[from])
			to->at[to->count++] = mark_of(m, point_sight(s, i), at, i);
	qsort(to->at, to->count, sizeof *to->at, by_mark);
	return true;
}

static size_t run_of(const struct marks *all, size_t from)
{
	size_t end = from + 1;

	while (end < all->count && !compare_marks(&all->at[from], &all->at[end]))
		end++;
	return end - from;
}

static void mate(struct matching *m, uint32_t near, uint32_t far)
{
	point_sight(&m->t->at[NEAR], near)->mate = far;
	point_sight(&m->t->at[FAR], far)->mate = near;
	m->t->mates++;
}

static int64_t apart(const struct matching *m, const struct sight *g, const struct sight *h)
{
	int64_t d = clocks_near(&m->t->clocks, FAR, h->time) - g->time;

	return d < 0 ? -d : d;
}

static bool is_chosen(const struct matching *m, enum rule rule, const struct sight *g, const struct sight *h)
{
	bool same = g->ip_id == h->ip_id && g->stamp == h->stamp;

	switch (rule) {
	case BY_ID:    return same && (g->ip_id || g->stamp);
	case BY_COUNT: return true;
	case BY_CLOCK: return apart(m, g, h) < MOMENT_S / 2;
	}
	return false;
}

/* Another of the near packets is nearer in time: what was sent again is not what was lost. */
static bool is_rivalled(const struct matching *m, const struct mark *near, size_t nears, uint32_t which,
                        const struct sight *h)
{
	int64_t own = apart(m, point_sight(&m->t->at[NEAR], which), h);

	for (size_t i = 0; i < nears && i < NEAREST_TRIES; i++) {
		const struct sight *g = point_sight(&m->t->at[NEAR], near[i].index);

		if (near[i].index != which && !g->mate && apart(m, g, h) < own)
			return true;
	}
	return false;
}

struct alike {                          /* packets of one mark on both sides */
	const struct mark *near, *far;
	size_t nears, fars;
};

/* One near packet among so many far ones that are alike. */
static void choose(struct matching *m, enum rule rule, uint32_t near, const struct alike *run)
{
	const struct sight *g = point_sight(&m->t->at[NEAR], near);
	const struct mark *far = run->far;
	uint32_t best = 0;

	for (size_t i = 0; i < run->fars && i < NEAREST_TRIES; i++) {
		const struct sight *h = point_sight(&m->t->at[FAR], far[i].index);

		if (h->mate || !is_chosen(m, rule, g, h))
			continue;
		if (rule == BY_CLOCK && is_rivalled(m, run->near, run->nears, near, h))
			continue;
		if (!best || (rule == BY_CLOCK &&
		              apart(m, g, h) < apart(m, g, point_sight(&m->t->at[FAR], best))))
			best = far[i].index;
	}
	if (best)
		mate(m, near, best);
}

static size_t alone(const struct point *s, const struct mark *marks, size_t count)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		n += !point_sight(s, marks[i].index)->mate;
	return n;
}

static bool applies(const struct matching *m, enum rule rule, const struct alike *run)
{
	const struct sight *g = point_sight(&m->t->at[NEAR], run->near->index);
	bool told = m->t->ids_kept[g->from] && g->ip_id;

	switch (rule) {
	case BY_ID:
		return true;
	case BY_COUNT:
		return (!told || run->nears + run->fars == 2) &&
		       alone(&m->t->at[NEAR], run->near, run->nears) == alone(&m->t->at[FAR], run->far,
		                                                              run->fars);
	case BY_CLOCK:
		return !told && m->t->clocks.known;
	}
	return false;
}

static void match_run(struct matching *m, const struct alike *run)
{
	for (enum rule rule = BY_ID; rule <= BY_CLOCK; rule++) {
		bool use = applies(m, rule, run);

		for (size_t i = 0; use && i < run->nears; i++)
			if (!point_sight(&m->t->at[NEAR], run->near[i].index)->mate)
				choose(m, rule, run->near[i].index, run);
	}
}

static void match_sorted(struct matching *m)
{
	const struct marks *near = &m->marks[NEAR], *far = &m->marks[FAR];
	size_t i = 0, j = 0;

	while (i < near->count && j < far->count) {
		int order = compare_marks(&near->at[i], &far->at[j]);

		if (order < 0) {
			i++;
		} else if (order > 0) {
			j++;
		} else {
			struct alike run = { near->at + i, far->at + j, run_of(near, i), run_of(far, j) };

			match_run(m, &run);
			i += run.nears;
			j += run.fars;
		}
	}
}

/* Does an IP id say which packet is which?  Asked of those that are alone of their kind on both sides. */
static void vote(const struct matching *m, uint64_t votes[2][2])
{
	const struct marks *near = &m->marks[NEAR], *far = &m->marks[FAR];

	for (size_t i = 0, j = 0; i < near->count && j < far->count;) {
		int order = compare_marks(&near->at[i], &far->at[j]);
		const struct sight *g = point_sight(&m->t->at[NEAR], near->at[i].index);
		const struct sight *h = point_sight(&m->t->at[FAR], far->at[j].index);

		if (!order && run_of(near, i) == 1 && run_of(far, j) == 1 && g->ip_id)
			votes[g->from][g->ip_id == h->ip_id]++;
		if (order <= 0)
			i++;
		if (order >= 0)
			j++;
	}
}

static bool match_flow(struct matching *m, enum side from, uint64_t votes[2][2])
{
	bool near = fill(m, NEAR, m->near, from), far = fill(m, FAR, m->far, from), done = near && far;

	if (done && votes)
		vote(m, votes);
	else if (done)
		match_sorted(m);
	free(m->marks[NEAR].at);
	free(m->marks[FAR].at);
	return done;
}

static bool match_all(struct twopoint *t, uint64_t votes[2][2])
{
	for (uint32_t i = 1; i <= point_flows(&t->at[NEAR]); i++) {
		struct matching m = { .t = t, .near = point_flow(&t->at[NEAR], i) };

		if (!m.near->pair || m.near->relayed)
			continue;
		m.far = point_flow(&t->at[FAR], m.near->pair);
		find_shift(&m, CLIENT);
		find_shift(&m, SERVER);
		if (!match_flow(&m, CLIENT, votes) || !match_flow(&m, SERVER, votes))
			return false;
	}
	return true;
}

bool mate_packets(struct twopoint *t)
{
	uint64_t votes[2][2] = { { 0 } };

	if (!match_all(t, votes))
		return false;
	t->ids_kept[CLIENT] = votes[CLIENT][true] > votes[CLIENT][false];
	t->ids_kept[SERVER] = votes[SERVER][true] > votes[SERVER][false];
	return match_all(t, NULL);
}
