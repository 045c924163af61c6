/* decoders/certs.h - certificates by their bytes: each is parsed once, by libcrypto, and found again by hash.
 *
 * Entries are counted by who holds them; those that nobody holds are kept as long as there is room.
 */
#ifndef DECODERS_CERTS_H
#define DECODERS_CERTS_H

#include "base/budget.h"
#include "facts/certificate.h"

struct certs;

struct certs *certs_new(struct budget *budget);         /* borrowed; NULL: out of memory */
void certs_free(struct certs *c);

/* Never NULL for a DER within the ceiling, but maybe unreadable; NULL: too long, or no memory.  To be given
 * back by certs_drop. */
const struct certificate *certs_hold(struct certs *c, struct span der);
void certs_drop(struct certs *c, const struct certificate *certificate);

#endif
