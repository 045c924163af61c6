/* base/clock.h - the clock on the wall, for those who wait: decoders and judges go by the frames'. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

#include "base/moment.h"

static inline int64_t clock_read(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * MOMENT_S + t.tv_nsec;
}

/* ns since some moment; never goes back. */
static inline int64_t clock_monotonic(void)
{
	return clock_read(CLOCK_MONOTONIC);
}

/* ns since 1970, as the machine's clock says. */
static inline int64_t clock_now(void)
{
	return clock_read(CLOCK_REALTIME);
}

#endif
