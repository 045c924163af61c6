/* tests/test_tlshello.c - hellos whole, cut at every byte, and contradicting themselves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "decoders/tlshello.h"
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
		uint16_t version, cipher;
		bool whole, retry, psk;
	} rows[] = {
		{ SPAN_LIT("\3\3" RANDOM "\0" "\xc0\x2f" "\0"), 0x0303, 0xc02f, true, false, false },
		{ SPAN_LIT("\3\0" RANDOM "\2id" "\0\5" "\0"), 0x0300, 0x0005, true, false, false },
		{ SPAN_LIT(SERVER13_BODY(RANDOM)), 0x0304, 0x1301, true, false, false },
		{ SPAN_LIT(SERVER13_BODY(RETRY)), 0x0304, 0x1301, true, true, false },
		{ SPAN_LIT("\3\3" RANDOM "\0" "\x13\1" "\0" "\0\x0c" "\0\x2b\0\2\3\4" "\0\x29\0\2\0\0"),
		  0x0304, 0x1301, true, false, true },
		{ SPAN_LIT("\3\3" RANDOM), 0x0303, 0, false, false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tls_server_hello h;

		assert_true(tls_server_hello_read(rows[i].body, &h));
		assert_int_equal(h.version, rows[i].version);
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
