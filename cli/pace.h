/* cli/pace.h - a capture replayed as fast as it was recorded, or so many times as fast. */
#ifndef CLI_PACE_H
#define CLI_PACE_H

#include <stdint.h>

struct pace {
	double factor;
	int64_t last;                   /* time of the last frame */
	int64_t due;                    /* of the last frame, by the monotonic clock; 0: none yet */
};

/* When the frame of that time is due, ns of the monotonic clock; a gap that is longer than a few seconds, or
 * a clock that was set, is a short pause. */
int64_t pace_due(struct pace *p, int64_t frame_time, int64_t now);

#endif
