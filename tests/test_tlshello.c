/* tests/test_tlshello.c - hellos whole, cut at every byte, and contradicting themselves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "decoders/tlsoffer.h"
#include "tests/tls_bytes.h"

static void client_hello_whole(void **state)
{
	struct tls_client_hello h;

	(void)state;
	assert_true(tls_client_hello_read(SPAN(HELLO_BODY), &h));
	assert_true(h.whole);
	assert_int_equal(h.legacy, 0x0303);
	assert_int_equal(h.max, 0x0304);
	assert_int_equal(h.min, 0x0303);
	assert_true(span_eq(h.server_name, SPAN("sup")));
}

static void client_hello_without_extensions(void **state)
{
	struct tls_client_hello h;

	(void)state;
	assert_true(tls_client_hello_read(SPAN("\3\1" RANDOM "\2id" "\0\2\0\x2f" "\1\0"), &h));
	assert_true(h.whole);
	assert_int_equal(h.legacy, 0x0301);
	assert_int_equal(h.max, 0);
	assert_true(span_eq(h.session_id, SPAN("id")));
	assert_int_equal(h.server_name.len, 0);
}

static void client_hello_cut(void **state)
{
	struct span whole = SPAN(HELLO_BODY);
	size_t name_end = whole.len - 11;

	(void)state;
	for (size_t len = 0; len < whole.len; len++) {
		struct tls_client_hello h;

		assert_true(tls_client_hello_read(span_of(whole.at, len), &h) == (len >= 2));
		/* without its extensions it is a hello of old */
		assert_true(h.whole == (len == whole.len - 25));
		assert_true((h.server_name.len == 3) == (len >= name_end));
	}
}

static void client_hello_lengths_that_lie(void **state)
{
	static const struct span rows[] = {
		SPAN_LIT("\3\3" RANDOM "\xff" "\0\2\xc0\x2f" "\1\0" "\0\0"),
		SPAN_LIT("\3\3" RANDOM "\0" "\xff\xff\xc0\x2f" "\1\0" "\0\0"),
		SPAN_LIT("\3\3" RANDOM "\0" "\0\2\xc0\x2f" "\1\0" "\0\x7f\0\0\0\1\0"),
		SPAN_LIT("\3\3" RANDOM "\0" "\0\2\xc0\x2f" "\1\0" "\0\5\0\0\0\x7f\0"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tls_client_hello h;

		assert_true(tls_client_hello_read(rows[i], &h));
		assert_false(h.whole);
	}
}

static void versions_offered(void **state)
{
	static const struct {
		const char *name;
		struct span extension;  /* its body: the list with its length */
		uint16_t max, min;
	} rows[] = {
		{ "GREASE alone", SPAN_LIT("\2\x1a\x1a"), 0, 0 },
		{ "a draft", SPAN_LIT("\4\x7f\x1c\3\3"), 0x0304, 0x0303 },
		{ "an experiment", SPAN_LIT("\4\xfb\x1a\3\1"), 0x0301, 0x0301 },
		{ "none", SPAN_LIT("\0"), 0, 0 },
		{ "half a version", SPAN_LIT("\3\3\4\3"), 0x0304, 0x0304 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint8_t body[128];
		struct span fixed = SPAN("\3\3" RANDOM "\0" "\0\2\xc0\x2f" "\1\0" "\0?\0\x2b\0?");
		struct tls_client_hello h;
		size_t len = rows[i].extension.len;

		memcpy(body, fixed.at, fixed.len);
		memcpy(body + fixed.len, rows[i].extension.at, len);
		body[fixed.len - 5] = (uint8_t)(len + 4);
		body[fixed.len - 1] = (uint8_t)len;
		assert_true(tls_client_hello_read(span_of(body, fixed.len + len), &h));
		assert_int_equal(h.max, rows[i].max);
		assert_int_equal(h.min, rows[i].min);
	}
}

static void server_hellos(void **state)
{
	static const struct {
		struct span body;
		uint16_t version, selected, cipher;
		bool whole, retry, psk;
	} rows[] = {
		{ SPAN_LIT("\3\3" RANDOM "\0" "\xc0\x2f" "\0"), 0x0303, 0, 0xc02f, true, false, false },
		{ SPAN_LIT("\3\0" RANDOM "\2id" "\0\5" "\0"), 0x0300, 0, 0x0005, true, false, false },
		{ SPAN_LIT(SERVER13_BODY(RANDOM)), 0x0304, 0x0304, 0x1301, true, false, false },
		{ SPAN_LIT(SERVER13_BODY(RETRY)), 0x0304, 0x0304, 0x1301, true, true, false },
		{ SPAN_LIT("\3\3" RANDOM "\0" "\x13\1" "\0" "\0\x0c" "\0\x2b\0\2\3\4" "\0\x29\0\2\0\0"),
		  0x0304, 0x0304, 0x1301, true, false, true },
		{ SPAN_LIT("\3\3" RANDOM "\0" "\x13\1" "\0" "\0\6" "\0\x2b\0\2\x7f\x1c"),
		  0x0304, 0x7f1c, 0x1301, true, false, false },
		{ SPAN_LIT("\3\3" RANDOM), 0x0303, 0, 0, false, false, false },
		{ SPAN_LIT("\3\3" RANDOM "\0" "\x13\1" "\0" "\0\x0c" "\0\x33"),
		  0x0304, 0, 0x1301, false, false, false },
		{ SPAN_LIT("\3\3" RANDOM "\0" "\xc0\x2f" "\0" "\0\x0c" "\0\x17"),
		  0x0303, 0, 0xc02f, false, false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tls_server_hello h;

		assert_true(tls_server_hello_read(rows[i].body, &h));
		assert_int_equal(h.version, rows[i].version);
		assert_int_equal(h.selected, rows[i].selected);
		assert_int_equal(h.cipher, rows[i].cipher);
		assert_true(h.whole == rows[i].whole);
		assert_true(h.retry == rows[i].retry);
		assert_true(h.psk == rows[i].psk);
	}
}

static void hello_in_ssl2_clothes(void **state)
{
	size_t rest;
	uint16_t version;

	(void)state;
	assert_true(sslv2_hello_read(SPAN("\x80\x2e\1\3\1"), &rest, &version));
	assert_int_equal(rest, 0x2e - 3);
	assert_int_equal(version, 0x0301);
	assert_true(sslv2_hello_read(SPAN("\x80\x2e\1\0\2"), &rest, &version));
	assert_false(sslv2_hello_read(SPAN("\x80\x2e\2\3\1"), &rest, &version));
	assert_false(sslv2_hello_read(SPAN("\x00\x2e\1\3\1"), &rest, &version));
	assert_false(sslv2_hello_read(SPAN("\x80\x2e\1\4\1"), &rest, &version));
	assert_false(sslv2_hello_read(SPAN("\x80\x02\1\3\1"), &rest, &version));
	assert_false(sslv2_hello_read(SPAN("\x80\x2e\1\3"), &rest, &version));
}

/* The example of JA3's own description (https://github.com/salesforce/ja3), and a hello with GREASE
 * in suites, extensions, groups and versions, whose string was put together by hand and hashed by md5sum:
 * 771,4865-49199,0-10-11-16-35-43,29-23,0 */
static void ja3(void **state)
{
	static const struct {
		struct span body;
		const char *want, *alpn;
		unsigned suites;
	} rows[] = {
		{ SPAN_LIT("\3\1" RANDOM "\0"
		           "\0\x18\0\x2f\0\x35\0\5\0\x0a\xc0\x09\xc0\x0a\xc0\x13\xc0\x14"
		           "\0\x32\0\x38\0\x13\0\4" "\1\0" "\0\x1c" "\0\0\0\6\0\4\0\0\1a"
		           "\0\x0a\0\x08\0\6\0\x17\0\x18\0\x19" "\0\x0b\0\2\1\0"),
		  "ada70206e40642a3e4461f35503241d5", "", 12 },
		{ SPAN_LIT("\3\3" RANDOM "\0" "\0\6\x1a\x1a\x13\1\xc0\x2f" "\1\0" "\0\x3f"
		           "\x2a\x2a\0\0" "\0\0\0\6\0\4\0\0\1a"
		           "\0\x0a\0\x08\0\6\x3a\x3a\0\x1d\0\x17" "\0\x0b\0\2\1\0"
		           "\0\x10\0\x0e\0\x0c\2\x4a\x4a\2h2\5http/" "\0\x23\0\0" "\0\x2b\0\5\4\x5a\x5a\3\4"),
		  "d38e6a8fc887ac90449e6d08042cfed9", "h2,http/", 2 },
		{ SPAN_LIT("\3\1" RANDOM "\0" "\0\2\0\x2f" "\1\0"),
		  "b02be259814e870a469a20ce9b2a7900", "", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tls_client_hello h;
		struct tls_offer offer;

		assert_true(tls_client_hello_read(rows[i].body, &h));
		tls_offer_read(&h, EVP_md5(), &offer);
		assert_true(h.whole);
		assert_string_equal(offer.ja3, rows[i].want);
		assert_string_equal(offer.alpn, rows[i].alpn);
		assert_int_equal(offer.suite_count, rows[i].suites);
		tls_offer_read(&h, NULL, &offer);
		assert_string_equal(offer.ja3, "");
		assert_true(tls_client_hello_read(span_of(rows[i].body.at, rows[i].body.len - 1), &h));
		tls_offer_read(&h, EVP_md5(), &offer);
		assert_string_equal(offer.ja3, "");
	}
}

static void flags_and_signals(void **state)
{
	static const struct {
		struct span suites, extension;
		const char *want;
	} rows[] = {
		{ SPAN_LIT("\x13\1"), SPAN_LIT("\0\x16\0\0"), "encrypt-then-mac" },
		{ SPAN_LIT("\x13\1"), SPAN_LIT("\0\x17\0\0"), "extended" },
		{ SPAN_LIT("\x13\1"), SPAN_LIT("\0\x23\0\3abc"), "ticket:abc" },
		{ SPAN_LIT("\x13\1"), SPAN_LIT("\0\x29\0\0"), "psk" },
		{ SPAN_LIT("\x13\1"), SPAN_LIT("\0\x2a\0\0"), "early" },
		{ SPAN_LIT("\x13\1"), SPAN_LIT("\0\x31\0\0"), "post" },
		{ SPAN_LIT("\x13\1"), SPAN_LIT("\xff\1\0\1\0"), "renegotiation" },
		{ SPAN_LIT("\0\xff\x13\1"), SPAN_LIT(""), "renegotiation" },
		{ SPAN_LIT("\x13\1\x56\0"), SPAN_LIT(""), "fallback" },
		{ SPAN_LIT("\x8a\x8a\x13\1"), SPAN_LIT("\x7a\x7a\0\0"), "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint8_t body[128];
		struct span fixed = SPAN("\3\3" RANDOM "\0");
		size_t len = fixed.len;
		struct tls_client_hello h;
		struct tls_offer o;
		char told[512];

		memcpy(body, fixed.at, len);
		body[len++] = 0;
		body[len++] = (uint8_t)rows[i].suites.len;
		memcpy(body + len, rows[i].suites.at, rows[i].suites.len);
		len += rows[i].suites.len;
		body[len++] = 1;
		body[len++] = 0;
		body[len++] = 0;
		body[len++] = (uint8_t)rows[i].extension.len;
		memcpy(body + len, rows[i].extension.at, rows[i].extension.len);
		len += rows[i].extension.len;
		assert_true(tls_client_hello_read(span_of(body, len), &h));
		assert_true(h.whole);
		tls_offer_read(&h, NULL, &o);
		snprintf(told, sizeof told, "%s%s%s%.*s%s%s%s%s%s",
		         o.encrypt_then_mac ? "encrypt-then-mac" : "", o.extended_master ? "extended" : "",
		         o.session_ticket ? "ticket:" : "", (int)h.ticket.len,
		         h.ticket.len ? (const char *)h.ticket.at : "", o.psk ? "psk" : "",
		         o.early_data ? "early" : "", o.post_handshake_auth ? "post" : "",
		         o.renegotiation_info ? "renegotiation" : "", o.fallback ? "fallback" : "");
		assert_string_equal(told, rows[i].want);
		assert_int_equal(o.suite_count, 1);
		assert_int_equal(o.suites[0], 0x1301);
		assert_true(span_eq(h.random, SPAN(RANDOM)));
	}
}

static void more_suites_than_are_kept(void **state)
{
	uint8_t suites[4000];
	struct tls_client_hello h = { .suites = { suites, sizeof suites } };
	struct tls_offer offer;

	(void)state;
	memset(suites, 0x13, sizeof suites);
	tls_offer_read(&h, NULL, &offer);
	assert_int_equal(offer.suite_count, 2000);
	assert_int_equal(offer.suites[TLS_SUITES_KEPT - 1], 0x1313);
}

static void protocols(void **state)
{
	static const struct {
		struct span names;
		const char *want;
	} rows[] = {
		{ SPAN_LIT(""), "" },
		{ SPAN_LIT("\2h2\x08http/1.1"), "h2,http/1.1" },
		{ SPAN_LIT("\2zz\2\x6a\x6a\1a"), "a" },
		{ SPAN_LIT("\3a b\1\xff"), "a?b,?" },
		{ SPAN_LIT("\2h2\x09http/1.1"), "h2" },
		{ SPAN_LIT("\x2e" "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\1b"),
		  "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
	};
	char text[TLS_ALPN_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		tls_alpn_text(rows[i].names, text);
		assert_string_equal(text, rows[i].want);
	}
	assert_true(span_eq(tls_encrypted_extensions_alpn(SPAN("\0\x0d\0\x0a\0\0\0\x10\0\5\0\3\2h2")),
	                    SPAN("\2h2")));
	assert_int_equal(tls_encrypted_extensions_alpn(SPAN("\0\x0d\0")).len, 0);
	assert_int_equal(tls_encrypted_extensions_alpn(SPAN("")).len, 0);
}

#define DOWNGRADE "rrrrrrrrrrrrrrrrrrrrrrrrDOWNGRD"

static void what_a_server_answers(void **state)
{
	struct tls_server_hello h;

	(void)state;
	assert_true(tls_server_hello_read(SPAN("\3\3" DOWNGRADE "\1\0" "\xc0\x2f" "\0" "\0\x0f"
	                                       "\0\x17\0\0" "\0\x16\0\0" "\0\x10\0\3\0\1\0"), &h));
	assert_true(h.whole && h.extended_master && h.encrypt_then_mac && h.speaks_more);
	assert_int_equal(h.group, 0);
	assert_true(tls_server_hello_read(SPAN("\3\1" DOWNGRADE "\0\0" "\xc0\x2f" "\0"), &h));
	assert_true(h.whole && h.speaks_more && !h.extended_master);
	assert_true(tls_server_hello_read(SPAN("\3\3" RANDOM "\0" "\x13\1" "\0" "\0\x10"
	                                       "\0\x2b\0\2\3\4" "\0\x33\0\6\0\x1d\0\2kk"), &h));
	assert_true(h.whole && !h.speaks_more);
	assert_int_equal(h.group, 29);
}

/* A challenge of 16 bytes stands right-aligned for the random (RFC 5246 appendix E.2). */
static void rest_of_an_ssl2_hello(void **state)
{
	static const uint8_t random[32] = "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" "0123456789abcdef";
	struct span rest = SPAN("\0\x0c\0\0\0\x10" "\1\0\x80\0\0\x35\0\0\xff\0\0\5" "0123456789abcdef");
	struct sslv2_rest hello;
	struct tls_offer offer;

	(void)state;
	sslv2_rest_read(rest, &hello);
	assert_true(hello.whole);
	assert_memory_equal(hello.random, random, sizeof random);
	tls_offer_read_sslv2(&hello, &offer);
	assert_int_equal(offer.suite_count, 2);
	assert_int_equal(offer.suites[0], 0x35);
	assert_int_equal(offer.suites[1], 5);
	assert_true(offer.renegotiation_info);
	for (size_t len = 0; len < rest.len; len++) {
		sslv2_rest_read(span_of(rest.at, len), &hello);
		assert_false(hello.whole);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(client_hello_whole),
		cmocka_unit_test(client_hello_without_extensions),
		cmocka_unit_test(client_hello_cut),
		cmocka_unit_test(client_hello_lengths_that_lie),
		cmocka_unit_test(versions_offered),
		cmocka_unit_test(server_hellos),
		cmocka_unit_test(hello_in_ssl2_clothes),
		cmocka_unit_test(ja3),
		cmocka_unit_test(flags_and_signals),
		cmocka_unit_test(more_suites_than_are_kept),
		cmocka_unit_test(protocols),
		cmocka_unit_test(what_a_server_answers),
		cmocka_unit_test(rest_of_an_ssl2_hello),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
