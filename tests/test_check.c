/* tests/test_check.c - values left in what is handed out, in every form (veil/check.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "veil/check.h"

static const uint8_t key[NAMES_KEY] = { 7 };

struct fixture {
	struct budget budget;
	struct names *names;
	struct check *check;
};

static void put(struct names *n, enum name_kind kind, const char *value)
{
	uint8_t to[256];

	names_put(n, kind, span_text(value), to);
}

static void begin(struct fixture *f)
{
	static const uint8_t mac[6] = { 0x00, 0x15, 0x5d, 0x12, 0x34, 0x56 };
	struct addr a;
	uint8_t to[6];

	f->budget = (struct budget){ .ceiling = 64 << 20 };
	f->names = names_new(key, false, &f->budget);
	assert_non_null(f->names);
	put(f->names, NAME_WORD, "contoso-pc");
	put(f->names, NAME_WORD, "corp");
	put(f->names, NAME_GUID, "01234567-89ab-4def-8123-456789abcdef");
	assert_true(addr_parse(SPAN("10.20.30.45"), &a));
	(void)names_addr(f->names, &a);
	names_mac(f->names, mac, to);
	names_seal(f->names);
	f->check = check_new(f->names, &f->budget);
	assert_non_null(f->check);
}

static void end(struct fixture *f)
{
	check_free(f->check);
	names_free(f->names);
}

/* Forms written by other programs: iconv, xxd, base64, python's impacket for NetBIOS. */
static const struct {
	const char *what;
	struct span text;
	bool leaks;
} rows[] = {
	{ "plain", SPAN_LIT("host=contoso-pc;"), true },
	{ "any case", SPAN_LIT("CONTOSO-PC$"), true },
	{ "part of a longer word", SPAN_LIT("contoso-pcs"), false },
	{ "utf-16le", SPAN_LIT("C\0o\0n\0t\0o\0s\0o\0-\0P\0C\0"), true },
	{ "utf-16be", SPAN_LIT("\0c\0o\0n\0t\0o\0s\0o\0-\0p\0c"), true },
	{ "hex", SPAN_LIT("636f6e746f736f2d7063"), true },
	{ "hex of capitals", SPAN_LIT("434F4E544F534F2D5043"), true },
	{ "base64", SPAN_LIT("Y29udG9zby1wYw=="), true },
	{ "base64, one byte before", SPAN_LIT("eGNvbnRvc28tcGN4"), true },
	{ "base64, two bytes before", SPAN_LIT("eHhjb250b3NvLXBjeA=="), true },
	{ "base64 of utf-16", SPAN_LIT("YwBvAG4AdABvAHMAbwAtAHAAYwA="), true },
	{ "netbios", SPAN_LIT("EDEPEOFEEPFDEPCNFAED"), true },
	{ "short, in a text", SPAN_LIT("the domain CORP."), false },
	{ "guid", SPAN_LIT("{01234567-89AB-4DEF-8123-456789ABCDEF}"), true },
	{ "guid in memory",
	  SPAN_LIT("\x67\x45\x23\x01\xab\x89\xef\x4d\x81\x23\x45\x67\x89\xab\xcd\xef"), true },
	{ "address", SPAN_LIT("from 10.20.30.45:8530"), true },
	{ "another address", SPAN_LIT("from 10.20.30.451"), false },
	{ "mac", SPAN_LIT("00-15-5D-12-34-56"), true },
	{ "mac as bytes", SPAN_LIT("\x00\x15\x5d\x12\x34\x56"), true },
	{ "nothing", SPAN_LIT("GET /selfupdate HTTP/1.1\r\nHost: wsus\r\n"), false },
};

static void test_forms(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct check_text text = { .where = "here" };
		struct fixture f;

		begin(&f);
		check_piece(f.check, &text, rows[i].text);
		check_end(f.check, &text);
		if ((check_leaks(f.check) > 0) != rows[i].leaks)
			fail_msg("%s: %s", rows[i].what, rows[i].leaks ? "not found" : "found");
		end(&f);
	}
}

/* A value is found wherever a text is cut, and once. */
static void test_cuts(void **state)
{
	static const struct span value = SPAN_LIT(" contoso-pc ");
	uint8_t bytes[9000];

	(void)state;
	for (size_t at = 4000; at < 4200; at++) {
		struct check_text text = { .where = "here" };
		struct span left = { bytes, sizeof bytes };
		struct fixture f;

		memset(bytes, '.', sizeof bytes);
		memcpy(bytes + at, value.at, value.len);
		begin(&f);
		while (left.len)
			check_piece(f.check, &text, span_take(&left, 97));
		check_end(f.check, &text);
		assert_int_equal(check_leaks(f.check), 1);
		assert_int_equal(check_leak_at(f.check, 0).at, at + 1);
		end(&f);
	}
}

static void test_packets(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	check_frame(f.check, "packets", 7, SPAN("the domain corp."));
	assert_int_equal(check_leaks(f.check), 0);
	check_frame(f.check, "packets", 8, SPAN("the host contoso-pc."));
	assert_int_equal(check_leaks(f.check), 1);
	assert_int_equal(check_leak_at(f.check, 0).at, 8);
	assert_int_equal(check_leak_at(f.check, 0).form, CHECK_PLAIN);
	end(&f);
}

/* A value that is a word of ours, too, tells nothing in a text, nor does the name of a member in JSON;
 * packets have no words of ours. */
static void test_our_words(void **state)
{
	static const struct {
		const char *text;
		bool ours, leaks;
	} texts[] = {
		{ "{\"contoso-pc\":1}", false, false },
		{ "{\"host\":\"contoso-pc\"}", false, true },
		{ "{\"host\":\"contoso-pc\"}", true, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct check_text text = { .where = "here" };
		struct fixture f;

		begin(&f);
		if (texts[i].ours)
			check_ours(f.check, SPAN(".contoso-pc { color: red }"));
		check_piece(f.check, &text, span_text(texts[i].text));
		check_end(f.check, &text);
		assert_int_equal(check_leaks(f.check) > 0, texts[i].leaks);
		check_frame(f.check, "packets", 1, span_text(texts[i].text));
		assert_int_equal(check_leaks(f.check), 1 + (uint64_t)texts[i].leaks);
		end(&f);
	}
}

/* What another registry has learned: the same value, also short ones. */
static void test_names(void **state)
{
	struct fixture f;
	struct names *other;
	struct budget budget = { .ceiling = 1 << 20 };

	(void)state;
	begin(&f);
	other = names_new(key, false, &budget);
	put(other, NAME_WORD, "fabrikam");
	check_names(f.check, "streams", other);
	assert_int_equal(check_leaks(f.check), 0);
	put(other, NAME_WORD, "Corp");
	check_names(f.check, "streams", other);
	assert_int_equal(check_leaks(f.check), 1);
	names_free(other);
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_cuts),
		cmocka_unit_test(test_packets),
		cmocka_unit_test(test_our_words),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
