/* tests/test_sizes.c - which segment sizes got through. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "decoders/sizes.h"

static void small_ones_pass_large_ones_do_not(void **state)
{
	struct sizes s = { 0 };

	(void)state;
	sizes_sent(&s, 300, 300);
	sizes_sent(&s, 1760, 1460);
	sizes_sent(&s, 1960, 200);
	sizes_acked(&s, 300);
	assert_int_equal(s.acked, 300);
	assert_int_equal(sizes_unacked(&s), 1460);
	sizes_acked(&s, 1960);
	assert_int_equal(s.acked, 1460);
	assert_int_equal(sizes_unacked(&s), 0);
	assert_true(sizes_idle(&s));
}

static void what_was_sent_again_in_parts_did_not_pass_whole(void **state)
{
	struct sizes s = { 0 };

	(void)state;
	sizes_sent(&s, 1460, 1460);
	sizes_resent(&s, 700, 700);
	sizes_acked(&s, 1460);
	assert_int_equal(s.acked, 700);
}

/* More candidates than are kept: the largest in flight is right, whatever is forgotten of the
 * others. */
static void the_largest_in_flight_is_never_forgotten(void **state)
{
	struct sizes s = { 0 };
	uint64_t end = 0;

	(void)state;
	for (uint32_t len = 1000; len > 900; len--)
		sizes_sent(&s, end += len, len);
	assert_int_equal(sizes_unacked(&s), 1000);
	for (uint32_t len = 1001; len < 1100; len++)
		sizes_sent(&s, end += len, len);
	assert_int_equal(sizes_unacked(&s), 1099);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_ones_pass_large_ones_do_not),
		cmocka_unit_test(what_was_sent_again_in_parts_did_not_pass_whole),
		cmocka_unit_test(the_largest_in_flight_is_never_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
