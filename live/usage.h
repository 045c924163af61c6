/* live/usage.h - what this process uses of the machine: memory, processor, descriptors. */
#ifndef LIVE_USAGE_H
#define LIVE_USAGE_H

#include <stdint.h>

struct usage {
	int status;                     /* /proc/self/statm; -1: there is none */
	long page;                      /* bytes */
	/* bytes; 0: not known.  Private: of what is resident, what neither a file nor another process shares,
	 * but for pages that a child has not changed yet */
	uint64_t resident, private, memory;
	int64_t processor;              /* ns, user and system, children that are over included */
	uint64_t descriptors, descriptors_max;
};

/* While files may still be opened. */
void usage_open(struct usage *u);
void usage_read(struct usage *u);       /* now */
void usage_memory(struct usage *u);     /* memory alone: that is cheap */
void usage_close(struct usage *u);

#endif
