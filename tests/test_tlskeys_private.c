/* tests/test_tlskeys_private.c - private keys in every wrapping, as libcrypto itself writes them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "decoders/tlskeys.h"

static const uint8_t *all(uint8_t byte)
{
	static uint8_t bytes[48];

	return memset(bytes, byte, sizeof bytes);
}

/* One key of each kind, made once, and the context that knows old ciphers. */
struct made {
	OSSL_LIB_CTX *library;
	OSSL_PROVIDER *usual, *legacy;
	EVP_PKEY *rsa, *other, *ec;
	X509 *certificate;
};

static X509 *certificate_of(EVP_PKEY *key)
{
	X509 *x = X509_new();

	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
	X509_gmtime_adj(X509_getm_notBefore(x), 0);
	X509_gmtime_adj(X509_getm_notAfter(x), 3600);
	X509_set_pubkey(x, key);
	assert_true(X509_sign(x, key, EVP_sha256()) > 0);
	return x;
}

static int make_keys(void **state)
{
	struct made *m = calloc(1, sizeof *m);

	m->library = OSSL_LIB_CTX_new();
	m->usual = OSSL_PROVIDER_load(m->library, "default");
	m->legacy = OSSL_PROVIDER_load(m->library, "legacy");
	m->rsa = EVP_RSA_gen(1024);
	m->other = EVP_RSA_gen(1024);
	m->ec = EVP_EC_gen("P-256");
	m->certificate = certificate_of(m->rsa);
	*state = m;
	return 0;
}

static int drop_keys(void **state)
{
	struct made *m = *state;

	X509_free(m->certificate);
	EVP_PKEY_free(m->rsa);
	EVP_PKEY_free(m->other);
	EVP_PKEY_free(m->ec);
	if (m->legacy)
		OSSL_PROVIDER_unload(m->legacy);
	OSSL_PROVIDER_unload(m->usual);
	OSSL_LIB_CTX_free(m->library);
	free(m);
	return 0;
}

enum wrapping {
	PEM_PKCS8, PEM_PKCS1, PEM_PKCS8_LOCKED, PEM_PKCS1_LOCKED, PEM_BESIDE_CERTIFICATE,
	PEM_CERTIFICATE, DER_PKCS1, DER_PKCS8, DER_PKCS8_LOCKED, PFX_AES, PFX_3DES, PFX_RC2, PFX_EMPTY,
	PFX_NO_KEY, TEXT, NOTHING,
};

/* What PKCS#12 files are locked with. */
static const struct pfx {
	enum wrapping how;
	int cipher;
	const char *password;
	bool no_key;
} pfx_rows[] = {
	{ PFX_AES, NID_aes_256_cbc, "opens it", false },
	{ PFX_3DES, NID_pbe_WithSHA1And3_Key_TripleDES_CBC, "opens it", false },
	{ PFX_RC2, NID_pbe_WithSHA1And40BitRC2_CBC, "opens it", false },
	{ PFX_EMPTY, NID_pbe_WithSHA1And3_Key_TripleDES_CBC, "", false },
	{ PFX_NO_KEY, NID_aes_256_cbc, "opens it", true },
};

static void wrap_pfx(const struct made *m, EVP_PKEY *key, enum wrapping how, BIO *out)
{
	const struct pfx *row = pfx_rows;
	PKCS12 *box;

	while (row->how != how)
		row++;
	box = PKCS12_create_ex(row->password, "web", row->no_key ? NULL : key, m->certificate, NULL,
	                       row->cipher, row->cipher, 2048, 0, 0, m->library, NULL);
	assert_non_null(box);
	i2d_PKCS12_bio(out, box);
	PKCS12_free(box);
}

static void wrap(const struct made *m, EVP_PKEY *key, enum wrapping how, BIO *out)
{
	char word[] = "opens it";

	switch (how) {
	case PEM_PKCS8:
		PEM_write_bio_PKCS8PrivateKey(out, key, NULL, NULL, 0, NULL, NULL);
		break;
	case PEM_PKCS1:
		PEM_write_bio_PrivateKey_traditional(out, key, NULL, NULL, 0, NULL, NULL);
		break;
	case PEM_PKCS8_LOCKED:
		PEM_write_bio_PKCS8PrivateKey(out, key, EVP_aes_256_cbc(), word, 8, NULL, NULL);
		break;
	case PEM_PKCS1_LOCKED:
		PEM_write_bio_PrivateKey_traditional(out, key, EVP_des_ede3_cbc(), (uint8_t *)word, 8, NULL,
		                                     NULL);
		break;
	case PEM_BESIDE_CERTIFICATE:
		PEM_write_bio_X509(out, m->certificate);
		PEM_write_bio_PKCS8PrivateKey(out, key, NULL, NULL, 0, NULL, NULL);
		break;
	case PEM_CERTIFICATE:
		PEM_write_bio_X509(out, m->certificate);
		break;
	case DER_PKCS1:
		i2d_PrivateKey_bio(out, key);
		break;
	case DER_PKCS8:
		i2d_PKCS8PrivateKey_bio(out, key, NULL, NULL, 0, NULL, NULL);
		break;
	case DER_PKCS8_LOCKED:
		i2d_PKCS8PrivateKey_bio(out, key, EVP_aes_128_cbc(), word, 8, NULL, NULL);
		break;
	case PFX_AES:
	case PFX_3DES:
	case PFX_RC2:
	case PFX_EMPTY:
	case PFX_NO_KEY:
		wrap_pfx(m, key, how, out);
		break;
	case TEXT:
		BIO_puts(out, "-----BEGIN PRIVATE KEY-----\nno base64!\n-----END PRIVATE KEY-----\n");
		break;
	case NOTHING:
		break;
	}
}

static const struct key_row {
	const char *name;
	enum wrapping how;
	const char *password;
	const char *told;               /* "": it is taken */
} key_rows[] = {
	{ "PKCS#8", PEM_PKCS8, NULL, "" },
	{ "PKCS#1", PEM_PKCS1, NULL, "" },
	{ "PKCS#8, locked", PEM_PKCS8_LOCKED, "opens it", "" },
	{ "PKCS#1, locked", PEM_PKCS1_LOCKED, "opens it", "" },
	{ "one of several blocks", PEM_BESIDE_CERTIFICATE, NULL, "" },
	{ "a pass phrase that nobody needs", PEM_PKCS8, "opens it", "" },
	{ "DER, PKCS#1", DER_PKCS1, NULL, "" },
	{ "DER, PKCS#8", DER_PKCS8, NULL, "" },
	{ "DER, locked", DER_PKCS8_LOCKED, "opens it", "" },
	{ "PKCS#12", PFX_AES, "opens it", "" },
	{ "PKCS#12 as older Windows exports it", PFX_3DES, "opens it", "" },
	{ "PKCS#12, older still", PFX_RC2, "opens it", "" },
	{ "PKCS#12 without a pass phrase", PFX_EMPTY, NULL, "" },
	{ "PKCS#12 without a pass phrase, one given", PFX_EMPTY, "opens it", "" },
	{ "locked, no pass phrase", PEM_PKCS8_LOCKED, NULL, "--key-pass" },
	{ "PKCS#1 locked, no pass phrase", PEM_PKCS1_LOCKED, NULL, "--key-pass" },
	{ "DER locked, no pass phrase", DER_PKCS8_LOCKED, NULL, "--key-pass" },
	{ "PKCS#12, no pass phrase", PFX_AES, NULL, "--key-pass" },
	{ "locked, a wrong one", PEM_PKCS8_LOCKED, "opens not", "the pass phrase does not open it" },
	{ "PKCS#12, a wrong one", PFX_3DES, "opens not", "the pass phrase does not open it" },
	{ "a certificate", PEM_CERTIFICATE, NULL, "no private key in it" },
	{ "PKCS#12 with a certificate alone", PFX_NO_KEY, "opens it", "no private key in it" },
	{ "a text", TEXT, NULL, "no private key in it" },
	{ "nothing", NOTHING, NULL, "no private key in it" },
};

static bool give(struct tlskeys *k, const struct made *m, EVP_PKEY *key, const struct key_row *r,
                 struct fault *f)
{
	BIO *out = BIO_new(BIO_s_mem());
	char *at = NULL;
	long len;
	bool taken;

	wrap(m, key, r->how, out);
	len = BIO_get_mem_data(out, &at);
	taken = tlskeys_private(k, "web.key", span_of(at, (size_t)len), r->password, f);
	BIO_free(out);
	return taken;
}

/* What a client would send (RFC 5246 section 7.4.7.1), or with another length. */
static size_t encrypt(EVP_PKEY *key, const uint8_t *premaster, size_t len, uint8_t out[static 256])
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
	size_t got = 256;

	assert_true(EVP_PKEY_encrypt_init(context) > 0);
	assert_true(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) > 0);
	assert_true(EVP_PKEY_encrypt(context, out, &got, premaster, len) > 0);
	EVP_PKEY_CTX_free(context);
	return got;
}

static size_t number_for(struct tlskeys *k, X509 *certificate)
{
	uint8_t *der = NULL;
	int len = i2d_X509(certificate, &der);
	size_t which = tlskeys_private_for(k, span_of(der, (size_t)len));

	OPENSSL_free(der);
	return which;
}

/* How a certificate may carry the same key. */
static void as_version_1(X509 *x)
{
	assert_true(X509_set_version(x, X509_VERSION_1));
}

/* The algorithm's NULL, which RFC 3279 section 2.3.1 wants, left out. */
static void without_parameters(X509 *x)
{
	X509_PUBKEY *public = X509_get_X509_PUBKEY(x);
	const uint8_t *at;
	uint8_t *bits;
	int len;

	assert_true(X509_PUBKEY_get0_param(NULL, &at, &len, NULL, public));
	bits = OPENSSL_memdup(at, (size_t)len);
	assert_true(X509_PUBKEY_set0_param(public, OBJ_nid2obj(NID_rsaEncryption), V_ASN1_UNDEF, NULL, bits,
	                                   len));
}

static void with_long_names(X509 *x)
{
	uint8_t text[64];

	memset(text, 'a', sizeof text);
	for (size_t i = 0; i < 8; i++)
		assert_true(X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "OU", MBSTRING_ASC, text,
		                                       sizeof text, -1, 0));
}

static void its_certificate_may_be_written_in_other_ways(void **state)
{
	static void (*const ways[])(X509 *) = { as_version_1, without_parameters, with_long_names };
	const struct made *m = *state;
	struct tlskeys *k = tlskeys_new(NULL);
	struct fault f = { 0 };

	assert_true(give(k, m, m->rsa, &(struct key_row){ .how = PEM_PKCS8 }, &f));
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		EVP_PKEY *keys[] = { m->rsa, m->other };

		for (size_t which = 0; which < 2; which++) {
			X509 *x = certificate_of(keys[which]);

			ways[i](x);
			assert_true(X509_sign(x, keys[which], EVP_sha256()) > 0);
			assert_int_equal(number_for(k, x), which ? SIZE_MAX : 0);
			X509_free(x);
		}
	}
	tlskeys_free(k);
}

/* Nor does a certificate of another kind of key belong to it, nor one that is cut before its key ends. */
static void other_certificates_have_no_key(void **state)
{
	const struct made *m = *state;
	struct tlskeys *k = tlskeys_new(NULL);
	X509 *x = certificate_of(m->ec);
	struct fault f = { 0 };
	uint8_t *der = NULL;
	int len = i2d_X509(m->certificate, &der);

	assert_true(give(k, m, m->rsa, &(struct key_row){ .how = PEM_PKCS8 }, &f));
	assert_int_equal(number_for(k, x), SIZE_MAX);
	/* Behind the key: the signature's algorithm, and as many bytes as the modulus. */
	for (size_t cut = 0; cut < (size_t)len - 128; cut++) {
		uint8_t *part = malloc(cut);            /* so that a byte too far is seen */
		size_t which;

		if (cut)
			memcpy(part, der, cut);
		which = tlskeys_private_for(k, span_of(part, cut));
		assert_true(which == SIZE_MAX || (!which && cut > (size_t)len - 128 - 32));
		free(part);
	}
	OPENSSL_free(der);
	X509_free(x);
	tlskeys_free(k);
}

static void private_keys_come_in_every_wrapping(void **state)
{
	const struct made *m = *state;
	uint8_t encrypted[256], premaster[48];
	size_t len = encrypt(m->rsa, all(7), 48, encrypted);

	for (size_t i = 0; i < sizeof key_rows / sizeof *key_rows; i++) {
		const struct key_row *r = &key_rows[i];
		struct tlskeys *k = tlskeys_new(NULL);
		struct fault f = { 0 };
		bool taken;

		if (r->how == PFX_RC2 && !m->legacy) {
			tlskeys_free(k);
			continue;
		}
		taken = give(k, m, m->rsa, r, &f);
		if (taken != !*r->told || (!taken && !strstr(f.text, r->told)))
			fail_msg("%s: %d %s", r->name, taken, f.text);
		assert_true(taken || !strncmp(f.text, "web.key: ", 9));
		assert_int_equal(tlskeys_counts(k).private_keys, taken);
		assert_int_equal(number_for(k, m->certificate), taken ? 0 : SIZE_MAX);
		assert_int_equal(tlskeys_private_open(k, 0, span_of(encrypted, len), premaster), taken);
		assert_true(!taken || !memcmp(premaster, all(7), 48));
		tlskeys_free(k);
	}
}

static void a_key_that_only_signs_is_told(void **state)
{
	static const enum wrapping ways[] = { PEM_PKCS8, DER_PKCS1, DER_PKCS8 };
	struct tlskeys *k = tlskeys_new(NULL);
	const struct made *m = *state;

	for (size_t i = 0; i < 3; i++) {
		struct fault f = { 0 };

		assert_false(give(k, m, m->ec, &(struct key_row){ .how = ways[i] }, &f));
		assert_int_equal(f.kind, FAULT_USAGE);
		assert_non_null(strstr(f.text, "EC private key never opens a capture"));
		assert_non_null(strstr(f.text, "--keys"));
	}
	assert_int_equal(tlskeys_counts(k).private_keys, 0);
	tlskeys_free(k);
}

static void the_key_of_a_certificate_opens_what_was_sent_to_it(void **state)
{
	const struct made *m = *state;
	struct tlskeys *k = tlskeys_new(NULL);
	uint8_t encrypted[256], premaster[48];
	struct fault f = { 0 };
	size_t len;

	assert_false(tlskeys_any(k));
	assert_int_equal(number_for(k, m->certificate), SIZE_MAX);
	assert_true(give(k, m, m->other, &(struct key_row){ .how = PEM_PKCS8 }, &f));
	assert_true(tlskeys_any(k));
	assert_int_equal(number_for(k, m->certificate), SIZE_MAX);
	assert_true(give(k, m, m->rsa, &(struct key_row){ .how = DER_PKCS1 }, &f));
	assert_int_equal(number_for(k, m->certificate), 1);
	assert_int_equal(tlskeys_private_for(k, SPAN("no certificate")), SIZE_MAX);

	len = encrypt(m->rsa, all(9), 48, encrypted);
	assert_true(tlskeys_private_open(k, 1, span_of(encrypted, len), premaster));
	assert_memory_equal(premaster, all(9), 48);
	assert_false(tlskeys_private_open(k, 0, span_of(encrypted, len), premaster));
	assert_false(tlskeys_private_open(k, 2, span_of(encrypted, len), premaster));
	assert_false(tlskeys_private_open(k, SIZE_MAX, span_of(encrypted, len), premaster));
	assert_false(tlskeys_private_open(k, 1, span_of(encrypted, len - 1), premaster));
	assert_false(tlskeys_private_open(k, 1, span_of(NULL, 0), premaster));
	for (size_t wrong = 0; wrong < 48; wrong++) {
		len = encrypt(m->rsa, all(9), wrong, encrypted);
		assert_false(tlskeys_private_open(k, 1, span_of(encrypted, len), premaster));
	}
	tlskeys_free(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(private_keys_come_in_every_wrapping),
		cmocka_unit_test(its_certificate_may_be_written_in_other_ways),
		cmocka_unit_test(other_certificates_have_no_key),
		cmocka_unit_test(a_key_that_only_signs_is_told),
		cmocka_unit_test(the_key_of_a_certificate_opens_what_was_sent_to_it),
	};

	return cmocka_run_group_tests(tests, make_keys, drop_keys);
}
