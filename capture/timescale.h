/* capture/timescale.h - from the clock units of a pcapng interface to nanoseconds.
 *
 * if_tsresol and if_tsoffset of an Interface Description Block
 * (draft-ietf-opsawg-pcapng section 4.2).
 */
#ifndef CAPTURE_TIMESCALE_H
#define CAPTURE_TIMESCALE_H

#include <stdbool.h>
#include <stdint.h>

struct timescale {
	bool binary;            /* a unit is 2^-exponent seconds, else 10^-exponent */
	uint8_t exponent;
	uint64_t factor;        /* a unit is so many whole nanoseconds; 0: not a whole number of them */
	uint64_t limit;         /* units up to which units * factor stays in range */
	int64_t offset;         /* nanoseconds added */
};

/* Microseconds, without an offset: what holds where nothing is told. */
void timescale_init(struct timescale *t);
void timescale_set_resolution(struct timescale *t, uint8_t if_tsresol);
void timescale_set_offset(struct timescale *t, int64_t seconds);

/* Nanoseconds since 1970, held within INPUT_TIME_MAX (capture/input.h). */
int64_t timescale_moment(const struct timescale *t, uint64_t units);

#endif
