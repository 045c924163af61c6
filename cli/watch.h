/* cli/watch.h - rounds of a probe, one after the other: what is other than the last time. */
#ifndef CLI_WATCH_H
#define CLI_WATCH_H

#include "cli/outputs.h"

struct watched;

struct watch {
	struct watched *last;           /* by place in the plan */
	size_t count;
};

/* Tells each output which checks changed since the last call; the first call tells nothing.  The plan is the
 * same each time.  False: out of memory. */
bool watch_tell(struct watch *w, const struct report *r, const struct outputs *out);
void watch_release(struct watch *w);

#endif
