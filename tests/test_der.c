/* tests/test_der.c - ASN.1 elements, whole, cut and wrong (X.690 section 8.1). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "decoders/der.h"

static void elements_are_told_as_far_as_they_are_there(void **state)
{
	static const struct {
		const char *name;
		struct span in;
		bool read;
		uint8_t tag;
		size_t len, left;
		bool cut;
	} rows[] = {
		{ "short", SPAN_LIT("\x02\x01\x05\x02"), true, DER_INTEGER, 1, 1, false },
		{ "empty body", SPAN_LIT("\x30\x00"), true, DER_SEQUENCE, 0, 0, false },
		{ "long length", SPAN_LIT("\x04\x81\x02xy"), true, DER_OCTETS, 2, 0, false },
		{ "length in four bytes", SPAN_LIT("\x04\x84\0\0\0\x02xyz"), true, DER_OCTETS, 2, 1, false },
		{ "body cut", SPAN_LIT("\x04\x82\x10\x00xyz"), true, DER_OCTETS, 3, 0, true },
		{ "length cut", SPAN_LIT("\x04\x82\x10"), false, 0, 0, 0, false },
		{ "no length", SPAN_LIT("\x04"), false, 0, 0, 0, false },
		{ "nothing", SPAN_LIT(""), false, 0, 0, 0, false },
		{ "indefinite length", SPAN_LIT("\x30\x80\0\0"), false, 0, 0, 0, false },
		{ "length in five bytes", SPAN_LIT("\x30\x85\0\0\0\0\0"), false, 0, 0, 0, false },
		{ "tag in two bytes", SPAN_LIT("\x1f\x22\x01\x00"), false, 0, 0, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct span in = rows[i].in;
		struct der element;

		print_message("%s\n", rows[i].name);
		assert_int_equal(der_next(&in, &element), rows[i].read);
		assert_int_equal(in.len, rows[i].left);
		if (!rows[i].read)
			continue;
		assert_int_equal(element.tag, rows[i].tag);
		assert_int_equal(element.body.len, rows[i].len);
		assert_int_equal(element.cut, rows[i].cut);
	}
}

static void elements_are_found_by_tag(void **state)
{
	struct span in = SPAN("\x02\x01\x05\x04\x01" "a" "\x04\x01" "b");

	(void)state;
	assert_true(span_eq(der_find(in, DER_OCTETS), SPAN("a")));
	assert_null(der_find(in, DER_OID).at);
	assert_true(span_eq(der_enter(in, DER_INTEGER), SPAN("\x05")));
	assert_null(der_enter(in, DER_OCTETS).at);
}

static void numbers_have_a_sign_and_an_end(void **state)
{
	static const struct {
		struct span in;
		bool read;
		int64_t value;
	} rows[] = {
		{ SPAN_LIT("\xa1\x03\x02\x01\x12"), true, 18 },
		{ SPAN_LIT("\xa1\x03\x02\x01\x80"), true, -128 },
		{ SPAN_LIT("\xa1\x04\x02\x02\xff\x79"), true, -135 },
		{ SPAN_LIT("\xa1\x0a\x02\x08\x7f\xff\xff\xff\xff\xff\xff\xff"), true, INT64_MAX },
		{ SPAN_LIT("\xa1\x0b\x02\x09\0\xff\xff\xff\xff\xff\xff\xff\xff"), false, 0 },
		{ SPAN_LIT("\xa1\x02\x02\x00"), false, 0 },
		{ SPAN_LIT("\xa1\x03\x0a\x01\x12"), false, 0 },
		{ SPAN_LIT("\xa0\x03\x02\x01\x12"), false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int64_t value = 0;

		assert_int_equal(der_number(rows[i].in, 1, DER_INTEGER, &value), rows[i].read);
		assert_true(value == rows[i].value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(elements_are_told_as_far_as_they_are_there),
		cmocka_unit_test(elements_are_found_by_tag),
		cmocka_unit_test(numbers_have_a_sign_and_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
