/* analyzers/scheme.h - TLS spoken to a port that serves plain HTTP, and the reverse. */
#ifndef ANALYZERS_SCHEME_H
#define ANALYZERS_SCHEME_H

#include "analyzers/finding.h"
#include "facts/exchange.h"
#include "facts/tls.h"

/* True: it was TLS towards a port that speaks plain HTTP, and is told. */
bool scheme_tls(struct findings *findings, const struct tls_session *t);

void scheme_exchange(struct findings *findings, const struct exchange *x);

#endif
