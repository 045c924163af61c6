/* decoders/tlscert.h - Certificate and CertificateRequest (RFC 5246 sections 7.4.2, 7.4.4; RFC 8446 sections
 * 4.4.2, 4.3.2).
 *
 * Bodies of messages, which may be cut short: what stands before the cut is told.
 */
#ifndef DECODERS_TLSCERT_H
#define DECODERS_TLSCERT_H

#include "base/arena.h"
#include "decoders/certs.h"
#include "facts/tls.h"

/* Fills list, count and cut of *chain, which is zeroed or was read before: what it held is given back first.
 * The list's certificates are never NULL, and held in `certs` until tls_chain_drop.  A certificate that is
 * cut, empty, or longer than CERTIFICATE_DER_MAX ends the chain: it is not counted, and `cut` says so. */
void tls_certificate_read(struct span body, bool tls13, struct certs *certs, struct tls_chain *chain);
void tls_chain_drop(struct certs *certs, struct tls_chain *chain);

/* The names of authorities that a client's certificate should come from (`version` 0x0304: TLS 1.3), up to
 * TLS_AUTHORITIES_KEPT, as texts in `arena`, empty where a name is none or the arena is full.  Returns how
 * many there are. */
unsigned tls_certificate_request_read(struct span body, unsigned version, struct arena *arena,
                                      struct span names[static TLS_AUTHORITIES_KEPT]);

#endif
