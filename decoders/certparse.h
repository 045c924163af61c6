/* decoders/certparse.h - one certificate out of its DER, by libcrypto (RFC 5280 section 4.1).
 *
 * Not by X509 objects: those load the public key as well, which costs most of a parse and is of no use here.
 */
#ifndef DECODERS_CERTPARSE_H
#define DECODERS_CERTPARSE_H

#include "base/arena.h"
#include "facts/certificate.h"

/* Fills *c, whose `der` is set and outlives it; texts and names go to the arena.  What follows the
 * certificate within `der` is passed over.  False: the arena has no room, and *c is to be dropped. */
bool certparse(struct certificate *c, struct arena *arena);

#endif
