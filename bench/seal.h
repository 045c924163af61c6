/* bench/seal.h - records of TLS 1.2 and 1.3 as a peer encrypts them (RFC 5246 section 6.2.3, RFC 8446
 * section 5.2), by libcrypto and from the specifications: nothing is shared with what decrypts them. */
#ifndef BENCH_SEAL_H
#define BENCH_SEAL_H

#include "base/buf.h"

struct seal_suite;

enum { SEAL_SECRET_MAX = 48, SEAL_RECORD_ROOM = 64 };

struct sealer {                         /* one direction under one key */
	const struct seal_suite *suite;
	uint8_t key[32], mac_key[20], iv[12];
	uint64_t number;                /* of the next record */
};

/* One of those that the generator knows; exits for another. */
const struct seal_suite *seal_suite(unsigned id);
bool seal_is13(const struct seal_suite *s);
size_t seal_secret_len(const struct seal_suite *s);

/* From a traffic secret; and both directions from a master secret and the randoms. */
void seal_keys13(struct sealer *s, const struct seal_suite *suite, const uint8_t *secret);
void seal_keys12(struct sealer both[static 2], const struct seal_suite *suite,
                 const uint8_t master[static 48], const uint8_t client_random[static 32],
                 const uint8_t server_random[static 32]);

/* Adds one record; `content` is at most 16384 bytes. */
void seal(struct sealer *s, struct buf *b, unsigned type, struct span content);

#endif
