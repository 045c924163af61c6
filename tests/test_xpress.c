/* tests/test_xpress.c - plain LZ77: published vectors, an encoder of our own, malformed blocks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "decoders/xpress.h"
#include "tests/xpress_encoder.h"

static const struct row {
	const char *name;
	struct span packed, plain;      /* plain.at NULL: malformed, plain.len bytes were asked for */
} rows[] = {
	{ "[MS-XCA] 3.1, letters", SPAN_LIT("\x3f\0\0\0abcdefghijklmnopqrstuvwxyz"),
	  SPAN_LIT("abcdefghijklmnopqrstuvwxyz") },
	{ "two matches and padding", SPAN_LIT("\xff\x3f\x32\x00<int>109</\x41\x00k\x00"
	                                      "91o\x00\x01"
	                                      "392k\x00"),
	  SPAN_LIT("<int>109</int><int>191</int><int>392</int>") },
	{ "nothing from nothing", SPAN_LIT(""), SPAN_LIT("") },
	{ "nothing where a byte is due", SPAN_LIT(""), { NULL, 1 } },
	{ "flags cut", SPAN_LIT("\x3f\0\0"), { NULL, 1 } },
	{ "literals end early", SPAN_LIT("\x3f\0\0\0abc"), { NULL, 4 } },
	{ "match before the beginning", SPAN_LIT("\xff\xff\xff\x7f\x61\x08\x00"), { NULL, 4 } },
	{ "match first of all", SPAN_LIT("\xff\xff\xff\xff\x00\x00"), { NULL, 3 } },
	{ "match cut", SPAN_LIT("\xff\xff\xff\x7f\x61\x00"), { NULL, 4 } },
	{ "match beyond the block", SPAN_LIT("\xff\xff\xff\x7f\x61\x00\x00"), { NULL, 3 } },
	{ "nibble cut", SPAN_LIT("\xff\xff\xff\x7f\x61\x07\x00"), { NULL, 20 } },
	{ "long length cut", SPAN_LIT("\xff\xff\xff\x7f\x61\x07\x00\x0f\xff\x01"), { NULL, 65535 } },
	{ "length of 32 bits beyond the block",
	  SPAN_LIT("\xff\xff\xff\x7f\x61\x07\x00\x0f\xff\x00\x00\xff\xff\xff\xff"),
	  { NULL, 65535 } },
};

static void published_and_malformed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t len = rows[i].plain.len;
		uint8_t *out = malloc(len ? len : 1);
		bool good = xpress_block(rows[i].packed, out, len);

		if (good != !!rows[i].plain.at || (good && memcmp(out, rows[i].plain.at, len)))
			fail_msg("%s", rows[i].name);
		free(out);
	}
}

static void run_of_abc(void **state)
{
	static const struct span packed = SPAN_LIT("\xff\xff\xff\x1f\x61\x62\x63\x17\x00\x0f\xff\x26\x01");
	uint8_t out[300];

	(void)state;
	assert_true(xpress_block(packed, out, sizeof out));
	for (size_t i = 0; i < sizeof out; i++)
		assert_int_equal(out[i], "abc"[i % 3]);
}

static void length_of_32_bits(void **state)
{
	static const struct span packed =
		SPAN_LIT("\xff\xff\xff\x7f\x61\x07\x00\x0f\xff\x00\x00\x10\x27\x00\x00");
	static uint8_t out[1 + 10000 + 3];

	(void)state;
	assert_true(xpress_block(packed, out, sizeof out));
	for (size_t i = 0; i < sizeof out; i++)
		assert_int_equal(out[i], 'a');
}

/* Texts of every kind of match, from short to beyond 255, near and at the window's far edge. */
static void encoder_of_our_own(void **state)
{
	static uint8_t plain[65535], out[65535];

	(void)state;
	for (unsigned seed = 0; seed < 60; seed++) {
		size_t len = xpress_encoder_text(plain, sizeof plain, seed);
		struct buf packed;

		buf_init(&packed, 1 << 20);
		xpress_encode(span_of(plain, len), &packed);
		assert_true(xpress_block(buf_span(&packed), out, len));
		assert_memory_equal(out, plain, len);
		if (len > 1)
			assert_false(xpress_block(span_of(packed.at, packed.len / 2), out, len));
		buf_release(&packed);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_and_malformed),
		cmocka_unit_test(run_of_abc),
		cmocka_unit_test(length_of_32_bits),
		cmocka_unit_test(encoder_of_our_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
