/* decoders/tlslib.c - providers loaded, algorithms fetched by the tables of suites. */
#include "decoders/tlslib.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/provider.h>
#include <stdlib.h>

static bool load(struct tlslib *l)
{
	l->context = OSSL_LIB_CTX_new();
	l->usual = l->context ? OSSL_PROVIDER_load(l->context, "default") : NULL;
	if (!l->usual)
		return false;
	l->legacy = OSSL_PROVIDER_load(l->context, "legacy");
	return true;
}

static void fetch(struct tlslib *l)
{
	for (enum tls_cipher i = 0; i < TLS_CIPHER_UNKNOWN; i++)
		l->ciphers[i] = EVP_CIPHER_fetch(l->context, tls_cipher_shape(i)->name, NULL);
	for (enum tls_digest i = 0; i < TLS_AEAD; i++)
		l->digests[i] = EVP_MD_fetch(l->context, tls_digest_name(i), NULL);
	l->md5_sha1 = EVP_MD_fetch(l->context, "MD5-SHA1", NULL);
	l->hmac = EVP_MAC_fetch(l->context, "HMAC", NULL);
	l->prf = EVP_KDF_fetch(l->context, "TLS1-PRF", NULL);
	l->hkdf = EVP_KDF_fetch(l->context, "HKDF", NULL);
}

struct tlslib *tlslib_new(void)
{
	struct tlslib *l = calloc(1, sizeof *l);
	bool loaded = l && load(l);

	if (loaded)
		fetch(l);
	ERR_clear_error();              /* what is not installed is no error */
	if (loaded && l->hmac && l->prf && l->hkdf)
		return l;
	tlslib_free(l);
	return NULL;
}

void tlslib_free(struct tlslib *l)
{
	if (!l)
		return;
	for (enum tls_cipher i = 0; i < TLS_CIPHER_UNKNOWN; i++)
		EVP_CIPHER_free(l->ciphers[i]);
	for (enum tls_digest i = 0; i < TLS_AEAD; i++)
		EVP_MD_free(l->digests[i]);
	EVP_MD_free(l->md5_sha1);
	EVP_MAC_free(l->hmac);
	EVP_KDF_free(l->prf);
	EVP_KDF_free(l->hkdf);
	if (l->legacy)
		OSSL_PROVIDER_unload(l->legacy);
	if (l->usual)
		OSSL_PROVIDER_unload(l->usual);
	OSSL_LIB_CTX_free(l->context);
	free(l);
}

bool tlslib_reads(const struct tlslib *l, const struct tls_suite *suite)
{
	return suite && suite->cipher != TLS_CIPHER_UNKNOWN && l->ciphers[suite->cipher] &&
	       (suite->mac == TLS_AEAD || l->digests[suite->mac]);
}
