/* guard/senders.h - open sockets that could send more than is meant: any frame, datagrams to anybody. */
#ifndef GUARD_SENDERS_H
#define GUARD_SENDERS_H

#include <stddef.h>

#include "base/fault.h"

/* 16 interfaces with four threads, or one with 64, and a ring in reserve of each (capture/live_presence). */
enum { SENDERS_MAX = 80 };

struct sockets {
	int at[SENDERS_MAX];
	size_t count;
};

struct senders {
	struct sockets packets, datagrams;
};

/* Of all descriptors of this process, whoever opened them and whatever their number; before a fence is shut,
 * as they are listed in /proc/self/fd.  False: more than can be kept from sending, and the fault tells. */
bool senders_find(struct senders *s, struct fault *f);

#endif
