/* tests/test_tlsmsg.c - handshake messages at every cut, above their ceilings, with holes, and in tiny
	  records. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "decoders/tlsmsg.h"
#include "tests/tls_bytes.h"

enum { LONGEST = 300 * 1024 };

/* One message, announced so long, in pieces of `step`. */
static bool feed(struct tlsmsg *m, uint8_t type, size_t length, size_t step, struct tlsmsg_event *ev)
{
	static uint8_t bytes[4 + LONGEST];
	struct span left = span_of(bytes, 4 + length);
	bool told = false;

	memset(bytes, 'b', sizeof bytes);
	bytes[0] = type;
	bytes[1] = (uint8_t)(length >> 16);
	bytes[2] = (uint8_t)(length >> 8);
	bytes[3] = (uint8_t)length;
	while (left.len && !told) {
		struct span piece = span_take(&left, step);

		tlsmsg_record(m);
		told = tlsmsg_next(m, &piece, ev);
	}
	return told && !left.len;
}

/* What is held of each type; RFC 8446 section 4 announces up to 16 MiB of anything. */
static void ceilings(void **state)
{
	static const struct {
		uint8_t type;
		size_t length, held;
	} rows[] = {
		{ 1, 200, 200 }, { 1, 20000, 16384 }, { 2, 20000, 16384 }, { 4, 20000, 16384 },
	  { 8, 20000, 16384 },
		{ 11, 131072, 131072 }, { 11, 200000, 131072 }, { 12, 16384, 16384 }, { 12, 16385, 16384 },
		{ 13, 65536, 65536 }, { 13, 65537, 65536 }, { 16, 20000, 16384 }, { 20, 12, 12 },
	  { 20, 100, 64 },
		{ 15, 300, 0 }, { 22, 300, 0 }, { 14, 0, 0 }, { 99, 300, 0 },
	};
	static const size_t steps[] = { 1, 3, 1000, SIZE_MAX };
	struct tlsmsg m;
	struct tlsmsg_event ev;

	(void)state;
	tlsmsg_init(&m, NULL);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
			assert_true(feed(&m, rows[i].type, rows[i].length, steps[s], &ev));
			assert_int_equal(ev.type, rows[i].type);
			assert_int_equal(ev.length, rows[i].length);
			assert_int_equal(ev.body.len, rows[i].held);
			assert_true(ev.cut == (rows[i].held && rows[i].held < rows[i].length));
			assert_false(tlsmsg_inside(&m));
		}
	}
	m.every = true;
	assert_true(feed(&m, 22, 300, 7, &ev));
	assert_int_equal(ev.body.len, 300);
	tlsmsg_release(&m);
}

static void no_budget_cuts_what_has_to_be_copied(void **state)
{
	struct budget budget = { .ceiling = 1000 };
	struct tlsmsg m;
	struct tlsmsg_event ev;

	(void)state;
	tlsmsg_init(&m, &budget);
	assert_true(feed(&m, 11, 3000, SIZE_MAX, &ev));
	assert_int_equal(ev.body.len, 3000);
	assert_true(feed(&m, 11, 3000, 100, &ev));
	assert_true(ev.cut && ev.body.len < 1000);
	tlsmsg_release(&m);
	assert_int_equal(budget.used, 0);
}

/* A hole within a message leaves those behind it readable. */
static void holes(void **state)
{
	static const struct {
		struct span before;
		size_t hole;
		struct span after;
		struct tlsmsg_event want[2];    /* with the length that is held; type 0: none */
	} rows[] = {
		{ SPAN_LIT("\x0b\0\0\x0a" "cc"), 5, SPAN_LIT("ccc" "\x0e\0\0\0"),
		  { { .type = 11, .length = 2, .cut = true }, { .type = 14 } } },
		{ SPAN_LIT("\x0b\0\0\x0a" "cc"), 8, SPAN_LIT("\x0e\0\0\0"),
		  { { .type = 11, .length = 2, .cut = true }, { .type = 14 } } },
		{ SPAN_LIT("\x0f\0\0\x0a" "cc"), 5, SPAN_LIT("ccc" "\x0e\0\0\0"),
		  { { .type = 15 }, { .type = 14 } } },
		{ SPAN_LIT("\x0f\0\0\x0a"), SIZE_MAX, SPAN_LIT("\x0e\0\0\0"), { { .type = 0 } } },
		{ SPAN_LIT("\x0b\0\0"), 5, SPAN_LIT("\x0e\0\0\0"), { { .type = 0 } } },
		{ SPAN_LIT("\x0b\0\0\x0a"), SIZE_MAX, SPAN_LIT("\x0e\0\0\0"),
		  { { .type = 11, .cut = true } } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tlsmsg m;
		struct tlsmsg_event ev = { 0 };
		struct span in = rows[i].before;
		size_t told = 0;

		tlsmsg_init(&m, NULL);
		assert_false(tlsmsg_next(&m, &in, &ev));
		in = rows[i].after;
		for (bool is = tlsmsg_hole(&m, rows[i].hole, &ev) || tlsmsg_next(&m, &in, &ev); is; told++) {
			assert_int_equal(ev.type, rows[i].want[told].type);
			assert_int_equal(ev.body.len, rows[i].want[told].length);
			assert_true(ev.cut == rows[i].want[told].cut);
			is = tlsmsg_next(&m, &in, &ev);
		}
		for (; told < 2; told++)
			assert_int_equal(rows[i].want[told].type, 0);
		tlsmsg_release(&m);
	}
}

/* 100 000 records of one byte: a message of 100 KB costs no more than its bytes, however it is cut. */
static void tiny_records(void **state)
{
	struct tlsmsg m;
	struct tlsmsg_event ev;

	(void)state;
	tlsmsg_init(&m, NULL);
	for (int i = 0; i < 10; i++) {
		assert_true(feed(&m, 11, 100000, 1, &ev));
		assert_int_equal(ev.body.len, 100000);
	}
	tlsmsg_release(&m);
}

static void several_in_one_record(void **state)
{
	struct span flight = SPAN(SERVER_MESSAGE "\x0b\0\0\2cc" "\x0e\0\0\0");

	(void)state;
	for (size_t step = 1; step <= flight.len; step++) {
		static const uint8_t want[] = { 2, 11, 14 };
		struct span left = flight;
		struct tlsmsg m;
		struct tlsmsg_event ev;
		size_t told = 0;

		tlsmsg_init(&m, NULL);
		while (left.len) {
			struct span piece = span_take(&left, step);

			while (tlsmsg_next(&m, &piece, &ev))
				assert_int_equal(ev.type, want[told++]);
		}
		assert_int_equal(told, 3);
		tlsmsg_release(&m);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(ceilings),
		cmocka_unit_test(no_budget_cuts_what_has_to_be_copied),
		cmocka_unit_test(holes),
		cmocka_unit_test(tiny_records),
		cmocka_unit_test(several_in_one_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
