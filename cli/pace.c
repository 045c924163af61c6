/* cli/pace.c - times of frames to times of the clock on the wall. */
#include "cli/pace.h"

#include "base/moment.h"

static const int64_t PAUSE_MAX = 5 * MOMENT_S;

int64_t pace_due(struct pace *p, int64_t frame_time, int64_t now)
{
	/* Slowed down far enough, a gap is longer than any number of ns. */
	double gap = p->due ? (double)(frame_time - p->last) / p->factor : 0;

	if (gap < 0)
		gap = 0;
	if (gap > (double)PAUSE_MAX)
		gap = (double)PAUSE_MAX;
	p->due = p->due ? p->due + (int64_t)gap : now;
	p->last = frame_time;
	return p->due;
}
