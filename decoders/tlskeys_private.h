/* decoders/tlskeys_private.h - private keys of servers, read and used by libcrypto.
 *
 * Only RSA keys serve: with RSA key exchange they open what the client encrypted to them (RFC 5246 section
 * 7.4.7.1); where (EC)DHE agrees on keys, a private key only signs.
 */
#ifndef DECODERS_TLSKEYS_PRIVATE_H
#define DECODERS_TLSKEYS_PRIVATE_H

#include "base/fault.h"
#include "base/span.h"
#include "decoders/tlslib.h"

enum { TLSKEYS_PRIVATE_MAX = 64, TLSKEYS_PREMASTER = 48 };

struct tlskeys_private;

/* `lib` is borrowed.  NULL: out of memory.  Freeing wipes; NULL is fine. */
struct tlskeys_private *tlskeys_private_new(const struct tlslib *lib);
void tlskeys_private_free(struct tlskeys_private *p);

/* PEM, DER or PKCS#12; `password` may be NULL.  False: the fault says why. */
bool tlskeys_private_add(struct tlskeys_private *p, const char *name, struct span file, const char *password,
                         struct fault *f);

size_t tlskeys_private_count(const struct tlskeys_private *p);

/* SIZE_MAX: none has the public key of that certificate (DER). */
size_t tlskeys_private_match(const struct tlskeys_private *p, struct span certificate);

/* False: what comes out is no premaster secret. */
bool tlskeys_private_decrypt(const struct tlskeys_private *p, size_t which, struct span encrypted,
                             uint8_t premaster[static TLSKEYS_PREMASTER]);

#endif
