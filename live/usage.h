/* live/usage.h - what this process uses of the machine: memory, processor, descriptors. */
#ifndef LIVE_USAGE_H
#define LIVE_USAGE_H

#include <stdint.h>

struct usage {
	int status;                     /* /proc/self/statm; -1: there is none */
	long page;                      /* bytes */
	uint64_t resident, memory;      /* bytes; 0: not known */
	int64_t processor;              /* ns, user and system, children that are over included */
	uint64_t descriptors, descriptors_max;
};

/* While files may still be opened. */
void usage_open(struct usage *u);
void usage_read(struct usage *u);       /* now */
void usage_close(struct usage *u);

#endif
