/* cli/tee.h - a stream that goes on as it was, while somebody hears all of it. */
#ifndef CLI_TEE_H
#define CLI_TEE_H

#include <stdio.h>

#include "base/span.h"

struct tee {
	FILE *to;
	void *self;
	void (*hear)(void *self, struct span text);     /* NULL: nobody */
};

/* What is written to the result goes to tee->to, which it owns from now on (but for standard output, which is
 * flushed alone); *tee stays where it is until that is closed.  NULL: out of memory. */
FILE *tee_open(struct tee *tee);

#endif
