/* twopoint/twopoint.h - two captures of the same traffic, side by side.
 *
 *   points, filled -> pairs of flows -> mates among packets -> clocks -> relays by request -> trouble
 *
 * NEAR is where clients are, FAR where servers are.
 */
#ifndef TWOPOINT_TWOPOINT_H
#define TWOPOINT_TWOPOINT_H

#include "twopoint/point.h"

enum place { NEAR, FAR };

/* far = near + offset + drift * (near - base), all in ns. */
struct clocks {
	bool known;
	bool one_way;                   /* packets of one direction alone: the way's part of it is unknown */
	bool jumped;                    /* no line fits: a clock was set meanwhile */
	int64_t base;
	double offset, drift;
	double uncertainty;             /* ns, either way; what the shortest way there and back leaves open */
};

struct delays {                         /* of packets that passed both, ns; the clocks' uncertainty in it */
	uint64_t count;
	int64_t min, median, max;
};

struct twopoint {
	struct point at[2];             /* by enum place */
	bool ids_kept[2];               /* by enum side: the way leaves IP ids of that side as they are */
	bool swapped;                   /* the captures were given the other way round */
	struct clocks clocks;
	struct delays delays[2];        /* by way: 0 from NEAR to FAR */
	uint32_t pairs, relays;         /* flows */
	uint64_t mates;                 /* packets */
};

/* Finds what belongs to what, once both points are filled.  False: out of memory. */
bool twopoint_join(struct twopoint *t);

/* ---- steps of that ---- */

/* Pairs flows by what survives translation; then, once clocks are known, what something between made anew.
 * False: out of memory. */
bool pair_flows(struct twopoint *t);
void pair_relays(struct twopoint *t);

/* No packet passed both, and what is a server at FAR asks at NEAR: a proxy, seen from behind. */
bool relays_are_backwards(const struct twopoint *t);

/* That flow of NEAR and that of FAR belong to each other; relayed: as two connections. */
void pair_join(struct twopoint *t, uint32_t near, uint32_t far, bool relayed);

/* Finds the same packets in flows that are paired.  False: out of memory. */
bool mate_packets(struct twopoint *t);

/* Sets clocks and, by the way that packets take, which flows began beyond FAR. */
void clocks_fit(struct twopoint *t);
bool delays_count(struct twopoint *t);

/* A time at a place, by the clock of NEAR. */
int64_t clocks_near(const struct clocks *c, enum place at, int64_t time);

/* The place where a packet of that flow and side comes first. */
static inline enum place twopoint_origin(const struct flow *f, enum side from)
{
	return (from == CLIENT) != f->reversed ? NEAR : FAR;
}

#endif
