/* tests/test_reset.c - what speaks for a box between, and when it is enough. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "decoders/reset.h"

#define BIT(symbol) (1u << RESET_##symbol)

static const struct row {
	const char *name;
	struct reset_evidence e;
	unsigned reasons, points;
	bool box;
} rows[] = {
	{ "nothing odd", { .ttl = 57, .ttl_min = 57, .ttl_max = 57, .delay = -1, .leg = -1 }, 0, 0, false },
	{ "no other packet to compare with", { .ttl = 57, .delay = -1, .leg = -1 }, 0, 0, false },
	{ "a route changed by a hop", { .ttl = 58, .ttl_min = 57, .ttl_max = 57, .delay = -1, .leg = -1 }, 0, 0, false },
	{ "another TTL alone is no verdict",
	  { .ttl = 250, .ttl_min = 57, .ttl_max = 57, .delay = -1, .leg = -1 }, BIT(TTL_CLASS), 40, false },
	{ "other hops alone", { .ttl = 62, .ttl_min = 57, .ttl_max = 57, .delay = -1, .leg = -1 }, BIT(TTL_HOPS), 20, false },
	{ "another TTL, and too fast",
	  { .ttl = 125, .ttl_min = 57, .ttl_max = 57, .delay = MOMENT_MS, .leg = 20 * MOMENT_MS },
	  BIT(TTL_CLASS) | BIT(FASTER), 65, true },
	{ "other hops, and data after it",
	  { .ttl = 62, .ttl_min = 57, .ttl_max = 57, .delay = -1, .leg = -1, .data_after = true },
	  BIT(TTL_HOPS) | BIT(DATA_AFTER), 60, true },
	{ "other hops and another number: too little",
	  { .ttl = 62, .ttl_min = 57, .ttl_max = 57, .delay = -1, .leg = -1, .sequence_known = true, .sequence_off = true },
	  BIT(TTL_HOPS) | BIT(SEQUENCE), 40, false },
	{ "many points without a TTL are no verdict",
	  { .ttl = 57, .ttl_min = 57, .ttl_max = 57, .delay = 0, .leg = 20 * MOMENT_MS, .data_after = true, .both_ways = true },
	  BIT(FASTER) | BIT(DATA_AFTER) | BIT(BOTH_WAYS), 95, false },
	{ "a number that nobody can check", { .ttl = 57, .ttl_min = 57, .ttl_max = 57, .delay = -1, .leg = -1, .sequence_off = true },
	  0, 0, false },
	{ "a leg within the clock's noise is not beaten",
	  { .ttl = 57, .ttl_min = 57, .ttl_max = 57, .delay = 0, .leg = MOMENT_MS / 2 }, 0, 0, false },
	{ "everything is a hundred",
	  { .ttl = 250, .ttl_min = 57, .ttl_max = 57, .delay = 0, .leg = 20 * MOMENT_MS, .sequence_known = true,
	    .sequence_off = true, .data_after = true, .guesses = true, .both_ways = true },
	  BIT(TTL_CLASS) | BIT(FASTER) | BIT(SEQUENCE) | BIT(DATA_AFTER) | BIT(REPEATED) | BIT(BOTH_WAYS), 100, true },
};

static void judged_as_due(void **state)
{
	const struct row *row = *state;
	unsigned reasons = reset_judge(&row->e);

	assert_int_equal(reasons, row->reasons);
	assert_int_equal(reset_points(reasons), row->points);
	assert_int_equal(reset_by_box(reasons), row->box);
}

int main(void)
{
	enum { ROWS = sizeof rows / sizeof *rows };
	struct CMUnitTest tests[ROWS];

	for (size_t i = 0; i < ROWS; i++)
		tests[i] = (struct CMUnitTest){ rows[i].name, judged_as_due, NULL, NULL, (void *)(uintptr_t)&rows[i] };
	return _cmocka_run_group_tests("reset", tests, ROWS, NULL, NULL);
}
