/* analyzers/twin.h - machines with an address of each family, told by timing.
 *
 * A name has IPv6 and IPv4 addresses, and a client whose way over one of them is closed takes the other: at
 * once beside it (RFC 8305), or when its stack gives up.  A failed attempt that is followed so, every time,
 * by the same address of the other family is taken for the same machine.  Nothing proves it.
 */
#ifndef ANALYZERS_TWIN_H
#define ANALYZERS_TWIN_H

#include "base/map.h"
#include "facts/connection.h"

struct twin_start;
struct twin_try;

struct twins {
	struct twin_start *starts;      /* connections that came */
	size_t start_count, start_room;
	struct twin_try *tries;         /* and that did not */
	size_t try_count, try_room;
	struct map others;              /* client and port -> who it may be */
	struct map stands_for;          /* address -> how many others it seems to be */
};

void twins_init(struct twins *t);
void twins_release(struct twins *t);

/* Beyond a ceiling, or without memory, they are forgotten: then a failure stays what it is. */
void twins_through(struct twins *t, const struct connection *c);
void twins_failed(struct twins *t, const struct connection *c);

/* No more connections come. */
void twins_settle(struct twins *t);

/* After twins_settle: the address under which that client gets in on that port.  False: none known. */
bool twins_other(const struct twins *t, const struct addr *client, uint16_t port, struct addr *other);

#endif
