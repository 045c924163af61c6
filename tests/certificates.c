/* tests/certificates.c - wishes into X509 objects. */
#include "tests/certificates.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "tests/authority.h"

static void put_name(X509_NAME *name, const struct wish_part parts[static WISH_PARTS])
{
	for (size_t i = 0; i < WISH_PARTS && parts[i].kind; i++) {
		int type = parts[i].type ? parts[i].type : V_ASN1_UTF8STRING;

		assert_true(X509_NAME_add_entry_by_txt(name, parts[i].kind, type, parts[i].value.at,
		                                       (int)parts[i].value.len, -1, 0));
	}
}

static void put_raw_extension(X509 *x, int nid, struct span value)
{
	ASN1_OCTET_STRING *bytes = ASN1_OCTET_STRING_new();
	X509_EXTENSION *e;

	assert_true(ASN1_OCTET_STRING_set(bytes, value.at, (int)value.len));
	e = X509_EXTENSION_create_by_NID(NULL, nid, 0, bytes);
	assert_true(X509_add_ext(x, e, -1));
	X509_EXTENSION_free(e);
	ASN1_OCTET_STRING_free(bytes);
}

static EVP_PKEY *key_of(const char *key)
{
	EVP_PKEY *pair;

	if (!key || !strcmp(key, "ED25519"))
		pair = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	else if (!strcmp(key, "RSA"))
		pair = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)1024);
	else
		pair = EVP_PKEY_Q_keygen(NULL, NULL, "EC", key);
	assert_non_null(pair);
	return pair;
}

static void sign(X509 *x, EVP_PKEY *pair, const struct certificate_wish *wish)
{
	EVP_MD_CTX *signer = EVP_MD_CTX_new();
	const EVP_MD *digest = wish->digest ? EVP_get_digestbyname(wish->digest) : NULL;
	EVP_PKEY_CTX *how;

	assert_true(EVP_DigestSignInit(signer, &how, digest, NULL, pair));
	if (wish->pss)
		assert_true(EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING) > 0);
	assert_true(X509_sign_ctx(x, signer));
	EVP_MD_CTX_free(signer);
}

size_t certificate_make(const struct certificate_wish *wish, uint8_t *to, size_t room)
{
	X509 *x = X509_new();
	EVP_PKEY *pair = key_of(wish->key);
	const char *from = wish->not_before ? wish->not_before : "20260101000000Z";
	const char *until = wish->not_after ? wish->not_after : "20261231235959Z";
	int len;

	assert_true(X509_set_version(x, X509_VERSION_3));
	assert_true(ASN1_INTEGER_set_uint64(X509_get_serialNumber(x), wish->serial));
	assert_true(ASN1_TIME_set_string_X509(X509_getm_notBefore(x), from));
	assert_true(ASN1_TIME_set_string_X509(X509_getm_notAfter(x), until));
	put_name(X509_get_subject_name(x), wish->subject);
	put_name(X509_get_issuer_name(x), wish->issuer);
	assert_true(X509_set_pubkey(x, pair));
	authority_extend(x, NID_subject_alt_name, wish->names);
	if (wish->names_der.len)
		put_raw_extension(x, NID_subject_alt_name, wish->names_der);
	authority_extend(x, NID_ext_key_usage, wish->usage);
	authority_extend(x, NID_basic_constraints, wish->constraints);
	sign(x, pair, wish);
	len = i2d_X509(x, NULL);
	assert_true(len > 0 && (size_t)len <= room);
	i2d_X509(x, &to);
	EVP_PKEY_free(pair);
	X509_free(x);
	return (size_t)len;
}
