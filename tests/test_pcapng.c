/* tests/test_pcapng.c - pcapng: every block, both byte orders, clocks, every cut, damage.
 *
 * Layout and numbers from draft-ietf-opsawg-pcapng.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "capture/input.h"
#include "capture/timescale.h"
#include "tests/capture_file.h"

/* Integers in the file's order, as the value of an option. */
static void option_number(struct capture_file *c, uint16_t code, uint64_t value, uint16_t width)
{
	file_16(c, code);
	file_16(c, width);
	width == 8 ? file_64(c, value) : file_32(c, (uint32_t)value);
}

static void interface_with_clock(struct capture_file *c)
{
	file_block(c, 1);
	file_16(c, 101);
	file_16(c, 0);
	file_32(c, 4);
	file_option(c, 2, SPAN("eth:3:7"));             /* if_name */
	file_option(c, 9, SPAN("\x09"));                /* if_tsresol: nanoseconds */
	option_number(c, 14, 1000, 8);                  /* if_tsoffset */
	file_option(c, 0, SPAN(""));
	file_block_end(c);
}

static void packet_with_options(struct capture_file *c)
{
	file_block(c, 6);
	file_32(c, 1);
	file_32(c, 0);
	file_32(c, 77);
	file_32(c, 4);
	file_32(c, 1500);
	file_bytes(c, SPAN("four"));
	file_option(c, 1, SPAN("dropped here"));
	option_number(c, 2, 1, 4);                      /* epb_flags: inbound */
	option_number(c, 4, 2, 8);                      /* epb_dropcount */
	option_number(c, 5, 4711, 8);                   /* epb_packetid */
	file_option(c, 7, SPAN("\x02\x01\0\0\0\0\0\0\0"));  /* epb_verdict: XDP, dropped */
	file_option(c, 1, SPAN("second comment"));
	file_option(c, 0, SPAN(""));
	file_block_end(c);
}

static void statistics(struct capture_file *c, uint32_t interface, uint64_t ifdrop, uint64_t osdrop)
{
	file_block(c, 5);
	file_32(c, interface);
	file_64(c, 0);
	option_number(c, 4, 99, 8);                     /* isb_ifrecv */
	option_number(c, 5, ifdrop, 8);
	option_number(c, 7, osdrop, 8);
	file_block_end(c);
}

static void other_packets(struct capture_file *c)
{
	file_block(c, 2);                               /* obsolete: interface 0, 5 drops */
	file_16(c, 0);
	file_16(c, 5);
	file_64(c, 0);
	file_32(c, 3);
	file_32(c, 3);
	file_bytes(c, SPAN("old"));
	option_number(c, 2, 2, 4);                      /* pack_flags: outbound */
	file_block_end(c);
	file_block(c, 3);                               /* simple, cut by interface 0's snap length */
	file_32(c, 90);
	file_bytes(c, SPAN("simple"));
	file_block_end(c);
}

static void secrets(struct capture_file *c, uint32_t type, struct span text)
{
	file_block(c, 10);
	file_32(c, type);
	file_32(c, (uint32_t)text.len);
	file_bytes(c, text);
	file_block_end(c);
}

/* Two sections, the second in the other byte order; all block types. */
static void make(struct capture_file *c, bool big)
{
	file_init(c, big);
	file_section(c);
	file_interface(c, 1, 6);
	interface_with_clock(c);
	file_block(c, 4);                               /* names: kept out */
	file_32(c, 0);
	file_block_end(c);
	secrets(c, 0x544c534b, SPAN("CLIENT_RANDOM 00 01"));
	file_packet(c, 0, 1700000000000001, SPAN("frame"), 60);
	packet_with_options(c);
	statistics(c, 1, 3, 4);
	file_block(c, 0x80001234);                      /* somebody's own */
	file_64(c, 1);
	file_block_end(c);
	secrets(c, 0x12345678, SPAN("for others"));
	c->big = !big;
	file_section(c);
	file_interface(c, 113, 6);
	other_packets(c);
	statistics(c, 0, 0, 0);
	statistics(c, 9, 1, 1);                         /* of no interface */
	secrets(c, 0x544c534b, SPAN("CLIENT_RANDOM 02 03\n"));
	c->big = big;
}

static const char want[] =
	"1 @1700000000000001000 link 1 if 0.0 5/60 \"frame\"\n"
	"2 @1000000000077 link 101 if 0.1 4/1500 \"four\" in id 4711 (dropped here)\n"
	"3 @0 link 113 if 0.2 3/3 \"old\" out\n"
	"4 @0 link 113 if 0.2 6/90 \"simple\"\n";

static void all_blocks_are_read(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		struct fault f;
		struct capture_file c;
		struct source *s;
		char *told;

		make(&c, big);
		s = source_open_memory("x", file_span(&c), NULL, &f);
		assert_non_null(s);
		told = source_told(s);
		assert_string_equal(told, want);
		assert_string_equal(source_info(s, 0)->format, "pcapng");
		assert_int_equal(source_info(s, 0)->frames, 4);
		assert_int_equal(source_info(s, 0)->bytes, 18);
		assert_int_equal(source_info(s, 0)->truncated, 3);
		assert_int_equal(source_info(s, 0)->dropped, 7 + 5);
		assert_int_equal(source_info(s, 0)->secrets, 2);
		assert_int_equal(source_info(s, 0)->secrets_lost, 1);
		assert_true(span_eq(source_secrets(s, 0),
				    SPAN("CLIENT_RANDOM 00 01\nCLIENT_RANDOM 02 03\n")));
		free(told);
		source_close(s);
		file_release(&c);
	}
}

/* Where the bytes of a whole file, read up to a cut, make a line less. */
static void cuts_keep_what_is_whole(void **state)
{
	struct capture_file c;

	(void)state;
	make(&c, false);
	for (size_t cut = 28; cut < c.bytes.len; cut++) {
		char *told = file_told((struct span){ c.bytes.at, cut }, NULL);
		char *fault = strstr(told, "x: ");
		char place[48];

		snprintf(place, sizeof place, "ends at byte %zu,", cut);
		assert_true(!fault || strstr(fault, place));
		assert_int_equal(strncmp(told, want, fault ? (size_t)(fault - told) : strlen(told)), 0);
		free(told);
	}
	file_release(&c);
}

struct clock {
	uint8_t resolution;
	int64_t offset;
	uint64_t units;
	int64_t want;
};

/* Draft section 4.2: if_tsresol's highest bit selects powers of two. */
static const struct clock clocks[] = {
	{ 6, 0, 1700000000000007, 1700000000000007000 },
	{ 9, 0, 1700000000000000007, 1700000000000000007 },
	{ 0, 0, 1700000000, 1700000000000000000 },
	{ 3, -10, 20007, 10007000000 },
	{ 12, 0, 1700000000123456, 1700000000123 },
	{ 19, 0, 20000000000, 2 },
	{ 28, 0, UINT64_MAX, 1 },
	{ 29, 0, UINT64_MAX, 0 },
	{ 127, 5, UINT64_MAX, 5000000000 },
	{ 0x80, 0, 3, 3000000000 },
	{ 0x81, 0, 3, 1500000000 },
	{ 0x94, 0, 1048576 + 524288, 1500000000 },
	{ 0xbf, 0, UINT64_C(1) << 63, 1000000000 },
	{ 0xff, 0, UINT64_MAX, 0 },
	{ 0, 0, UINT64_MAX, INPUT_TIME_MAX },
	{ 6, 0, UINT64_MAX, INPUT_TIME_MAX },
	{ 9, INT64_MAX, UINT64_MAX, INPUT_TIME_MAX },
	{ 0x80, INT64_MAX, UINT64_MAX, INPUT_TIME_MAX },
	{ 6, INT64_MIN, 0, -(INPUT_TIME_MAX / MOMENT_S * MOMENT_S) },
};

static void clocks_are_converted(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++) {
		struct timescale t;

		timescale_init(&t);
		timescale_set_resolution(&t, clocks[i].resolution);
		timescale_set_offset(&t, clocks[i].offset);
		if (timescale_moment(&t, clocks[i].units) != clocks[i].want)
			fail_msg("row %zu: %lld", i, (long long)timescale_moment(&t, clocks[i].units));
	}
}

/* One frame, then a block of that type and body; `length` 0 is the true one. */
struct damage {
	uint32_t type, length, words[6];
	const char *want;
};

static const struct damage damages[] = {
	{ 6, 7, { 0 }, "a block of type 6 with an impossible length, 7" },
	{ 6, 34, { 0 }, "a block of type 6 with an impossible length, 34" },
	{ 6, 0x7ffffffc, { 0 }, "a block of type 6 with 2147483644 bytes (at most 17825792 make sense)" },
	{ 6, 32, { 0 }, "a block of type 6 whose two lengths differ (first 32)" },
	{ 6, 0, { 9 }, "a packet of interface 9, which no block describes" },
	{ 6, 0, { 0, 0, 0, 5, 5 }, "a packet of 5 bytes in a block of 36" },
	{ 6, 0, { 0, 0, 0, UINT32_MAX, 5 }, "a packet of 4294967295 bytes in a block of 36" },
	{ 3, 0, { 100 }, "a packet of 100 bytes in a block of 36" },
	{ 0x0a0d0d0a, 0, { 0x1234 }, "a section header without its byte-order mark" },
	{ 0x0a0d0d0a, 0, { 0x1a2b3c4d, 2 }, "a section of an unknown version (1.x is known)" },
};

static void damage_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
		const struct damage *d = &damages[i];
		struct capture_file c;
		size_t words;
		char *told;

		file_init(&c, false);
		file_section(&c);
		file_interface(&c, 1, 0);
		file_packet(&c, 0, 5, SPAN("good"), 4);
		words = c.bytes.len;
		file_block(&c, d->type);
		for (size_t k = 0; k < 6; k++)
			file_32(&c, d->words[k]);
		file_block_end(&c);
		if (d->length) {
			c.bytes.len = words + 4;
			file_32(&c, d->length);
			c.bytes.len = words + 36;
		}
		told = file_told(file_span(&c), NULL);
		if (!strstr(told, "1 @5000 link 1 if 0.0 4/4 \"good\"\nx: damaged at byte 84: ") ||
		    !strstr(told, d->want))
			fail_msg("row %zu: %s", i, told);
		free(told);
		file_release(&c);
	}
}

/* Options that do not fit into their block end it; what came before counts. */
static void bad_options_are_bounded(void **state)
{
	struct capture_file c;
	char *told;

	(void)state;
	file_init(&c, false);
	file_section(&c);
	file_interface(&c, 1, 0);
	file_block(&c, 6);
	file_32(&c, 0);
	file_64(&c, 0);
	file_32(&c, 2);
	file_32(&c, 2);
	file_bytes(&c, SPAN("ab"));
	file_option(&c, 1, SPAN("kept"));
	file_16(&c, 1);
	file_16(&c, 60000);
	file_block_end(&c);
	told = file_told(file_span(&c), NULL);
	assert_string_equal(told, "1 @0 link 1 if 0.0 2/2 \"ab\" (kept)\n");
	free(told);
	file_release(&c);
}

/* isb_endtime: two halves, the high one first, in the interface's units, here microseconds (section 4.6). */
static void statistics_until(struct capture_file *c, uint64_t end, size_t halves)
{
	const uint64_t parts[] = { end >> 32, end & UINT32_MAX };
	uint8_t value[8];

	for (size_t i = 0; i < sizeof value; i++)
		value[i] = (uint8_t)(parts[i / 4] >> 8 * (c->big ? 3 - i % 4 : i % 4));
	file_block(c, 5);
	file_32(c, 0);
	file_64(c, 0);
	file_option(c, 3, span_of(value, halves * 4));
	file_block_end(c);
}

static void the_end_of_a_capture_is_told(void **state)
{
	static const struct {
		size_t halves;
		int64_t ended;
	} rows[] = { { 2, INT64_C(1700000005000007000) }, { 1, MOMENT_NONE }, { 0, MOMENT_NONE } };

	(void)state;
	for (size_t i = 0; i < 2 * sizeof rows / sizeof *rows; i++) {
		struct capture_file c;
		struct source *s;
		struct fault f = { 0 };

		file_init(&c, i % 2);
		file_section(&c);
		file_interface(&c, 1, 0);
		file_packet(&c, 0, 1700000000000001, SPAN("frame"), 5);
		statistics_until(&c, 1700000005000007, rows[i / 2].halves);
		s = source_open_memory("x", file_span(&c), NULL, &f);
		assert_non_null(s);
		assert_true(source_info(s, 0)->ended == MOMENT_NONE);
		free(source_told(s));
		assert_true(source_info(s, 0)->ended == rows[i / 2].ended);
		source_close(s);
		file_release(&c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_blocks_are_read),
		cmocka_unit_test(cuts_keep_what_is_whole),
		cmocka_unit_test(clocks_are_converted),
		cmocka_unit_test(damage_is_told),
		cmocka_unit_test(bad_options_are_bounded),
		cmocka_unit_test(the_end_of_a_capture_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
