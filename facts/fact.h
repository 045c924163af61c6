/* facts/fact.h - what decoders and probes state, and analyzers and reports read.
 *
 * A fact is lent for the call: who wants to keep something copies it.
 */
#ifndef FACTS_FACT_H
#define FACTS_FACT_H

#include "facts/connection.h"
#include "facts/exchange.h"
#include "facts/icmp.h"
#include "facts/lease.h"
#include "facts/lookup.h"
#include "facts/tls.h"

enum fact_kind {
	FACT_CONNECTION,        /* a connection is over */
	FACT_EXCHANGE,          /* a request and its response are over */
	FACT_TLS,               /* a TLS session is over, or as far as it will be seen */
	FACT_ICMP,              /* an ICMP error was seen */
	FACT_LOOKUP,            /* a question for a name was answered, or given up */
	FACT_LEASE,             /* DHCP told a client something */
};

struct fact {
	enum fact_kind kind;
	int64_t time;           /* of the frame that completed it */
	uint64_t frame;
	union {
		const struct connection *connection;
		const struct exchange *exchange;
		const struct tls_session *tls;
		const struct icmp_error *icmp;
		const struct lookup *lookup;
		const struct lease *lease;
	};
};

/* Who wants facts. */
struct fact_sink {
	void *self;
	void (*take)(void *self, const struct fact *fact);
};

static inline void fact_state(const struct fact_sink *sink, const struct fact *fact)
{
	sink->take(sink->self, fact);
}

#endif
