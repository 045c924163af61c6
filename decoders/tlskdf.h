/* decoders/tlskdf.h - from secrets to keys: SSL 3.0 (RFC 6101 section 6), TLS 1.0 to 1.2 (RFC 5246
 * sections 5, 6.3 and 8.1; RFC 7627), TLS 1.3 (RFC 8446 section 7).
 */
#ifndef DECODERS_TLSKDF_H
#define DECODERS_TLSKDF_H

#include "base/span.h"
#include "decoders/tlslib.h"
#include "facts/connection.h"

enum { TLS_RANDOM = 32, TLS_MASTER = 48, TLS_SECRET_MAX = 48 };
enum { TLS_KEY_MAX = 32, TLS_IV_MAX = 16, TLS_MAC_MAX = 48 };

struct tls_keys {                       /* of one direction */
	uint8_t key[TLS_KEY_MAX], iv[TLS_IV_MAX], mac[TLS_MAC_MAX];
};

struct tls_randoms {
	uint8_t client[TLS_RANDOM], server[TLS_RANDOM];
};

/* All return false when libcrypto refuses, or memory is out. */

/* `session_hash` of RFC 7627 makes it an extended master secret; empty: a plain one. */
bool tlskdf_master(const struct tlslib *lib, unsigned version, const struct tls_suite *suite,
                   struct span premaster, const struct tls_randoms *randoms, struct span session_hash,
                   uint8_t master[static TLS_MASTER]);

/* Up to TLS 1.2; keys[CLIENT] protects what the client writes. */
bool tlskdf_keys(const struct tlslib *lib, unsigned version, const struct tls_suite *suite,
                 const uint8_t master[static TLS_MASTER], const struct tls_randoms *randoms,
                 struct tls_keys keys[static 2]);

/* TLS 1.3; `secret` is one of a key log's, 32 or 48 bytes by the suite. */
bool tlskdf_keys13(const struct tlslib *lib, const struct tls_suite *suite, struct span secret,
                   struct tls_keys *keys);

/* The next generation after a KeyUpdate, in place. */
bool tlskdf_update13(const struct tlslib *lib, const struct tls_suite *suite, uint8_t *secret, size_t len);

/* What the handshake up to here hashes to, for RFC 7627: `messages` one after the other. */
bool tlskdf_hash(const struct tlslib *lib, unsigned version, const struct tls_suite *suite,
                 struct span messages, uint8_t hash[static 64], size_t *len);

#endif
