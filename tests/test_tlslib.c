/* tests/test_tlslib.c - what libcrypto offers with its legacy provider, and without. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "decoders/tlscrypt.h"
#include "decoders/tlslib.h"

/* One suite for every cipher that is read. */
static const unsigned suites[] = {
	0x0002, 0x0005, 0x000a, 0x002f, 0x0035, 0xc02f, 0xc030, 0xc09c, 0xc09d, 0xc0a0, 0xc0a1,
	0xcca8, 0x1301,
};

static bool opens_by(const struct tlslib *lib, const struct tls_suite *suite)
{
	static const struct tls_keys keys;
	struct tlscrypt *c = tlscrypt_new(&(struct tlscrypt_spec){
		.lib = lib, .version = suite->exchange == KX_ANY ? 0x0304 : 0x0303,
		.suite = suite, .keys = &keys,
	});

	tlscrypt_free(c);
	return c;
}

static void reads_all_but_rc4_whatever_is_installed(void **state)
{
	struct tlslib *lib = tlslib_new();

	(void)state;
	assert_non_null(lib);
	for (size_t i = 0; i < sizeof suites / sizeof *suites; i++) {
		const struct tls_suite *suite = tls_suite(suites[i]);
		bool want = suite->cipher != TLS_CIPHER_RC4_128 || lib->legacy;

		assert_int_equal(tlslib_reads(lib, suite), want);
		assert_int_equal(opens_by(lib, suite), want);
	}
	assert_false(tlslib_reads(lib, NULL));
	assert_false(tlslib_reads(lib, tls_suite(0x0041)));     /* Camellia */
	tlslib_free(lib);
	tlslib_free(NULL);
}

/* OpenSSL looks for its modules where this says. */
static void the_legacy_provider_may_be_missing(void **state)
{
	struct tlslib *lib;

	setenv("OPENSSL_MODULES", "/nowhere", 1);
	lib = tlslib_new();
	assert_non_null(lib);
	assert_null(lib->legacy);
	assert_false(tlslib_reads(lib, tls_suite(0x0005)));
	tlslib_free(lib);
	reads_all_but_rc4_whatever_is_installed(state);
	unsetenv("OPENSSL_MODULES");
}

/* RFC 6229 section 2: how the key stream of key 01 02 ... 10 begins, over zeros and their MAC. */
static void opens_by_the_key_stream_of_rfc_6229(void **state)
{
	static const uint8_t stream[] =
		"\x9a\xc7\xcc\x9a\x60\x9d\x1e\xf7\xb2\x93\x28\x99\xcd\xe4\x1b\x97"
		"\x52\x48\xc4\x95\x90\x14\x12\x6a\x6e\x8a\x84\xf1\x1d\x1a\x9e\x1c";
	static const uint8_t covered[8 + 5 + 16] = { [8] = 23, 3, 1, 0, 16 };
	struct tlslib *lib = tlslib_new();
	struct tls_keys keys = { 0 };
	struct tlscrypt_spec spec = { lib, 0x0301, tls_suite(0x0004), false, &keys };
	uint8_t sealed[32] = { 0 };
	struct tlscrypt_record r;
	struct tlscrypt *c;

	(void)state;
	assert_non_null(lib);
	for (uint8_t i = 0; i < 16; i++)
		keys.key[i] = (uint8_t)(i + 1);
	HMAC(EVP_md5(), keys.mac, 16, covered, sizeof covered, sealed + 16, NULL);
	for (size_t i = 0; i < sizeof sealed; i++)
		sealed[i] ^= stream[i];
	c = tlscrypt_new(&spec);
	assert_int_equal(c != NULL, lib->legacy != NULL);
	assert_true(!c || tlscrypt_open(c, 23, 0x0301, sealed, sizeof sealed, &r));
	assert_true(!c || span_eq(r.content, span_of(covered + 13, 16)));
	tlscrypt_free(c);
	tlslib_free(lib);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_all_but_rc4_whatever_is_installed),
		cmocka_unit_test(the_legacy_provider_may_be_missing),
		cmocka_unit_test(opens_by_the_key_stream_of_rfc_6229),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
