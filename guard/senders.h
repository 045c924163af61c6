/* guard/senders.h - open sockets that send more than what is meant: frames of any kind, datagrams to anybody. */
#ifndef GUARD_SENDERS_H
#define GUARD_SENDERS_H

#include <stddef.h>

#include "base/fault.h"

/* 16 interfaces with four threads each, or one with 64, and a ring in reserve of each (capture/live_presence.h). */
enum { SENDERS_MAX = 80 };

struct sockets {
	int at[SENDERS_MAX];
	size_t count;
};

struct senders {
	struct sockets packets, datagrams;
};

/* Of all descriptors of this process, whoever opened them and whatever their number; before a fence is shut, as
 * they are listed in /proc/self/fd.  False: there are more than can be kept from sending, and the fault tells. */
bool senders_find(struct senders *s, struct fault *f);

#endif
