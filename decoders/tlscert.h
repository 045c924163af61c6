/* decoders/tlscert.h - Certificate and CertificateRequest (RFC 5246 section 7.4.2, 7.4.4; RFC 8446 section 4.4.2, 4.3.2).
 *
 * Messages may be cut short: what stands before the cut is told.
 */
#ifndef DECODERS_TLSCERT_H
#define DECODERS_TLSCERT_H

#include "base/arena.h"
#include "decoders/certs.h"
#include "facts/tls.h"

/* The chain's certificates are held in `certs`, to be given back by tls_chain_drop. */
void tls_certificate_read(struct span body, bool tls13, struct certs *certs, struct tls_chain *chain);
void tls_chain_drop(struct certs *certs, struct tls_chain *chain);

/* The names of authorities that a client's certificate should come from, up to TLS_AUTHORITIES_KEPT, as texts in
 * `arena`; returns how many there are. */
unsigned tls_certificate_request_read(struct span body, unsigned version, struct arena *arena,
                                      struct span names[static TLS_AUTHORITIES_KEPT]);

#endif
