/* tests/test_frameset.c - a set of frame numbers against a plain array of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/frameset.h"

enum { FRAMES = 20000 };

static void any_order_is_the_same(void **state)
{
	static bool want[FRAMES];
	struct frameset s = { .count = 0 };
	uint64_t seed = 7, size = 0;

	(void)state;
	memset(want, 0, sizeof want);
	assert_false(frameset_has(&s, 1));
	for (unsigned i = 0; i < 3000; i++) {
		uint64_t frame;

		seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
		frame = (seed >> 33) % FRAMES;
		size += !want[frame];
		want[frame] = true;
		assert_true(frameset_add(&s, frame));
		assert_int_equal(s.size, size);
	}
	for (uint64_t i = 0; i < FRAMES; i++)
		assert_int_equal(frameset_has(&s, i), want[i]);
	assert_false(frameset_has(&s, UINT64_MAX));
	frameset_release(&s);
	assert_false(frameset_has(&s, 1));
}

/* Every frame of ten million, and one far away, in a few megabytes. */
static void many_take_little(void **state)
{
	struct frameset s = { .count = 0 };

	(void)state;
	for (uint64_t i = 1; i <= 10000000; i++)
		assert_true(frameset_add(&s, i));
	assert_true(frameset_add(&s, UINT64_C(1) << 60));
	assert_int_equal(s.size, 10000001);
	assert_true(s.room * sizeof *s.pages < 4 << 20);
	assert_true(frameset_has(&s, 10000000) && !frameset_has(&s, 10000001));
	frameset_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_order_is_the_same),
		cmocka_unit_test(many_take_little),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
