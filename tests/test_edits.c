/* tests/test_edits.c - decisions about ranges, against an array that is simply painted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "veil/edits.h"

enum { LEN = 300, KEPT = 'k' };

static uint64_t next(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return *seed >> 33;
}

/* Ranges that do not overlap, decided in any order, asked about in any pieces. */
static void every_byte_is_what_was_decided(void **state)
{
	static const uint64_t base = UINT64_C(1) << 32;
	uint64_t seed = 3;

	(void)state;
	for (unsigned round = 0; round < 300; round++) {
		struct budget budget = { .ceiling = 1 << 20 };
		struct edits *e = edits_new(&budget);
		uint8_t wanted[LEN] = { 0 }, got[LEN];
		size_t starts[LEN], count = 0, front = 0;

		while (front < LEN) {
			starts[count++] = front;
			front += 1 + next(&seed) % 40;
		}
		starts[count] = LEN;
		for (size_t left = count; left; left--) {
			size_t i = next(&seed) % count;
			size_t len = starts[i + 1] < LEN ? starts[i + 1] - starts[i] : LEN - starts[i];
			uint8_t bytes[64];

			if (wanted[starts[i]])
				continue;
			memset(bytes, 'a' + (int)(i % 10), sizeof bytes);
			memset(wanted + starts[i], bytes[0], len);
			if (i % 3 == 0)
				edits_put(e, 5, SERVER, base + starts[i], span_of(bytes, len));
			else if (i % 3 == 1)
				edits_fill(e, 5, SERVER, base + starts[i], len, bytes[0]);
			else
				edits_keep(e, 5, SERVER, base + starts[i], len);
			if (i % 3 == 2)
				memset(wanted + starts[i], KEPT, len);
		}
		edits_seal(e);
		for (unsigned k = 0; k < 20; k++) {
			size_t at = next(&seed) % LEN, len = next(&seed) % (LEN - at + 1), blanked = 0;

			memset(got, KEPT, sizeof got);
			for (size_t i = at; i < at + len; i++)
				blanked += !wanted[i];
			assert_int_equal(edits_apply(e, 5, SERVER, base + at, got, len), blanked);
			assert_memory_equal(got, wanted + at, len);
		}
		edits_free(e);
		assert_int_equal(budget.used, 0);
	}
}

static void what_overlaps_stays_inside_its_bounds(void **state)
{
	struct budget budget = { .ceiling = 1 << 20 };
	struct edits *e = edits_new(&budget);
	uint8_t got[20];

	(void)state;
	edits_put(e, 1, CLIENT, 4, SPAN("bbbbbb"));
	edits_put(e, 1, CLIENT, 0, SPAN("aaaaaa"));
	edits_put(e, 1, CLIENT, 8, SPAN("cc"));
	edits_keep(e, 1, CLIENT, 2, 10);
	edits_put(e, 1, CLIENT, 11, SPAN("dddd"));
	edits_seal(e);
	memset(got, KEPT, sizeof got);
	edits_apply(e, 1, CLIENT, 0, got, sizeof got);
	assert_memory_equal(got, "aaaaaakkkkkkddd\0\0\0\0\0", 20);
	edits_free(e);
}

static void strangers_are_blanked(void **state)
{
	struct budget budget = { .ceiling = 1 << 20 };
	struct edits *e = edits_new(&budget);
	uint8_t got[4] = "abc";

	(void)state;
	edits_keep(e, 1, CLIENT, 0, 4);
	edits_seal(e);
	assert_int_equal(edits_apply(e, 1, CLIENT, 0, got, 4), 0);
	assert_memory_equal(got, "abc", 4);
	assert_int_equal(edits_apply(e, 1, SERVER, 0, got, 4), 4);
	assert_memory_equal(got, "\0\0\0", 4);
	edits_free(e);
}

static void without_room_bytes_are_blanked_and_counted(void **state)
{
	struct budget budget = { .ceiling = 0 };
	struct edits *e = edits_new(&budget);
	uint8_t got[4] = "abc";

	(void)state;
	edits_keep(e, 1, CLIENT, 0, 4);
	edits_put(e, 1, CLIENT, 0, SPAN("xyz"));
	edits_seal(e);
	assert_int_equal(edits_refused(e), 2);
	assert_int_equal(edits_apply(e, 1, CLIENT, 0, got, 4), 4);
	assert_memory_equal(got, "\0\0\0", 4);
	edits_free(e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_is_what_was_decided),
		cmocka_unit_test(what_overlaps_stays_inside_its_bounds),
		cmocka_unit_test(strangers_are_blanked),
		cmocka_unit_test(without_room_bytes_are_blanked_and_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
