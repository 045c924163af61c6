/* decoders/tlssuite.h - what a cipher suite's number means for its records and keys.
 *
 * Names and columns are of facts/suites.def, from IANA's registry of TLS cipher suites.
 */
#ifndef DECODERS_TLSSUITE_H
#define DECODERS_TLSSUITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tls_key_exchange { KX_NONE, KX_RSA, KX_DHE, KX_ECDHE, KX_DH, KX_ECDH, KX_PSK, KX_ANY };    /* ANY: TLS 1.3 */

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

enum tls_digest { TLS_MD5, TLS_SHA1, TLS_SHA256, TLS_SHA384, TLS_AEAD };        /* AEAD: the cipher is its own MAC */

struct tls_suite {
	uint16_t id;
	enum tls_key_exchange exchange;
	enum tls_cipher cipher;         /* UNKNOWN: named, but not read */
	enum tls_digest mac;
	enum tls_digest prf;            /* from TLS 1.2 on: SHA256 or SHA384 */
};

const struct tls_suite *tls_suite(unsigned id);         /* NULL: unknown */

/* Bytes that protection adds to `content` bytes: the length of a record of that suite, and version, without
 * padding of TLS 1.3.  0: not told (unknown suite). */
size_t tls_record_length(const struct tls_suite *suite, unsigned version, bool encrypt_then_mac, size_t content);

#endif
