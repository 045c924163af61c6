/* analyzers/certcases.h - faults of servers' certificates, gathered: one finding a server and certificate. */
#ifndef ANALYZERS_CERTCASES_H
#define ANALYZERS_CERTCASES_H

#include "analyzers/analyzer.h"
#include "analyzers/certfault.h"
#include "analyzers/tlspeers.h"

struct cert_cases {
	struct map cases;               /* server, thumbprint, fault -> struct cert_case */
};

void certs_init(struct cert_cases *c);
void certs_release(struct cert_cases *c);

/* `explained`: something else already tells why the client left, if it did.  True: the certificate does.
 * Notes in `peers` clients that failed after a whole handshake. */
bool certs_session(struct cert_cases *c, const struct analyzer_env *env, struct tls_peers *peers,
                   const struct tls_session *t, bool explained);

/* An exchange read out of a session that named no server: its Host is the name asked for. */
void certs_exchange(struct cert_cases *c, const struct analyzer_env *env, const struct exchange *x);

void certs_end(const struct cert_cases *c, const struct analyzer_env *env, const struct tls_peers *peers);

#endif
