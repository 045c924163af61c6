/* cli/rounds.h - rounds of a probe, one after the other: what is other than the last time. */
#ifndef CLI_ROUNDS_H
#define CLI_ROUNDS_H

#include "cli/outputs.h"

struct watched;

struct rounds {
	struct watched *last;           /* by place in the plan */
	size_t count;
};

/* Tells each output which checks changed since the last call; the first call tells nothing.  The plan is the
 * same each time.  False: out of memory. */
bool rounds_tell(struct rounds *w, const struct report *r, const struct outputs *out);
void rounds_release(struct rounds *w);

#endif
