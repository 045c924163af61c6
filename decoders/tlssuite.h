/* decoders/tlssuite.h - what a cipher suite's number means for its records and keys.
 *
 * Names and columns are of facts/suites.def, from IANA's registry of TLS cipher suites.
 */
#ifndef DECODERS_TLSSUITE_H
#define DECODERS_TLSSUITE_H

#include "facts/tls.h"

/* ANY: TLS 1.3, where the suite does not say */
enum tls_key_exchange { KX_NONE, KX_RSA, KX_DHE, KX_ECDHE, KX_DH, KX_ECDH, KX_PSK, KX_ANY };

/* X(symbol, libcrypto's name, key bytes, IV bytes of the key block, block, tag bytes of an AEAD) */
#define TLS_CIPHERS(X)                                  \
	X(NULL,        "NULL",              0,  0,  0,  0)      \
	X(RC4_128,     "RC4",               16, 0,  0,  0)      \
	X(DES_EDE3_CBC, "DES-EDE3-CBC",     24, 8,  8,  0)      \
	X(AES_128_CBC, "AES-128-CBC",       16, 16, 16, 0)      \
	X(AES_256_CBC, "AES-256-CBC",       32, 16, 16, 0)      \
	X(AES_128_GCM, "AES-128-GCM",       16, 4,  0,  16)     \
	X(AES_256_GCM, "AES-256-GCM",       32, 4,  0,  16)     \
	X(AES_128_CCM, "AES-128-CCM",       16, 4,  0,  16)     \
	X(AES_256_CCM, "AES-256-CCM",       32, 4,  0,  16)     \
	X(AES_128_CCM_8, "AES-128-CCM",     16, 4,  0,  8)      \
	X(AES_256_CCM_8, "AES-256-CCM",     32, 4,  0,  8)      \
	X(CHACHA20_POLY1305, "ChaCha20-Poly1305", 32, 12, 0, 16)

#define X(symbol, ...) TLS_CIPHER_##symbol,
enum tls_cipher { TLS_CIPHERS(X) TLS_CIPHER_UNKNOWN };
#undef X

/* AEAD: the cipher is its own MAC */
enum tls_digest { TLS_MD5, TLS_SHA1, TLS_SHA256, TLS_SHA384, TLS_AEAD };

struct tls_suite {
	uint16_t id;
	enum tls_key_exchange exchange;
	enum tls_cipher cipher;         /* UNKNOWN: named, but not read */
	enum tls_digest mac;
	enum tls_digest prf;            /* from TLS 1.2 on: SHA256 or SHA384 */
};

const struct tls_suite *tls_suite(unsigned id);         /* NULL: unknown */

/* Columns of TLS_CIPHERS. */
struct tls_cipher_shape {
	const char *name;               /* libcrypto's */
	size_t key, iv, block, tag;     /* bytes; block 0: no block cipher; tag 0: no AEAD */
};

/* NULL: TLS_CIPHER_UNKNOWN. */
const struct tls_cipher_shape *tls_cipher_shape(enum tls_cipher cipher);

size_t tls_digest_length(enum tls_digest digest);       /* bytes; 0: TLS_AEAD */
const char *tls_digest_name(enum tls_digest digest);    /* libcrypto's; NULL: TLS_AEAD */

/* Whether records and keys are those of TLS 1.3, by the negotiated version: drafts (0x7fNN) too. */
static inline bool tls_is_13(unsigned version)
{
	return version == TLS_1_3 || version >> 8 == 0x7f;
}

/* The length field of a record that holds `content` bytes under that suite and version, with as
 * little padding as can be.  0: not told (a suite that is not read, or none of that version). */
size_t tls_record_length(const struct tls_suite *suite, unsigned version, bool encrypt_then_mac,
                         size_t content);

#endif
