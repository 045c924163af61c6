/* capture/lapse.h - how long something has lasted, by a clock that may be set.
 *
 * Forward it is believed at once.  Times before the beginning are taken for
 * frames out of order until enough of them have come one after the other; then
 * the clock was set back, and it begins anew.  Each time that happens more are
 * asked for, so a clock that jumps to and fro begins little anew.
 */
#ifndef CAPTURE_LAPSE_H
#define CAPTURE_LAPSE_H

#include "base/moment.h"

enum { LAPSE_PATIENCE = 1000, LAPSE_PATIENCE_MAX = 1 << 16 };

struct lapse {
	int64_t begun;          /* ns; MOMENT_NONE: not yet */
	unsigned behind;        /* times before `begun`, one after the other */
	unsigned patience;      /* as many are believed */
};

static inline void lapse_init(struct lapse *l)
{
	*l = (struct lapse){ .begun = MOMENT_NONE, .patience = LAPSE_PATIENCE };
}

static inline void lapse_begin(struct lapse *l, int64_t now)
{
	l->begun = now;
	l->behind = 0;
}

/* ns since it began, never negative; it begins now when it has not. */
static inline int64_t lapse_since(struct lapse *l, int64_t now)
{
	if (l->begun == MOMENT_NONE)
		lapse_begin(l, now);
	if (now >= l->begun) {
		l->behind = 0;
		return now - l->begun;
	}
	if (++l->behind >= l->patience) {
		lapse_begin(l, now);
		l->patience = l->patience < LAPSE_PATIENCE_MAX ? l->patience * 2 : l->patience;
	}
	return 0;
}

#endif
