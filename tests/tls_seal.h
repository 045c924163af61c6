/* tests/tls_seal.h - protects records as a peer would, from the RFCs' text and without the decoders' code.
 *
 * Slow and plain: every record makes its contexts anew.
 */
#ifndef TESTS_TLS_SEAL_H
#define TESTS_TLS_SEAL_H

#include "decoders/tlskdf.h"

enum { TLS_SEALED_MAX = 16384 + 2048 };

struct tls_seal {
	unsigned version;
	const struct tls_suite *suite;
	bool encrypt_then_mac;
	struct tls_keys keys;           /* the IV goes on where it is implicit */
	uint64_t sequence;              /* of the next record; may be set */
	uint64_t nonce_from;            /* what is added to it in explicit nonces */
	size_t padding;                 /* blocks beyond what must be, which SSL 3.0 forbids; 1.3: zeros */
	size_t stream;                  /* bytes of RC4's key stream that are used up */
};

/* RC4 needs libcrypto's legacy provider: false where that is absent. */
bool tls_seal_can(const struct tls_suite *suite);

/* Protects `content` and returns how long the fragment in `out` is; out has room for content and 512 more. */
size_t tls_seal(struct tls_seal *s, uint8_t type, uint16_t record_version, struct span content, uint8_t *out);

#endif
