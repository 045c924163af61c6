/* tests/test_tlssuite.c - suites beside openssl's list, lengths of records beside measured ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "decoders/tlssuite.h"
#include "facts/tls.h"

static const unsigned numbers[] = {
#define SUITE(id, ...) id,
#include "facts/suites.def"
#undef SUITE
};

enum { COUNT = sizeof numbers / sizeof *numbers };

static void every_row_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT; i++) {
		const struct tls_suite *suite = tls_suite(numbers[i]);

		assert_true(i == 0 || numbers[i - 1] < numbers[i]);
		assert_non_null(suite);
		assert_int_equal(suite->id, numbers[i]);
		assert_non_null(tls_suite_name(numbers[i]));
		assert_true(suite->prf == TLS_SHA256 || suite->prf == TLS_SHA384);
		/* one that is read is either its own MAC, or has one */
		if (tls_cipher_shape(suite->cipher))
			assert_int_equal(suite->mac == TLS_AEAD, tls_cipher_shape(suite->cipher)->tag > 0);
	}
	assert_null(tls_suite(0x0a0a));
	assert_null(tls_suite(0x1ffff));
	assert_null(tls_suite_name(0xffff));
	assert_string_equal(tls_suite_name(0xc02f), "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
	assert_int_equal(tls_suite(0xc02f)->exchange, KX_ECDHE);
	assert_int_equal(tls_suite(0x009d)->exchange, KX_RSA);
	assert_int_equal(tls_suite(0x009d)->prf, TLS_SHA384);
}

/* What openssl calls a cipher, and which of ours that is. */
static enum tls_cipher cipher_called(struct span enc)
{
	static const struct {
		const char *enc;
		enum tls_cipher cipher;
	} rows[] = {
		{ "None", TLS_CIPHER_NULL }, { "RC4(128)", TLS_CIPHER_RC4_128 },
		{ "3DES(168)", TLS_CIPHER_DES_EDE3_CBC },
		{ "AES(128)", TLS_CIPHER_AES_128_CBC }, { "AES(256)", TLS_CIPHER_AES_256_CBC },
		{ "AESGCM(128)", TLS_CIPHER_AES_128_GCM }, { "AESGCM(256)", TLS_CIPHER_AES_256_GCM },
		{ "AESCCM(128)", TLS_CIPHER_AES_128_CCM }, { "AESCCM(256)", TLS_CIPHER_AES_256_CCM },
		{ "AESCCM8(128)", TLS_CIPHER_AES_128_CCM_8 }, { "AESCCM8(256)", TLS_CIPHER_AES_256_CCM_8 },
		{ "CHACHA20/POLY1305(256)", TLS_CIPHER_CHACHA20_POLY1305 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (span_eq(span_text(rows[i].enc), enc))
			return rows[i].cipher;
	return TLS_CIPHER_UNKNOWN;
}

static enum tls_digest mac_called(struct span mac)
{
	static const struct {
		const char *mac;
		enum tls_digest digest;
	} rows[] = {
		{ "MD5", TLS_MD5 }, { "SHA1", TLS_SHA1 }, { "SHA256", TLS_SHA256 }, { "SHA384", TLS_SHA384 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (span_eq(span_text(rows[i].mac), mac))
			return rows[i].digest;
	return TLS_AEAD;
}

/* openssl says ECDH and DH for what is ephemeral, as all that it still speaks is. */
static bool exchange_called(struct span kx, enum tls_key_exchange ours)
{
	if (span_iends(kx, SPAN("PSK")))
		return ours == KX_PSK;
	if (span_eq(kx, SPAN("RSA")))
		return ours == KX_RSA;
	if (span_eq(kx, SPAN("DH")))
		return ours == KX_DHE;
	if (span_eq(kx, SPAN("ECDH")))
		return ours == KX_ECDHE;
	return span_eq(kx, SPAN("any")) ? ours == KX_ANY : ours == KX_NONE;
}

static struct span next_word(struct span *line)
{
	*line = span_trim(*line);
	return span_split(line, ' ');
}

/* What follows "Kx=" and the like. */
static struct span value_of(struct span word)
{
	span_split(&word, '=');
	return word;
}

/* "0xC0,0x2F - NAME - OPENSSLS-NAME TLSv1.2 Kx=ECDH Au=RSA Enc=AESGCM(128) Mac=AEAD" */
static bool compare(struct span line)
{
	struct span words[10], code;
	uint64_t high, low;
	const struct tls_suite *suite;
	const char *name;

	for (size_t i = 0; i < 10; i++)
		words[i] = next_word(&line);
	code = words[0];
	if (!span_hex(span_skip(span_split(&code, ','), 2), &high) || !span_hex(span_skip(code, 2), &low))
		return false;
	suite = tls_suite((unsigned)(high << 8 | low));
	if (!suite)
		fail_msg("%.*s is not there", (int)words[2].len, (const char *)words[2].at);
	name = tls_suite_name(suite->id);
	if (!span_eq(words[2], span_text(name)) || suite->cipher != cipher_called(value_of(words[8])) ||
	    suite->mac != mac_called(value_of(words[9])) ||
	    !exchange_called(value_of(words[6]), suite->exchange) ||
	    (suite->prf == TLS_SHA384) != span_iends(words[2], SPAN("SHA384")))
		fail_msg("%s has other columns", name);
	return true;
}

static void agrees_with_openssl(void **state)
{
	FILE *list = popen("openssl ciphers -V -stdname ALL:COMPLEMENTOFALL@SECLEVEL=0 2>/dev/null", "r");
	char line[400];
	unsigned seen = 0;

	(void)state;
	assert_non_null(list);
	while (fgets(line, sizeof line, list))
		seen += compare(span_text(line));
	pclose(list);
	if (!seen)
		skip();
	assert_true(seen > 50);
}

/* Lengths of a HelloRequest (4 bytes), an alert (2), ChangeCipherSpec (1), Finished (16) and an empty
 * Certificate (7), as openssl's and gnutls's peers sent them, or by the formulas of the RFCs. */
static const struct row {
	unsigned id, version;
	bool encrypt_then_mac;
	size_t want[5];
} rows[] = {
	{ 0xc02f, 0x0303, false, { 28, 26, 25, 40, 31 } },
	{ 0xc030, 0x0303, false, { 28, 26, 25, 40, 31 } },
	{ 0xc02f, 0x0303, true, { 28, 26, 25, 40, 31 } },       /* of no meaning for an AEAD */
	{ 0xcca8, 0x0303, false, { 20, 18, 17, 32, 23 } },
	{ 0xc013, 0x0303, false, { 48, 48, 48, 64, 48 } },
	{ 0xc013, 0x0302, false, { 48, 48, 48, 64, 48 } },
	{ 0xc013, 0x0303, true, { 52, 52, 52, 68, 52 } },
	{ 0xc027, 0x0303, false, { 64, 64, 64, 80, 64 } },
	{ 0xc028, 0x0303, false, { 80, 80, 80, 96, 80 } },
	{ 0xc013, 0x0301, false, { 32, 32, 32, 48, 32 } },
	{ 0x002f, 0x0300, true, { 32, 32, 32, 48, 32 } },       /* SSL 3.0 has no extensions */
	{ 0x000a, 0x0301, false, { 32, 24, 24, 40, 32 } },
	{ 0x0005, 0x0303, false, { 24, 22, 21, 36, 27 } },
	{ 0xc09c, 0x0303, false, { 28, 26, 25, 40, 31 } },
	{ 0xc0a0, 0x0303, false, { 20, 18, 17, 32, 23 } },
	{ 0x1301, 0x0304, false, { 21, 19, 18, 33, 24 } },
	{ 0x1305, 0x0304, false, { 13, 11, 10, 25, 16 } },
	{ 0x1301, 0x7f1c, false, { 21, 19, 18, 33, 24 } },
	{ 0x1301, 0x0303, false, { 0, 0, 0, 0, 0 } },
	{ 0xc02f, 0x0304, false, { 0, 0, 0, 0, 0 } },
	{ 0x0041, 0x0303, false, { 0, 0, 0, 0, 0 } },
	{ 0xc013, 0x0002, false, { 0, 0, 0, 0, 0 } },
};

static void records_are_as_long(void **state)
{
	static const size_t contents[] = { 4, 2, 1, 16, 7 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *r = &rows[i];

		for (size_t j = 0; j < 5; j++) {
			size_t told = tls_record_length(tls_suite(r->id), r->version,
			                                r->encrypt_then_mac, contents[j]);

			if (told != r->want[j])
				fail_msg("%04x %04x: %zu bytes make %zu, not %zu", r->id, r->version,
				         contents[j], told, r->want[j]);
		}
	}
	assert_int_equal(tls_record_length(NULL, 0x0303, false, 4), 0);
	/* a Finished of TLS 1.3 is as long as its hash (RFC 8446 section 4.4.4) */
	assert_int_equal(tls_record_length(tls_suite(0x1301), 0x0304, false, 4 + 32), 53);
	assert_int_equal(tls_record_length(tls_suite(0x1302), 0x0304, false, 4 + 48), 69);
	assert_int_equal(tls_record_length(tls_suite(0x1301), 0x0304, false, 8), 25);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_found),
		cmocka_unit_test(agrees_with_openssl),
		cmocka_unit_test(records_are_as_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
