/* guard/calls.h - seccomp: the system calls that a process needs once all is open, and no other. */
#ifndef GUARD_CALLS_H
#define GUARD_CALLS_H

#include "guard/guard.h"
#include "guard/senders.h"

bool calls_can(void);                   /* this kernel filters system calls */

/* For all threads, and for good; no_new_privs must be set.  The senders are kept from sending.  False: the
 * fault tells why. */
bool calls_only(const struct guard_options *o, const struct senders *s, struct fault *f);

/* For a process that opens files for another, and sockets of this system. */
bool calls_only_keeper(struct fault *f);

#endif
