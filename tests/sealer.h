/* tests/sealer.h - TLS records as a sender would make them: the other half of decoders/tlscrypt.h.
 *
 * AES-128-GCM alone, by libcrypto: TLS 1.2 (RFC 5288 section 3) and TLS 1.3 (RFC 8446 section 5.2).
 */
#ifndef TESTS_SEALER_H
#define TESTS_SEALER_H

#include "base/buf.h"
#include "decoders/tlskdf.h"

struct sealer {                         /* of one direction */
	bool tls13;
	struct tls_keys keys;
	uint64_t sequence;
};

/* Appends the record to `out`, header and all. */
void sealer_seal(struct sealer *s, uint8_t type, struct span content, struct buf *out);

/* A record in the clear. */
void sealer_clear(uint8_t type, struct span content, struct buf *out);

/* A handshake message in front of its body. */
void sealer_message(uint8_t type, struct span body, struct buf *out);

#endif
