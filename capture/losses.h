/* capture/losses.h - what an interface of a pcapng file has lost, by two ways of telling.
 *
 * Packets tell of losses between them, statistics of all losses, and a file may do both: the larger counts.
 * Inside capture/ only.
 */
#ifndef CAPTURE_LOSSES_H
#define CAPTURE_LOSSES_H

#include "capture/input.h"

struct losses {
	uint64_t packets;               /* summed from what packets told */
	uint64_t statistics;            /* last told by statistics: since the capture began ... */
	int64_t told;                   /* ... when; MOMENT_NONE: not yet */
	uint64_t told_frames;           /* of the input until then */
};

/* So many right before the input's frame. */
void losses_of_packets(struct losses *l, struct input *in, uint64_t count);

/* `all` of them, as statistics of the time `now` tell. */
void losses_of_statistics(struct losses *l, struct input *in, uint64_t all, int64_t now);

static inline uint64_t losses_add(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

#endif
