/* probes/ask.h - one question for a name to one name server, or to the system's in turn (c-ares).
 *
 * Question and answer are put on the tape as the datagrams that they were.
 */
#ifndef PROBES_ASK_H
#define PROBES_ASK_H

#include "facts/lookup.h"
#include "probes/loop.h"
#include "probes/tape.h"

enum { ASK_SERVERS_MAX = 8, ASK_SUFFIXES_MAX = 8 };

/* The system's name servers and search suffixes (resolv.conf(5)). */
struct ask_system {
	struct endpoint servers[ASK_SERVERS_MAX];
	unsigned server_count;
	char suffixes[ASK_SUFFIXES_MAX][LOOKUP_NAME];
	unsigned suffix_count;
	unsigned dots;                  /* names with so many are asked for as they stand first */
};

bool ask_system_read(struct ask_system *s);     /* false: there are none */
bool ask_system_parse(struct ask_system *s, struct span text);

struct ask_options {
	const char *name;               /* as it stands: without suffixes */
	uint16_t type;                  /* 1 A, 28 AAAA, 33 SRV */
	struct endpoint server;
	unsigned owner;                 /* of its packets on the tape */
	int64_t timeout;                /* ns, for all tries */
};

struct ask;

/* `done` is told once, never before this returns, unless ask_stop came first: answered or
 * not, code, canonical name, addresses, times and tries are set (facts/lookup.h).  NULL: out of memory. */
struct ask *ask_start(struct loop *l, struct tape *t, const struct ask_options *o,
                      void (*done)(void *self, const struct lookup *result), void *self);
void ask_stop(struct ask *a);

#endif
