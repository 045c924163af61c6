/* twopoint/clocks.c - how the clocks of both captures stand to each other, from the packets that passed both.
 *
 * A packet on its way from NEAR shows the clocks' difference plus its delay,
 one on its way back the difference
 * less its delay.  So the true line runs below all of the first and above all of the second:
 the hulls of Duda et
 * al., "Estimating Global Time in Distributed Systems" (ICDCS 1987); for skew in measurements, Zhang,
 Liu and Xia,
 * "Clock Synchronization Algorithms for Network Measurements" (INFOCOM 2002).  We take the line in the
 * middle of the widest gap; half of the gap is what cannot be known.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "twopoint/twopoint.h"

enum { BUCKETS = 2048, STEPS = 80, DRIFT_POINTS = 16 };

#define DRIFT_MAX 1e-3                  /* of a clock that is worth its name; NTP assumes 5e-4 (RFC 5905) */
#define DRIFT_SPAN (10 * MOMENT_S)      /* shorter, jitter tells more than drift */

struct bound {                          /* the tightest of a slice of time */
	bool set;
	double at, difference;          /* ns */
};

struct bounds {
	int64_t base;
	double span;
	struct bound way[2][BUCKETS];   /* 0: there, from above; 1: back, from below */
	uint64_t counts[2];
};

int64_t clocks_near(const struct clocks *c, enum place at, int64_t time)
{
	double since = (double)(time - c->base) - c->offset;

	if (at == NEAR || !c->known)
		return time;
	return c->base + (int64_t)(since - since * c->drift / (1 + c->drift));
}

static void take(struct bounds *b, unsigned way, int64_t near, int64_t far)
{
	double at = (double)(near - b->base), difference = (double)(far - near);
	struct bound *slot = &b->way[way][(size_t)(at / b->span * (BUCKETS - 1))];

	b->counts[way]++;
	if (slot->set && (way ? slot->difference >= difference : slot->difference <= difference))
		return;
	*slot = (struct bound){ true, at, difference };
}

static void gather(struct bounds *b, const struct twopoint *t)
{
	for (uint32_t i = 1; i <= point_flows(&t->at[NEAR]); i++) {
		const struct flow *f = point_flow(&t->at[NEAR], i);

		for (uint32_t j = f->first; j; j = point_sight(&t->at[NEAR], j)->next) {
			const struct sight *g = point_sight(&t->at[NEAR], j);
			unsigned way = twopoint_origin(f, g->from) == FAR;

			if (g->mate)
				take(b, way, g->time, point_sight(&t->at[FAR], g->mate)->time);
		}
	}
}

/* The line of that slope that is as high (as low) as one way lets it. */
static double limit(const struct bounds *b, unsigned way, double slope)
{
	double best = way ? -DBL_MAX : DBL_MAX;

	for (size_t i = 0; i < BUCKETS; i++) {
		const struct bound *s = &b->way[way][i];
		double at = s->difference - slope * s->at;

		if (s->set && (way ? at > best : at < best))
			best = at;
	}
	return best;
}

static double gap(const struct bounds *b, double slope)
{
	return limit(b, 0, slope) - limit(b, 1, slope);
}

/* The gap is a concave function of the slope, so thirds find its widest. */
static double widest(const struct bounds *b)
{
	double low = -DRIFT_MAX, high = DRIFT_MAX;

	for (int i = 0; i < STEPS; i++) {
		double a = low + (high - low) / 3, c = high - (high - low) / 3;

		if (gap(b, a) < gap(b, c))
			low = a;
		else
			high = c;
	}
	return (low + high) / 2;
}

/* Drift is told only where no steady difference fits, or a drift fits much better. */
static double drift_of(const struct bounds *b)
{
	double steady = gap(b, 0), slope;

	if (b->span < (double)DRIFT_SPAN || b->counts[0] < DRIFT_POINTS || b->counts[1] < DRIFT_POINTS)
		return 0;
	slope = widest(b);
	return steady < 0 || gap(b, slope) > 1.5 * steady + 1e5 ? slope : 0;
}

static void fit(struct clocks *c, const struct bounds *b)
{
	*c = (struct clocks){ .known = b->counts[0] || b->counts[1], .base = b->base };
	c->one_way = c->known && (!b->counts[0] || !b->counts[1]);
	if (c->one_way) {
		c->offset = limit(b, !b->counts[0], 0);
		return;
	}
	if (!c->known)
		return;
	c->drift = drift_of(b);
	c->offset = (limit(b, 0, c->drift) + limit(b, 1, c->drift)) / 2;
	c->uncertainty = fabs(gap(b, c->drift)) / 2;
	c->jumped = gap(b, c->drift) < 0;
}

/* What a packet's time to live says of its way: 1 from NEAR to FAR, -1 the other way, 0 nothing. */
static int way_of(const struct sight *near, const struct sight *far)
{
	return near->ttl > far->ttl ? 1 : near->ttl < far->ttl ? -1 : 0;
}

/* Both directions have a say, as something between may set a TTL of its own. */
static bool by_ttl(const struct twopoint *t, const struct flow *f)
{
	int votes[2] = { 0 };

	for (uint32_t i = f->first; i; i = point_sight(&t->at[NEAR], i)->next) {
		const struct sight *g = point_sight(&t->at[NEAR], i);

		if (g->mate && !votes[g->from])
			votes[g->from] = way_of(g, point_sight(&t->at[FAR], g->mate));
	}
	return votes[CLIENT] - votes[SERVER] < 0;
}

/* How flows may be turned: as they began, as their TTLs say, all the other way round. */
enum turn { TURN_STRAIGHT, TURN_TTL, TURN_BACKWARDS, TURN_TTL_BACKWARDS, TURN_COUNT };

static void set_turns(struct twopoint *t, enum turn turn)
{
	for (uint32_t i = 1; i <= point_flows(&t->at[NEAR]); i++) {
		struct flow *f = point_flow(&t->at[NEAR], i);

		if (!f->pair || f->relayed)
			continue;
		f->reversed = turn == TURN_TTL || turn == TURN_TTL_BACKWARDS ? by_ttl(t, f) : false;
		f->reversed ^= turn >= TURN_BACKWARDS;
		point_flow(&t->at[FAR], f->pair)->reversed = f->reversed;
	}
}

static void bounds_of(struct bounds *b, const struct twopoint *t)
{
	const struct point *near = &t->at[NEAR];

	*b = (struct bounds){ .base = near->first, .span = (double)(near->last - near->first) + 1 };
	gather(b, t);
}

/* Whether packets can have gone these ways: no delay is negative. */
static bool holds(struct bounds *b, struct twopoint *t, enum turn turn)
{
	set_turns(t, turn);
	bounds_of(b, t);
	return b->counts[0] && b->counts[1] && gap(b, drift_of(b)) >= 0;
}

static bool most_are_turned(const struct twopoint *t)
{
	uint32_t turned = 0;

	for (uint32_t i = 1; i <= point_flows(&t->at[NEAR]); i++)
		turned += point_flow(&t->at[NEAR], i)->pair && point_flow(&t->at[NEAR], i)->reversed;
	return turned * 2 > t->pairs;
}

static void swap(struct twopoint *t)
{
	struct point near = t->at[NEAR];

	t->at[NEAR] = t->at[FAR];
	t->at[FAR] = near;
	t->swapped = !t->swapped;
}

/* Times decide, as a TTL may be set on the way; where they hold no way, TTLs do. */
static void find_ways(struct bounds *b, struct twopoint *t)
{
	enum turn turn = TURN_STRAIGHT;

	while (turn < TURN_COUNT && !holds(b, t, turn))
		turn++;
	if (turn == TURN_COUNT)
		set_turns(t, TURN_TTL);
	if (!most_are_turned(t))
		return;
	/* Seen from the other side each flow turns round, and its places change: which leaves its way. */
	swap(t);
	for (uint32_t i = 1; i <= point_flows(&t->at[NEAR]); i++) {
		struct flow *f = point_flow(&t->at[NEAR], i);

		f->reversed = f->pair && !f->relayed && !f->reversed;
		if (f->pair)
			point_flow(&t->at[FAR], f->pair)->reversed = f->reversed;
	}
}

void clocks_fit(struct twopoint *t)
{
	struct bounds *b = calloc(1, sizeof *b);

	if (!b)
		return;
	find_ways(b, t);
	bounds_of(b, t);
	fit(&t->clocks, b);
	free(b);
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static void sort_delays(struct delays *d, struct buf *values)
{
	int64_t *all = (void *)values->at;
	size_t count = values->len / sizeof *all;

	if (!count)
		return;
	qsort(all, count, sizeof *all, by_value);
	*d = (struct delays){ count, all[0], all[count / 2], all[count - 1] };
}

static bool delays_gather(const struct twopoint *t, struct buf values[2])
{
	for (uint32_t i = 1; i <= point_flows(&t->at[NEAR]); i++) {
		const struct flow *f = point_flow(&t->at[NEAR], i);

		for (uint32_t j = f->first; j; j = point_sight(&t->at[NEAR], j)->next) {
			const struct sight *g = point_sight(&t->at[NEAR], j);
			unsigned way = twopoint_origin(f, g->from) == FAR;
			int64_t took;

			if (!g->mate)
				continue;
			took = clocks_near(&t->clocks, FAR, point_sight(&t->at[FAR],
			                                                g->mate)->time) - g->time;
			took = way ? -took : took;
			if (!buf_add(&values[way], span_of(&took, sizeof took)))
				return false;
		}
	}
	return true;
}

bool delays_count(struct twopoint *t)
{
	struct buf values[2];
	bool done;

	buf_init(&values[0], SIZE_MAX / 2);
	buf_init(&values[1], SIZE_MAX / 2);
	done = delays_gather(t, values);
	for (unsigned way = 0; done && way < 2; way++)
		sort_delays(&t->delays[way], &values[way]);
	buf_release(&values[0]);
	buf_release(&values[1]);
	return done;
}

bool twopoint_join(struct twopoint *t)
{
	if (!pair_flows(t) || !mate_packets(t))
		return false;
	clocks_fit(t);
	/* What is left is told apart by the clocks. */
	if (!mate_packets(t))
		return false;
	if (relays_are_backwards(t))
		swap(t);
	pair_relays(t);
	return delays_count(t);
}
