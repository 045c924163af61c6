/* tests/test_span.c - borrowed bytes, the checked reader, and UTF-8. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/reader.h"
#include "base/utf8.h"

static void finds(void **unused)
{
	static const struct row {
		const char *text, *needle;
		size_t exact, folded;
	} rows[] = {
		{ "abcabd", "abd", 3, 3 },       { "abcABD", "abd", SIZE_MAX, 3 },
		         { "", "a", SIZE_MAX, SIZE_MAX },
		{ "", "", 0, 0 },                { "abc", "", 0, 0 },
		                      { "aaab", "aab", 1, 1 },
		{ "ab", "abc", SIZE_MAX, SIZE_MAX }, { "x[", "x{", SIZE_MAX, SIZE_MAX },
		   { "x@", "x`", SIZE_MAX, SIZE_MAX },
		{ "aAaAb", "aab", SIZE_MAX, 2 },
		{ "Ab aB ab", "ab", 6, 0 },
		{ "bbA", "ab", SIZE_MAX, SIZE_MAX },
		{ "--[-[x", "-[X", SIZE_MAX, 3 },
		{ "{a[a", "[A", SIZE_MAX, 2 },
		{ "x\xe4y\xc4z", "\xc4Z", SIZE_MAX, 3 },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(span_find(span_text(rows[i].text), span_text(rows[i].needle)),
		                 rows[i].exact);
		assert_int_equal(span_ifind(span_text(rows[i].text), span_text(rows[i].needle)),
		                 rows[i].folded);
	}
	assert_int_equal(span_byte(SPAN("a\0b"), 'b'), 2);
	assert_int_equal(span_byte(span_of(NULL, 0), 'b'), SIZE_MAX);
}

static void compares(void **unused)
{
	(void)unused;
	assert_true(span_eq(span_of(NULL, 0), SPAN("")));
	assert_false(span_eq(SPAN("a"), SPAN("A")));
	assert_true(span_ieq(SPAN("Via"), SPAN("vIA")));
	assert_false(span_ieq(SPAN("\xc4"), SPAN("\xe4")));
	assert_true(span_starts(SPAN("abc"), SPAN("ab")));
	assert_false(span_starts(SPAN("a"), SPAN("ab")));
	assert_true(span_istarts(SPAN("HTTP/1.1"), SPAN("http/")));
	assert_true(span_iends(SPAN("host:8530"), SPAN(":8530")));
	assert_false(span_iends(SPAN("530"), SPAN(":8530")));
}

static int folded(int c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* Each byte against each, at each place of words of each length. */
static void folds_letters_alone(void **unused)
{
	uint8_t a[20], b[20];

	(void)unused;
	memset(a, 'x', sizeof a);
	memset(b, 'X', sizeof b);
	for (size_t len = 1; len <= sizeof a; len++)
		for (size_t at = 0; at < len; at++) {
			for (int pair = 0; pair < 65536; pair++) {
				a[at] = (uint8_t)pair;
				b[at] = (uint8_t)(pair >> 8);
				if (span_ieq(span_of(a, len), span_of(b, len)) !=
				    (folded(a[at]) == folded(b[at])))
					fail_msg("%zu bytes, at %zu: %02x and %02x", len, at, a[at], b[at]);
			}
			a[at] = 'x';
			b[at] = 'X';
		}
}

static void splits_and_trims(void **unused)
{
	struct span left = SPAN("a,,b"), part;

	(void)unused;
	part = span_split(&left, ',');
	assert_true(span_eq(part, SPAN("a")));
	part = span_split(&left, ',');
	assert_true(span_eq(part, SPAN("")));
	part = span_split(&left, ',');
	assert_true(span_eq(part, SPAN("b")) && !left.len);
	part = span_split(&left, ',');
	assert_true(!part.len && !left.len);
	assert_true(span_eq(span_trim(SPAN(" \t a b\r\n")), SPAN("a b")));
	assert_true(span_eq(span_trim(SPAN(" \r\n")), SPAN("")));
	left = SPAN("abc");
	assert_true(span_eq(span_take(&left, 2), SPAN("ab")) && span_eq(left, SPAN("c")));
	assert_true(span_eq(span_take(&left, 9), SPAN("c")) && !left.len);
	assert_true(span_eq(span_skip(SPAN("abc"), 7), SPAN("")));
}

static void reads_numbers(void **unused)
{
	static const struct row {
		const char *text;
		bool decimal, hex;
		uint64_t value, hex_value;
	} rows[] = {
		{ "0", true, true, 0, 0 },
		{ "010", true, true, 10, 16 },
		{ "18446744073709551615", true, false, UINT64_MAX, 0 },
		{ "18446744073709551616", false, false, 0, 0 },
		{ "ffffffffffffffff", false, true, 0, UINT64_MAX },
		{ "10000000000000000", true, false, 10000000000000000, 0 },
		{ "", false, false, 0, 0 },
		{ "-1", false, false, 0, 0 },
		{ "+1", false, false, 0, 0 },
		{ " 1", false, false, 0, 0 },
		{ "1x", false, false, 0, 0 },
		{ "aF", false, true, 0, 0xaf },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint64_t value = 0, hex = 0;

		assert_int_equal(span_decimal(span_text(rows[i].text), &value), rows[i].decimal);
		assert_int_equal(span_hex(span_text(rows[i].text), &hex), rows[i].hex);
		assert_int_equal(value, rows[i].value);
		assert_int_equal(hex, rows[i].hex_value);
	}
}

/* Past the end everything is zero, and stays so. */
static void reads_within_bounds(void **unused)
{
	struct reader r = reader_on(SPAN("\x01\x02\x03\x04\x05\x06\x07\x08\x09")), sub;

	(void)unused;
	assert_int_equal(reader_u8(&r), 1);
	assert_int_equal(reader_be16(&r), 0x0203);
	assert_int_equal(reader_le16(&r), 0x0504);
	sub = reader_sub(&r, 2);
	assert_int_equal(reader_be24(&sub), 0);
	assert_false(sub.ok);
	assert_int_equal(reader_u8(&sub), 0);
	assert_true(r.ok);
	assert_int_equal(reader_be16(&r), 0x0809);
	assert_true(r.ok);
	assert_int_equal(reader_le32(&r), 0);
	assert_false(r.ok);
	assert_int_equal(reader_bytes(&r, 1).len, 0);
	sub = reader_sub(&r, 0);
	assert_false(sub.ok);
}

static void reads_both_orders(void **unused)
{
	struct reader r = reader_on(SPAN("\x01\x02\x03\x04\x05\x06\x07\x08"));
	struct reader l = r, half = r;

	(void)unused;
	assert_int_equal(reader_be64(&r), 0x0102030405060708);
	assert_int_equal(reader_le64(&l), 0x0807060504030201);
	assert_int_equal(reader_be32(&half), 0x01020304);
	assert_int_equal(reader_le32(&half), 0x08070605);
	reader_skip(&half, SIZE_MAX);
	assert_false(half.ok);
}

static void writes_no_code_point_as_a_replacement(void **unused)
{
	static const uint32_t none[] = { 0xd800, 0xdfff, 0x110000, UINT32_MAX };
	uint8_t put[4];

	(void)unused;
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		assert_true(span_eq(span_of(put, utf8_put(none[i], put)), SPAN("\xef\xbf\xbd")));
}

/* Unicode 15 table 3-7, row by row, and what it leaves out. */
static void knows_utf8(void **unused)
{
	static const struct row {
		const char *text;
		size_t len;
		uint32_t code;
	} rows[] = {
		{ "A", 1, 'A' },           { "\xc2\x80", 2, 0x80 },        { "\xdf\xbf", 2, 0x7ff },
		{ "\xe0\xa0\x80", 3, 0x800 }, { "\xed\x9f\xbf", 3, 0xd7ff }, { "\xee\x80\x80", 3, 0xe000 },
		{ "\xf0\x90\x80\x80", 4, 0x10000 }, { "\xf4\x8f\xbf\xbf", 4, 0x10ffff },
		{ "\x80", 0, 0 },          { "\xc0\x9b", 0, 0 },           { "\xc1\xbf", 0, 0 },
		{ "\xe0\x9f\xbf", 0, 0 },  { "\xed\xa0\x80", 0, 0 },       { "\xf0\x8f\xbf\xbf", 0, 0 },
		{ "\xf4\x90\x80\x80", 0, 0 }, { "\xf5\x80\x80\x80", 0, 0 }, { "\xc2", 0, 0 },
		{ "\xe2\x82", 0, 0 },      { "\xe2\x82" "A", 0, 0 },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct span s = span_text(rows[i].text);
		uint8_t put[4];

		assert_int_equal(utf8_len(s), rows[i].len);
		if (!rows[i].len)
			continue;
		assert_int_equal(utf8_code(s.at, rows[i].len), rows[i].code);
		assert_true(span_eq(span_of(put, utf8_put(rows[i].code, put)), s));
	}
	assert_int_equal(utf8_columns('A'), 1);
	assert_int_equal(utf8_columns(0x4e00), 2);
	assert_int_equal(utf8_columns(0x301), 0);
	assert_true(utf8_is_harmful(0x1b) && utf8_is_harmful(0x9b) && utf8_is_harmful(0x202e) &&
	            utf8_is_harmful(0x2066));
	assert_false(utf8_is_harmful('A') || utf8_is_harmful(0xe9) || utf8_is_harmful(0x4e00));
}

/* U+00E4, U+20AC and U+1F600, cut everywhere. */
static void cut_characters_are_left_out(void **state)
{
	static const struct {
		const char *text;
		size_t len, want;
	} rows[] = {
		{ "", 0, 0 }, { "a", 1, 1 }, { "a\xc3\xa4", 3, 3 }, { "a\xc3\xa4", 2, 1 }, { "\xc3", 1, 0 },
		{ "\xe2\x82\xac", 3, 3 }, { "\xe2\x82\xac", 2, 0 }, { "\xe2\x82\xac", 1, 0 },
		{ "\xf0\x9f\x98\x80", 4, 4 }, { "\xf0\x9f\x98\x80", 3, 0 }, { "x\xf0\x9f\x98\x80", 2, 1 },
		{ "\x80\x80\x80\x80\x80", 5, 5 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(utf8_whole(span_of(rows[i].text, rows[i].len)).len, rows[i].want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds),          cmocka_unit_test(compares),
		cmocka_unit_test(folds_letters_alone),
		cmocka_unit_test(splits_and_trims), cmocka_unit_test(reads_numbers),
		cmocka_unit_test(reads_within_bounds), cmocka_unit_test(reads_both_orders),
		cmocka_unit_test(knows_utf8),
		cmocka_unit_test(writes_no_code_point_as_a_replacement),
		cmocka_unit_test(cut_characters_are_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
