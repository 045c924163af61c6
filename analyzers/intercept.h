/* analyzers/intercept.h - devices on the way that open TLS and show a certificate of their own. */
#ifndef ANALYZERS_INTERCEPT_H
#define ANALYZERS_INTERCEPT_H

#include "analyzers/analyzer.h"
#include "analyzers/tlspeers.h"

struct intercepts {
	struct map cases;               /* server and issuer -> struct intercept_case */
	struct map names;               /* update points' names, with port -> struct issuer_seen */
	struct map issuers;             /* names of issuers -> not NULL: none of them is a product */
};

void intercepts_init(struct intercepts *n);
void intercepts_release(struct intercepts *n);

/* True: an inspecting product issued the certificate, which explains that a client leaves. */
bool intercepts_session(struct intercepts *n, const struct analyzer_env *env, const struct tls_session *t);

void intercepts_end(const struct intercepts *n, const struct analyzer_env *env,
                    const struct tls_peers *peers);

#endif
