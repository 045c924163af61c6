/* decoders/reset.h - whether a reset comes from the side it names or from a box between. */
#ifndef DECODERS_RESET_H
#define DECODERS_RESET_H

#include "facts/connection.h"

/* What was seen around a reset of one side.  Times in ns, -1 unknown. */
struct reset_evidence {
	uint8_t ttl;                    /* of the reset */
	uint8_t ttl_min, ttl_max;       /* of that side's other packets; 0: none seen */
	int64_t delay;                  /* since the other side's request that it followed */
	int64_t leg;                    /* a round trip from the capture to that side and back */
	bool sequence_known;            /* all it sent was seen, so its next number is known */
	bool sequence_off;              /* ... and the reset carries another */
	bool data_after;                /* that side sent on */
	bool guesses;                   /* several resets, with numbers beyond what it had sent */
	bool both_ways;                 /* the other side's reset came at the same moment */
};

/* Bits 1u << enum reset_reason. */
unsigned reset_judge(const struct reset_evidence *e);

/* 0..100 */
unsigned reset_points(unsigned reasons);

/* Enough points, and the kind of evidence that failure-facts asks for: a TTL of another host
 * together with timing, sequence, or a side that did not know of its own reset. */
bool reset_by_box(unsigned reasons);

#endif
