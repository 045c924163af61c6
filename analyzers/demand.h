/* analyzers/demand.h - servers that ask for a client certificate, in every way that shows.
 *
 * In the clear, by a renegotiation's shape, by the lengths of a TLS 1.3 flight, by resets as HTTP.sys sends
 * them, and in words inside HTTP.  All ways at one server are one finding, told at the end; resets alone,
 * which have other reasons as well, are one of their own.
 */
#ifndef ANALYZERS_DEMAND_H
#define ANALYZERS_DEMAND_H

#include "analyzers/analyzer.h"
#include "analyzers/tlspeers.h"

struct demands {
	struct map servers;             /* peer_key -> struct demand */
	struct tls_peers outcomes;      /* of the sessions that were asked */
	struct tls_peers resets;        /* resets of TLS 1.3 sessions on their first request, and answers */
	struct limits *limits;          /* borrowed */
};

void demands_init(struct demands *d, struct limits *limits);
void demands_release(struct demands *d);

/* True: the server asked, which explains whatever the client did then. */
bool demands_session(struct demands *d, const struct tls_session *t);
void demands_exchange(struct demands *d, const struct exchange *x);

void demands_end(const struct demands *d, const struct analyzer_env *env, const struct tls_peers *peers);

#endif
