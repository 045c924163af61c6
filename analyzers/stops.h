/* analyzers/stops.h - handshakes that stop where no certificate explains it: versions, ciphers, nobody there.
 *
 * What a silence after the hello means depends on whether the server ever answers anybody, and with what, so
 * stops wait for the end.
 */
#ifndef ANALYZERS_STOPS_H
#define ANALYZERS_STOPS_H

#include "analyzers/analyzer.h"
#include "analyzers/tlspeers.h"

struct stops {
	struct map cases;               /* server and how it stopped -> struct stop */
};

void stops_init(struct stops *s);
void stops_release(struct stops *s);
void stops_session(struct stops *s, const struct analyzer_env *env, const struct tls_session *t);
void stops_end(const struct stops *s, const struct analyzer_env *env, const struct tls_peers *peers);

#endif
