/* decoders/tlslib.h - libcrypto as TLS uses it: one context of its own, algorithms looked up once.
 *
 * Apart from the process's context, so that old ciphers (RC4; what protects old key files) can be used
 * without changing what the rest of the process allows.  Owned by tlskeys, lent to all that opens; it
 * outlives them.
 */
#ifndef DECODERS_TLSLIB_H
#define DECODERS_TLSLIB_H

#include <openssl/types.h>

#include "decoders/tlssuite.h"

struct tlslib {                         /* only read, once it is made */
	OSSL_LIB_CTX *context;
	OSSL_PROVIDER *usual, *legacy;  /* legacy: NULL where it is not installed */
	EVP_CIPHER *ciphers[TLS_CIPHER_UNKNOWN];        /* NULL: none such, as RC4 without legacy */
	EVP_MD *digests[TLS_AEAD];      /* NULL: none such */
	EVP_MD *md5_sha1;
	EVP_MAC *hmac;
	EVP_KDF *prf, *hkdf;
};

/* NULL: libcrypto does not start, or out of memory. */
struct tlslib *tlslib_new(void);
void tlslib_free(struct tlslib *l);     /* NULL is fine */

/* Whether records under that suite (NULL: none) can be read here. */
bool tlslib_reads(const struct tlslib *l, const struct tls_suite *suite);

#endif
