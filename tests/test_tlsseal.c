/* tests/test_tlsseal.c - what is sealed opens, for every suite that is read and every version that has it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "decoders/tlscrypt.h"
#include "decoders/tlsrec.h"
#include "veil/tlsseal.h"

enum { RECORDS = 3, CONTENT = 100, APPLICATION = 23, HANDSHAKE = 22 };

static struct tls_keys some_keys(void)
{
	struct tls_keys keys;

	memset(keys.key, 0x11, sizeof keys.key);
	memset(keys.iv, 0x22, sizeof keys.iv);
	memset(keys.mac, 0x33, sizeof keys.mac);
	return keys;
}

/* Records one after the other, each of another content, opened as tlscrypt opens those of real peers. */
static void round_trip(const struct tlscrypt_spec *spec)
{
	struct tlsseal *seal = tlsseal_new(spec);
	struct tlscrypt *open = tlscrypt_new(spec);
	bool is_13 = tls_is_13(spec->version);
	uint16_t version = is_13 ? TLS_1_2 : (uint16_t)spec->version;
	size_t len = tls_record_length(spec->suite, spec->version, spec->encrypt_then_mac, CONTENT);

	assert_non_null(seal);
	assert_non_null(open);
	for (unsigned i = 0; i < RECORDS; i++) {
		uint8_t content[CONTENT], fragment[TLSREC_LENGTH_MAX];
		struct tlsseal_record r = {
			.type = APPLICATION, .version = version, .sequence = i, .inner = HANDSHAKE,
			.content = { content, sizeof content },
		};
		struct tlscrypt_record record;

		memset(content, 'a' + (int)i, sizeof content);
		memset(fragment, 0x40 + (int)i, sizeof fragment);       /* nonce, IV */
		assert_true(tlsseal_put(seal, &r, fragment, len));
		assert_true(tlscrypt_open(open, APPLICATION, version, fragment, len, &record));
		assert_int_equal(record.type, is_13 ? HANDSHAKE : APPLICATION);
		assert_int_equal(record.sequence, i);
		assert_true(span_eq(record.content, r.content));
	}
	tlscrypt_free(open);
	tlsseal_free(seal);
}

static void test_suites(void **state)
{
	static const unsigned versions[] = { SSL_3_0, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3 };
	struct tlslib *lib = tlslib_new();
	struct tls_keys keys = some_keys();
	unsigned count = 0;

	(void)state;
	assert_non_null(lib);
	for (unsigned id = 0; id <= UINT16_MAX; id++) {
		const struct tls_suite *suite = tls_suite(id);

		for (size_t v = 0; v < sizeof versions / sizeof *versions && tlslib_reads(lib, suite); v++) {
			struct tlscrypt_spec spec = { lib, versions[v], suite, false, &keys };

			if (!tlscrypt_reads(&spec)) {
				assert_null(tlsseal_new(&spec));
				continue;
			}
			round_trip(&spec);
			spec.encrypt_then_mac =
				tls_cipher_shape(suite->cipher)->block && versions[v] >= TLS_1_0;
			round_trip(&spec);
			count++;
		}
	}
	assert_true(count > 50);
	tlslib_free(lib);
}

/* What does not fit is refused, and never told as sealed. */
static void test_misfits(void **state)
{
	struct tlslib *lib = tlslib_new();
	struct tls_keys keys = some_keys();
	struct tlscrypt_spec spec = { lib, TLS_1_3, tls_suite(0x1301), false, &keys };
	struct tlsseal *seal = tlsseal_new(&spec);
	uint8_t content[CONTENT] = { 0 }, fragment[TLSREC_LENGTH_MAX] = { 0 };
	struct tlsseal_record r = {
		.type = APPLICATION, .version = TLS_1_2, .inner = APPLICATION,
		.content = { content, sizeof content },
	};

	(void)state;
	for (size_t len = 0; len < CONTENT + 17; len++)
		assert_false(tlsseal_put(seal, &r, fragment, len));
	assert_true(tlsseal_put(seal, &r, fragment, CONTENT + 17));
	assert_true(tlsseal_put(seal, &r, fragment, CONTENT + 40));     /* padded */
	assert_false(tlsseal_put(seal, &r, fragment, TLSREC_LENGTH_MAX + 1));
	tlsseal_free(seal);
	tlslib_free(lib);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_suites),
		cmocka_unit_test(test_misfits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
