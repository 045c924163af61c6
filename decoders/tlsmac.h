/* decoders/tlsmac.h - the MAC of a record: HMAC (RFC 5246 section 6.2.3.1), or SSL 3.0's own
 * form of it (RFC 6101 section 5.2.3.1).
 */
#ifndef DECODERS_TLSMAC_H
#define DECODERS_TLSMAC_H

#include "base/span.h"
#include "decoders/tlslib.h"

struct tlsmac;

enum { TLSMAC_MAX = 48 };               /* bytes of a MAC */

struct tlsmac_record {
	uint64_t sequence;
	uint8_t type;
	uint16_t version;
	struct span content;            /* with encrypt-then-MAC: IV and ciphertext */
};

/* `key` is as long as the digest, and copied.  NULL: TLS_AEAD, or out of memory. */
struct tlsmac *tlsmac_new(const struct tlslib *lib, unsigned version, enum tls_digest digest,
                          const uint8_t *key);
void tlsmac_free(struct tlsmac *m);     /* wipes the key; NULL is fine */

/* The record's MAC, as long as the digest.  False: libcrypto refuses. */
bool tlsmac_make(struct tlsmac *m, const struct tlsmac_record *r, uint8_t mac[static TLSMAC_MAX]);

/* Whether `mac`, as long as the digest, is that of the record. */
bool tlsmac_fits(struct tlsmac *m, const struct tlsmac_record *r, const uint8_t *mac);

#endif
