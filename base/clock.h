/* base/clock.h - the clock on the wall, for those who wait: decoders and judges go by the frames'. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

#include "base/moment.h"

/* ns since some moment; never goes back. */
static inline int64_t clock_monotonic(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * MOMENT_S + t.tv_nsec;
}

#endif
