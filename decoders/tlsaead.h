/* decoders/tlsaead.h - what an AEAD cipher of TLS takes beside the key: nonce and additional data. */
#ifndef DECODERS_TLSAEAD_H
#define DECODERS_TLSAEAD_H

#include "decoders/tlskdf.h"

enum { TLSAEAD_NONCE = 12, TLSAEAD_AAD_MAX = 13 };

struct tlsaead_record {
	uint64_t sequence;
	uint8_t type;                   /* of its header */
	uint16_t version;
	const uint8_t *fragment;
	size_t len;                     /* of the fragment */
	size_t content;                 /* bytes that are encrypted, without the tag */
};

/* Bytes of the nonce that a record begins with: 8 (RFC 5288 section 3), or 0. */
size_t tlsaead_explicit(unsigned version, const struct tls_suite *suite);

/* `iv` is the direction's, by its keys. */
void tlsaead_nonce(unsigned version, const struct tls_suite *suite, const uint8_t iv[static TLSAEAD_NONCE],
                   const struct tlsaead_record *r, uint8_t nonce[static TLSAEAD_NONCE]);

/* Returns its length. */
size_t tlsaead_aad(unsigned version, const struct tlsaead_record *r, uint8_t aad[static TLSAEAD_AAD_MAX]);

#endif
