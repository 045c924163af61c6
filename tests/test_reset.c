/* tests/test_reset.c - what speaks for a box between, and when it is enough. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "decoders/reset.h"

#define BIT(symbol) (1u << RESET_##symbol)

/* A reset of a side whose packets all came with TTL 57, and nothing else known of it. */
#define RESET(itsttl) .ttl = (itsttl), .ttl_min = 57, .ttl_max = 57

/* No request before it, or no round trip known. */
#define NO_TIMES .delay = -1, .leg = -1

static const struct row {
	const char *name;
	struct reset_evidence e;
	unsigned reasons, points;
	bool box;
} rows[] = {
	{ "nothing odd", { RESET(57), NO_TIMES }, 0, 0, false },
	{ "no other packet to compare with", { .ttl = 57, NO_TIMES }, 0, 0, false },
	{ "a route changed by a hop", { RESET(58), NO_TIMES }, 0, 0, false },
	{ "another TTL alone is no verdict",
	  { RESET(250), NO_TIMES }, BIT(TTL_CLASS), 40, false },
	{ "other hops alone", { RESET(62), NO_TIMES }, BIT(TTL_HOPS), 20, false },
	{ "another TTL, and too fast",
	  { RESET(125), .delay = MOMENT_MS, .leg = 20 * MOMENT_MS },
	  BIT(TTL_CLASS) | BIT(FASTER), 65, true },
	{ "other hops, and data after it",
	  { RESET(62), NO_TIMES, .data_after = true },
	  BIT(TTL_HOPS) | BIT(DATA_AFTER), 60, true },
	{ "other hops and another number: too little",
	  { RESET(62), NO_TIMES, .sequence_known = true, .sequence_off = true },
	  BIT(TTL_HOPS) | BIT(SEQUENCE), 40, false },
	{ "many points without a TTL are no verdict",
	  { RESET(57), .leg = 20 * MOMENT_MS, .data_after = true, .both_ways = true },
	  BIT(FASTER) | BIT(DATA_AFTER) | BIT(BOTH_WAYS), 95, false },
	{ "a number that nobody can check", { RESET(57), NO_TIMES, .sequence_off = true }, 0, 0, false },
	{ "a leg within the clock's noise is not beaten",
	  { RESET(57), .delay = 0, .leg = MOMENT_MS / 2 }, 0, 0, false },
	{ "everything is a hundred",
	  { RESET(250), .delay = 0, .leg = 20 * MOMENT_MS, .sequence_known = true,
	    .sequence_off = true, .data_after = true, .guesses = true, .both_ways = true },
	  BIT(TTL_CLASS) | BIT(FASTER) | BIT(SEQUENCE) | BIT(DATA_AFTER) | BIT(REPEATED) | BIT(BOTH_WAYS),
	  100, true },
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
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = judged_as_due,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	return _cmocka_run_group_tests("reset", tests, ROWS, NULL, NULL);
}
