/* tests/test_veil_certificate.c - a certificate of libcrypto's goes through, and tells nobody whose it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "veil/certificate.h"

enum { ROOM = 4096, SERIAL_LEN = 16 };

static const uint8_t serial[SERIAL_LEN] = {
	0x4b, 0x17, 0xa9, 0xd2, 0x35, 0xee, 0x81, 0x0c, 0x96, 0x5f, 0x23, 0xb8, 0x7d, 0xc4, 0x1a, 0xf1,
};

static void add_extension(X509 *x, int nid, const char *text)
{
	X509V3_CTX context;
	X509_EXTENSION *extension;

	X509V3_set_ctx(&context, x, x, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, nid, text);
	assert_non_null(extension);
	assert_true(X509_add_ext(x, extension, -1));
	X509_EXTENSION_free(extension);
}

static void add_name(X509_NAME *name, const char *kind, const char *value)
{
	assert_true(X509_NAME_add_entry_by_txt(name, kind, MBSTRING_UTF8, (const uint8_t *)value, -1, -1, 0));
}

static X509 *make(void)
{
	X509 *x = X509_new();
	EVP_PKEY *key = EVP_EC_gen("P-256");
	ASN1_INTEGER *number = X509_get_serialNumber(x);

	assert_non_null(key);
	assert_true(ASN1_STRING_set(number, serial, sizeof serial));
	assert_true(X509_set_version(x, X509_VERSION_3) && X509_set_pubkey(x, key));
	assert_non_null(X509_gmtime_adj(X509_getm_notBefore(x), 0));
	assert_non_null(X509_gmtime_adj(X509_getm_notAfter(x), 86400));
	add_name(X509_get_subject_name(x), "O", "Kestrelworks Holding");
	add_name(X509_get_subject_name(x), "CN", "wsus01.kestrelhq.example");
	assert_true(X509_set_issuer_name(x, X509_get_subject_name(x)));
	add_extension(x, NID_subject_key_identifier, "hash");
	add_extension(x, NID_authority_key_identifier, "keyid:always");
	add_extension(x, NID_subject_alt_name, "DNS:osprey7.kestrelhq.example,IP:192.0.2.77");
	add_extension(x, NID_ext_key_usage, "serverAuth");
	assert_true(X509_sign(x, key, EVP_sha256()) > 0);
	EVP_PKEY_free(key);
	return x;
}

static void is_gone(struct span der, struct span value)
{
	assert_true(span_ifind(der, value) == SIZE_MAX);
}

/* What `x` tells of whose it is stands nowhere in `der`. */
static void tells_nothing(X509 *x, struct span der)
{
	static const uint8_t address[] = { 192, 0, 2, 77 };
	const ASN1_OCTET_STRING *id = X509_get0_subject_key_id(x);
	const ASN1_BIT_STRING *key = X509_get0_pubkey_bitstr(x);
	const ASN1_BIT_STRING *signature;
	const X509_ALGOR *algorithm;

	X509_get0_signature(&signature, &algorithm, x);
	is_gone(der, SPAN("kestrel"));
	is_gone(der, SPAN("osprey"));
	is_gone(der, span_of(serial, sizeof serial));
	is_gone(der, span_of(address, sizeof address));
	is_gone(der, span_of(id->data, (size_t)id->length));
	is_gone(der, span_of(key->data + 1, (size_t)key->length - 1));
	is_gone(der, span_of(signature->data, (size_t)signature->length));
}

/* What judges read of both is the same. */
static void judged_alike(X509 *was, X509 *is)
{
	assert_int_equal(ASN1_TIME_compare(X509_get0_notBefore(was), X509_get0_notBefore(is)), 0);
	assert_int_equal(ASN1_TIME_compare(X509_get0_notAfter(was), X509_get0_notAfter(is)), 0);
	assert_int_equal(X509_get_signature_nid(was), X509_get_signature_nid(is));
	assert_int_equal(X509_get_extended_key_usage(is), XKU_SSL_SERVER);
	/* Its own issuer, by name and by key identifier, as it was. */
	assert_int_equal(X509_NAME_cmp(X509_get_subject_name(is), X509_get_issuer_name(is)), 0);
	assert_int_equal(ASN1_OCTET_STRING_cmp(X509_get0_subject_key_id(is),
	                                       X509_get0_authority_key_id(is)), 0);
}

static void put(struct span der, uint8_t to[static ROOM])
{
	static const uint8_t key[NAMES_KEY] = { 7 };
	struct budget budget = { .ceiling = 16 << 20 };
	struct names *names = names_new(key, false, &budget);

	assert_non_null(names);
	for (unsigned reading = 0; reading < 2; reading++) {
		memset(to, 0, ROOM);
		certificate_put(&(struct rewrite){ names, der.at, to }, der);
		names_seal(names);
	}
	for (size_t i = der.len; i < ROOM; i++)
		assert_int_equal(to[i], 0);
	names_free(names);
}

static void a_certificate_is_one_again_and_nobodys(void **state)
{
	X509 *was = make(), *is;
	uint8_t *der = NULL, to[ROOM];
	int len = i2d_X509(was, &der);
	const uint8_t *at = to;

	(void)state;
	assert_true(len > 0 && len < ROOM);
	put(span_of(der, (size_t)len), to);
	is = d2i_X509(NULL, &at, len);
	assert_non_null(is);
	assert_ptr_equal(at, to + len);
	tells_nothing(was, span_of(to, (size_t)len));
	judged_alike(was, is);
	X509_free(is);
	X509_free(was);
	OPENSSL_free(der);
}

/* Cut anywhere it tells as little. */
static void half_a_certificate_tells_nothing(void **state)
{
	X509 *was = make();
	uint8_t *der = NULL, to[ROOM];
	int len = i2d_X509(was, &der);

	(void)state;
	assert_true(len > 0 && len < ROOM);
	for (int cut = 0; cut < len; cut += 7) {
		put(span_of(der, (size_t)cut), to);
		tells_nothing(was, span_of(to, (size_t)cut));
	}
	X509_free(was);
	OPENSSL_free(der);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_certificate_is_one_again_and_nobodys),
		cmocka_unit_test(half_a_certificate_tells_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
