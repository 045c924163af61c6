/* probes/resolve.h - a host's addresses as this system finds them: hosts file, then name servers in turn.
 *
 * A name of one label is asked for with each search suffix and then as it stands, any other as it stands
 * alone, as Windows does.  A server that is silent or refuses is passed over for the next one; one that knows
 * no such name ends the question.
 */
#ifndef PROBES_RESOLVE_H
#define PROBES_RESOLVE_H

#include <limits.h>

#include "probes/ask.h"

enum { RESOLVE_ADDRESSES = 8, RESOLVE_NOTES = 12, RESOLVE_TEXT = 400 };

#define RESOLVE_EVERY_SERVER UINT_MAX

struct resolve_options {
	const char *host;
	const struct ask_system *system;        /* borrowed until done */
	unsigned server;                /* this one alone, and no hosts file; or RESOLVE_EVERY_SERVER */
	bool v4, v6;                    /* families that are wanted */
	const char *hosts;              /* a file as hosts(5); NULL: none is read */
	unsigned owner;                 /* of its packets on the tape */
	int64_t timeout;                /* ns, of each question */
};

/* What one server said of one name. */
struct resolve_note {
	struct endpoint server;
	char name[LOOKUP_NAME];
	bool asked[2], answered[2];     /* A, AAAA */
	uint16_t rcode[2];
	unsigned count[2];              /* addresses */
	int64_t took;                   /* ns until both were over */
};

struct resolve_result {
	struct addr addresses[RESOLVE_ADDRESSES];       /* IPv4 first */
	unsigned count;
	bool from_hosts;
	char name[LOOKUP_NAME];         /* the whole name that has them; "" none has */
	char canonical[LOOKUP_NAME];    /* where its aliases lead; "" it is none */
	struct resolve_note notes[RESOLVE_NOTES];       /* the last is the one that counts */
	unsigned note_count;
};

struct resolve;

/* `done` is told once, never before this returns, unless resolve_stop came first.  NULL: out of memory. */
struct resolve *resolve_start(struct loop *l, struct tape *t, const struct resolve_options *o,
                              void (*done)(void *self, const struct resolve_result *result), void *self);
void resolve_stop(struct resolve *r);

/* "192.0.2.1, 2001:db8::1" */
const char *resolve_addresses_text(const struct addr *addresses, unsigned count,
                                   char text[static RESOLVE_TEXT]);

/* "10.0.0.53: NXDOMAIN in 3 ms; 10.0.0.54: wsus01 A 1, AAAA none in 1 ms": a name that differs from `host`
 * is told, too. */
const char *resolve_notes_text(const struct resolve_result *r, const char *host,
                               char text[static RESOLVE_TEXT]);

/* ns, rounded. */
long long resolve_ms(int64_t took);

/* It was silent, or erred, for one family at least: NXDOMAIN and no address are answers. */
bool resolve_note_failed(const struct resolve_note *n);

/* Addresses of a host in the text of a hosts file (hosts(5)), of the families that are wanted; how many. */
unsigned hosts_find(struct span text, const char *host, bool v4, bool v6, struct addr *to, unsigned room);

#endif
