/* tests/test_ranges.c - pieces of a file in any order, held against a file of bits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "analyzers/ranges.h"

enum { FILE_SIZE = 300, ROUNDS = 200, PIECES = 40 };

/* A small generator: the same numbers on every machine. */
static unsigned next(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 16 & 0x7fff;
}

static void agrees_with_a_file_of_bits(void **state)
{
	unsigned seed = 1;

	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct ranges r = { NULL, 0, 0, 0, 0, false };
		bool bits[FILE_SIZE] = { false };
		uint64_t bytes = 0, twice = 0;

		for (unsigned piece = 0; piece < PIECES; piece++) {
			uint64_t first = next(&seed) % FILE_SIZE, last = first + next(&seed) % 20;
			bool before = false, whole = true;

			last = last < FILE_SIZE ? last : FILE_SIZE - 1;
			for (uint64_t at = first; at <= last; at++)
				before |= bits[at];
			assert_int_equal(ranges_overlap(&r, first, last), before);
			for (uint64_t at = first; at <= last; at++) {
				twice += bits[at];
				bytes += !bits[at];
				bits[at] = true;
			}
			ranges_add(&r, first, last);
			assert_int_equal(r.bytes, bytes);
			assert_int_equal(r.twice, twice);
			for (size_t at = 0; at < FILE_SIZE; at++)
				whole &= bits[at];
			assert_int_equal(ranges_whole(&r, FILE_SIZE), whole);
		}
		ranges_release(&r);
	}
}

static void pieces_that_touch_are_one(void **state)
{
	struct ranges r = { NULL, 0, 0, 0, 0, false };

	(void)state;
	ranges_add(&r, 10, 19);
	ranges_add(&r, 30, 39);
	ranges_add(&r, 20, 29);
	assert_int_equal(r.count, 1);
	ranges_add(&r, 0, 9);
	assert_true(ranges_whole(&r, 40));
	assert_false(ranges_whole(&r, 41));
	assert_int_equal(r.twice, 0);
	ranges_release(&r);
}

static void far_ends_do_not_overflow(void **state)
{
	struct ranges r = { NULL, 0, 0, 0, 0, false };

	(void)state;
	ranges_add(&r, UINT64_MAX - 1, UINT64_MAX);
	ranges_add(&r, 0, 0);
	assert_true(ranges_overlap(&r, 5, UINT64_MAX));
	assert_false(ranges_overlap(&r, 1, 7));
	ranges_add(&r, 1, UINT64_MAX - 2);
	assert_int_equal(r.count, 1);
	ranges_release(&r);
}

static void more_pieces_than_are_kept_are_said_to_be(void **state)
{
	struct ranges r = { NULL, 0, 0, 0, 0, false };

	(void)state;
	for (uint64_t i = 0; i < RANGES_MAX + 10; i++)
		ranges_add(&r, 2 * i, 2 * i);
	assert_true(r.scattered);
	assert_int_equal(r.count, RANGES_MAX);
	assert_int_equal(r.bytes, RANGES_MAX + 10);
	ranges_release(&r);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(agrees_with_a_file_of_bits),
		cmocka_unit_test(pieces_that_touch_are_one),
		cmocka_unit_test(far_ends_do_not_overflow),
		cmocka_unit_test(more_pieces_than_are_kept_are_said_to_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
