/* live/tally.h - counts of facts as they pass: for metrics, and for the rates of servers on a screen. */
#ifndef LIVE_TALLY_H
#define LIVE_TALLY_H

#include "analyzers/rungname.h"
#include "base/addr.h"
#include "facts/fact.h"

enum {
	TALLY_SERVERS = 256,            /* of more, those longest unused make room; sums stay in `rest` */
	TALLY_NAMED = 50,               /* of these, the busiest: for metrics */
	TALLY_SECONDS = 60,             /* of which rates are known */
	TALLY_BUCKETS = 14,             /* of times to the first byte; the last is endless */
};

/* Upper bounds in ns, of all but the last. */
extern const int64_t tally_bounds[TALLY_BUCKETS - 1];

struct tally_times {
	uint64_t in[TALLY_BUCKETS], count;
	int64_t sum;                    /* ns */
};

/* By the hundreds of the status; the first: no answer came. */
enum { STATUS_NONE, STATUS_1XX, STATUS_2XX, STATUS_3XX, STATUS_4XX, STATUS_5XX, STATUS_CLASSES };

struct tally_server {
	struct endpoint at;             /* as clients dial it */
	uint64_t connections, failed_connections, exchanges, bytes;     /* bytes of bodies on the wire */
	uint64_t status[STATUS_CLASSES];
	struct tally_times first_byte;
	int64_t last;                   /* of the capture's clock */
	bool named;
	uint32_t second[TALLY_SECONDS]; /* exchanges by the second, those of the last minute */
	int64_t second_of[TALLY_SECONDS];
};

struct tally {
	uint64_t connections[8];        /* by enum connection_outcome */
	uint64_t exchanges[RUNG_COUNT][STATUS_CLASSES], other_exchanges[STATUS_CLASSES];
	uint64_t tls_sessions, tls_failed, lookups, lookups_unanswered, icmp, leases;
	struct tally_times first_byte, connect, lookup;
	struct tally_server servers[TALLY_SERVERS], rest;
	size_t server_count, named_count;
	/* What came to servers while they had no name: it never falls, whoever gets one. */
	struct tally_server unnamed;
};

struct tally *tally_new(void);          /* NULL: out of memory */
void tally_free(struct tally *t);
void tally_fact(struct tally *t, const struct fact *fact);

/* Exchanges a second over the last `seconds` (at most TALLY_SECONDS - 1) before `now`. */
double tally_rate(const struct tally_server *s, int64_t now, unsigned seconds);

/* The value below which `share` (0 to 1) of the times lie, ns, by the buckets; -1: none. */
int64_t tally_share(const struct tally_times *t, double share);

#endif
