/* cli/pace.c - times of frames to times of the clock on the wall. */
#include "cli/pace.h"

#include "base/moment.h"

static const int64_t PAUSE_MAX = 5 * MOMENT_S;

int64_t pace_due(struct pace *p, int64_t frame_time, int64_t now)
{
	int64_t gap = p->due ? (int64_t)((double)(frame_time - p->last) / p->factor) : 0;

	if (gap < 0)
		gap = 0;
	if (gap > PAUSE_MAX)
		gap = PAUSE_MAX;
	p->due = p->due ? p->due + gap : now;
	p->last = frame_time;
	return p->due;
}
