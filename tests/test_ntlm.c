/* tests/test_ntlm.c - NTLM messages, names and all, whole and broken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "decoders/ntlm.h"
#include "tests/frame_text.h"

enum { ARENA_MAX = 8192, MESSAGE_MAX = 320 };

#define SIGNATURE "4e544c4d53535000"
#define VERSION_51 "0501280a0000000f"
#define NOTHING "0000000000000000"

/* MS-NLMP section 4.2.4.3. */
static const char challenge[] =
	SIGNATURE "02000000 0c000c0038000000 33828ae2 0123456789abcdef" NOTHING "2400240044000000"
	"060070170000000f 530065007200760065007200"
	"02000c0044006f006d00610069006e00 01000c00530065007200760065007200 00000000";
static const char authenticate[] =
	SIGNATURE "03000000 180018006c000000 5400540084000000 0c000c0048000000 0800080054000000"
	"100010005c000000 10001000d8000000 358288e2"
	VERSION_51 "44006f006d00610069006e00 5500730065007200 43004f004d0050005500540045005200"
	"86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa"
	"68cd0ab851e51c96aabc927bebef6a1c 0101000000000000 0000000000000000 aaaaaaaaaaaaaaaa 00000000"
	"02000c0044006f006d00610069006e00 01000c00530065007200760065007200 00000000 00000000"
	"c5dad2544fc9799094ce1ce90bc9d03e";

/* MS-NLMP section 4.2.2.3: NTLM 1. */
static const char authenticate_old[] =
	SIGNATURE "03000000 180018006c000000 1800180084000000 0c000c0048000000 0800080054000000"
	"100010005c000000 100010009c000000 358280e2"
	VERSION_51 "44006f006d00610069006e00 5500730065007200 43004f004d0050005500540045005200"
	"98def7b87f88aa5dafe2df779688a172def11c7d5ccdef13"
	"67c43011f30298a2ad35ece64f16331c44bdbed927841f94 518822b1b3f350c8958682ecbb3e3cb7";

/* By the field list of section 2.2.1.3, with a MIC at 72 and the names from 88 on: domain "K", an o with an
 * umlaut, "ln", user "PC1$", workstation "PC1"; a response with the pairs flags 2, time 2026-03-10 09:15 UTC
 * (134176077000000000), SPN "HTTP/w", bindings that are not zero. */
static const char authenticate_bound[] =
	SIGNATURE "03000000 0000000058000000 6c006c0070000000 0800080058000000 0800080060000000"
	"0600060068000000 0000000000000000 358288e2" "0a00634500 00000f"
	"11223344556677889900aabbccddeeff"
	"4b00f6006c006e00 5000430031002400 500043003100 0000"
	"000102030405060708090a0b0c0d0e0f 0101000000000000 00c2f05e6eb0dc01 aaaaaaaaaaaaaaaa 00000000"
	"0600040002000000 0700080000c2f05e6eb0dc01 09000c00480054005400 50002f007700"
	"0a001000 0102030405060708090a0b0c0d0e0f10 00000000 00000000";

static struct span bytes_of(const char *hex, uint8_t bytes[static FRAME_TEXT_BYTES])
{
	return span_of(bytes, frame_bytes(hex, bytes));
}

static void expect(struct span text, const char *want)
{
	if (!span_eq(text, span_text(want)))
		fail_msg("found '%.*s', wanted '%s'", (int)text.len, text.at ? (const char *)text.at : "",
		         want);
}

static void a_challenge_names_the_server(void **state)
{
	uint8_t bytes[FRAME_TEXT_BYTES];
	struct ntlm_message m;
	struct arena arena;

	(void)state;
	arena_init(&arena, ARENA_MAX);
	assert_true(ntlm_read(bytes_of(challenge, bytes), &m, &arena));
	assert_int_equal(m.type, 2);
	expect(m.target, "Server");
	expect(m.computer, "Server");
	expect(m.netbios_domain, "Domain");
	expect(m.dns_computer, "");
	assert_int_equal(m.flags, 0xe28a8233);
	assert_int_equal(m.version.major, 6);
	assert_int_equal(m.version.minor, 0);
	assert_int_equal(m.version.build, 6000);
	assert_int_equal(m.version.revision, 15);
	assert_true(m.timestamp == MOMENT_NONE);
	assert_false(m.cut);
	arena_release(&arena);
}

static void the_last_message_names_the_user(void **state)
{
	static const struct {
		const char *hex;
		bool v2;
	} rows[] = { { authenticate, true }, { authenticate_old, false } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint8_t bytes[FRAME_TEXT_BYTES];
		struct ntlm_message m;
		struct arena arena;

		arena_init(&arena, ARENA_MAX);
		assert_true(ntlm_read(bytes_of(rows[i].hex, bytes), &m, &arena));
		assert_int_equal(m.type, 3);
		expect(m.user, "User");
		expect(m.domain, "Domain");
		expect(m.workstation, "COMPUTER");
		assert_int_equal(m.v2, rows[i].v2);
		assert_int_equal(m.version.build, 2600);
		/* Names begin at 72: there is no room for a MIC. */
		assert_false(m.mic);
		assert_false(m.channel_binding);
		assert_false(m.anonymous);
		assert_false(m.cut);
		arena_release(&arena);
	}
}

static void what_protects_a_login_is_told(void **state)
{
	uint8_t bytes[FRAME_TEXT_BYTES];
	struct ntlm_message m;
	struct arena arena;
	char text[MOMENT_TEXT];

	(void)state;
	arena_init(&arena, ARENA_MAX);
	assert_true(ntlm_read(bytes_of(authenticate_bound, bytes), &m, &arena));
	expect(m.user, "PC1$");
	expect(m.domain, "K\xc3\xb6ln");
	expect(m.workstation, "PC1");
	expect(m.service, "HTTP/w");
	assert_true(m.mic);
	assert_true(m.channel_binding);
	assert_true(m.v2);
	assert_string_equal(moment_text(m.timestamp, text), "2026-03-10T09:15:00.000000000Z");
	assert_false(m.cut);
	arena_release(&arena);
}

/* The first message, with names in the code page (section 2.2.1.1), and the shortest there is. */
static void the_first_message_may_name_the_machine(void **state)
{
	uint8_t bytes[FRAME_TEXT_BYTES];
	struct ntlm_message m;
	struct arena arena;

	(void)state;
	arena_init(&arena, ARENA_MAX);
	assert_true(ntlm_read(bytes_of(SIGNATURE "01000000 07b208a2 0400040028000000 030003002c000000"
				       "0a00634500 00000f" "434f52e4 504331", bytes), &m, &arena));
	expect(m.domain, "COR\xef\xbf\xbd");
	expect(m.workstation, "PC1");
	assert_int_equal(m.version.build, 17763);
	assert_true(ntlm_read(bytes_of(SIGNATURE "01000000 07820800", bytes), &m, &arena));
	assert_int_equal(m.type, 1);
	assert_false(m.cut);
	arena_release(&arena);
}

/* Section 3.2.5.1.2: no user, no response but a byte. */
static void nobody_is_told(void **state)
{
	uint8_t bytes[FRAME_TEXT_BYTES];
	struct ntlm_message m;
	struct arena arena;

	(void)state;
	arena_init(&arena, ARENA_MAX);
	assert_true(ntlm_read(bytes_of(SIGNATURE "03000000 0100010040000000 0000000041000000 0000000040000000"
				       "0000000040000000 0000000040000000 0000000041000000 35828062 00",
				       bytes), &m, &arena));
	assert_true(m.anonymous);
	assert_int_equal(m.user.len, 0);
	arena_release(&arena);
}

/* Whoever says nobody says so whole: the last field that names somebody ends at byte 52. */
static void a_header_cut_off_is_not_nobody(void **state)
{
	uint8_t bytes[FRAME_TEXT_BYTES];
	struct span whole = bytes_of(authenticate, bytes);

	(void)state;
	for (size_t len = 12; len < 52; len++) {
		struct ntlm_message m;
		struct arena arena;

		arena_init(&arena, ARENA_MAX);
		assert_true(ntlm_read(span_of(whole.at, len), &m, &arena));
		assert_true(m.cut);
		assert_false(m.anonymous);
		arena_release(&arena);
	}
}

static void names_outside_are_left_empty(void **state)
{
	static const struct {
		const char *name;
		size_t at;              /* of a field's length or offset in the last message */
		uint8_t value[4];
		size_t len;
	} rows[] = {
		{ "offset behind the end", 40, { 0xff, 0xff, 0xff, 0xff }, 4 },
		{ "offset at the end", 40, { 0xe8, 0, 0, 0 }, 4 },
		{ "length over the end", 36, { 0xff, 0xff }, 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint8_t bytes[FRAME_TEXT_BYTES];
		struct span token = bytes_of(authenticate, bytes);
		struct ntlm_message m;
		struct arena arena;

		arena_init(&arena, ARENA_MAX);
		memcpy(bytes + rows[i].at, rows[i].value, rows[i].len);
		assert_true(ntlm_read(token, &m, &arena));
		print_message("%s\n", rows[i].name);
		assert_true(m.cut);
		assert_int_equal(m.user.len, 0);
		expect(m.domain, "Domain");
		arena_release(&arena);
	}
}

/* Half a pair, a pair (U+1F600), a line feed, a mark that turns text around. */
static const char broken_name[] =
	SIGNATURE "02000000 0a000a0030000000 01000000 0000000000000000 0000000000000000"
	"0000000000000000 00d8 3dd800de 0a00 2e20";

static void half_a_character_is_replaced(void **state)
{
	uint8_t bytes[FRAME_TEXT_BYTES];
	struct ntlm_message m;
	struct arena arena;

	(void)state;
	arena_init(&arena, ARENA_MAX);
	assert_true(ntlm_read(bytes_of(broken_name, bytes), &m, &arena));
	expect(m.target, "\xef\xbf\xbd\xf0\x9f\x98\x80\xef\xbf\xbd\xef\xbf\xbd");
	arena_release(&arena);
}

static void cuts_are_survived(void **state)
{
	static const char *const messages[] = { challenge, authenticate, authenticate_old,
		                                authenticate_bound };
	uint8_t bytes[FRAME_TEXT_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
		size_t whole = bytes_of(messages[i], bytes).len;

		for (size_t len = 0; len <= whole; len++) {
			struct ntlm_message m;
			struct arena arena;
			uint8_t *copy = malloc(len + 1);

			assert_non_null(copy);
			memcpy(copy, bytes, len);
			arena_init(&arena, len % 64);
			ntlm_read(span_of(copy, len), &m, &arena);
			arena_release(&arena);
			free(copy);
		}
	}
}

static void other_bytes_are_no_ntlm(void **state)
{
	static const struct span rows[] = {
		SPAN_LIT(""), SPAN_LIT("NTLMSSP"), SPAN_LIT("NTLMSSP\0\4\0\0\0"),
		SPAN_LIT("ntlmssp\0\1\0\0\0"),
	};
	struct arena arena;

	(void)state;
	arena_init(&arena, ARENA_MAX);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct ntlm_message m;

		assert_false(ntlm_read(rows[i], &m, &arena));
		assert_int_equal(m.type, 0);
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_challenge_names_the_server),
		cmocka_unit_test(the_last_message_names_the_user),
		cmocka_unit_test(what_protects_a_login_is_told),
		cmocka_unit_test(the_first_message_may_name_the_machine),
		cmocka_unit_test(nobody_is_told),
		cmocka_unit_test(a_header_cut_off_is_not_nobody),
		cmocka_unit_test(names_outside_are_left_empty),
		cmocka_unit_test(half_a_character_is_replaced),
		cmocka_unit_test(cuts_are_survived),
		cmocka_unit_test(other_bytes_are_no_ntlm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
