/* decoders/certs.h - certificates by their bytes: each is parsed once, by libcrypto, and found again by hash.
 *
 * Entries are counted by who holds them; those that nobody holds are kept as long as there is room, the last
 * used longest, and make room for new ones.
 */
#ifndef DECODERS_CERTS_H
#define DECODERS_CERTS_H

#include "base/budget.h"
#include "facts/certificate.h"

enum { CERTIFICATE_DER_MAX = 64 * 1024 };       /* bytes */

struct certs;

struct certs *certs_new(struct budget *budget);         /* borrowed, may be NULL; NULL: out of memory */
void certs_free(struct certs *c);                       /* nobody holds any more; NULL is fine */

/* The same certificate for the same bytes, maybe an unreadable one; NULL: longer than CERTIFICATE_DER_MAX, or
 * no memory.  To be given back by certs_drop, as often as it was held; dropping NULL is fine. */
const struct certificate *certs_hold(struct certs *c, struct span der);
void certs_drop(struct certs *c, const struct certificate *certificate);

#endif
