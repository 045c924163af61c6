/* veil/certificate.h - X.509 certificates and names of theirs under pseudonyms (RFC 5280).
 *
 * Names, addresses, URLs, serial numbers, keys, key identifiers and signatures are replaced in place,
 * each by as many bytes; what a judge reads stays: dates, algorithms, key sizes, usages, constraints, and
 * what everybody knows (authorities of the public, products that inspect).  Equal parts become equal parts,
 * so a chain is one again, by names and by key identifiers.  Signatures fit nothing any more.
 */
#ifndef VEIL_CERTIFICATE_H
#define VEIL_CERTIFICATE_H

#include "veil/rewrite.h"

/* A whole certificate in DER.  What is none, or not all there, becomes bytes that nobody reads. */
void certificate_put(const struct rewrite *w, struct span der);

/* A Name in DER, as a CertificateRequest lists authorities. */
void certificate_name_put(const struct rewrite *w, struct span der);

#endif
