/* tests/test_pace.c - when frames of a replay are due. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/moment.h"
#include "cli/pace.h"

enum { STEPS = 6 };

static void frames_keep_their_distance(void **unused)
{
	static const struct {
		const char *what;
		double factor;
		int64_t times[STEPS], due[STEPS];       /* ms */
	} rows[] = {
		{ "as recorded", 1, { 0, 10, 10, 1010, 1500, 4000 }, { 0, 10, 10, 1010, 1500, 4000 } },
		{ "twice as fast", 2, { 0, 10, 10, 1010, 1500, 4000 }, { 0, 5, 5, 505, 750, 2000 } },
		{ "half as fast", 0.5, { 0, 10, 10, 510, 1500, 4000 }, { 0, 20, 20, 1020, 3000, 8000 } },
		{ "a night in between is a pause", 1, { 0, 28800000, 28800100, 28800200, 28800200, 28800300 },
		  { 0, 5000, 5100, 5200, 5200, 5300 } },
		{ "as slow as can be said", 1e-300, { 0, 0, 10, 20, 30, 40 },
		  { 0, 0, 5000, 10000, 15000, 20000 } },
		{ "a clock that is set back", 1, { 5000, 6000, 1000, 2000, 2000, 3000 },
		  { 0, 1000, 1000, 2000, 2000, 3000 } },
	};
	const int64_t now = 77 * MOMENT_S;

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct pace p = { .factor = rows[i].factor };

		for (int k = 0; k < STEPS; k++) {
			int64_t due = pace_due(&p, rows[i].times[k] * MOMENT_MS, now);

			/* Nanoseconds of a double's rounding are nobody's trouble. */
			if ((due - now + MOMENT_MS / 2) / MOMENT_MS != rows[i].due[k])
				fail_msg("%s: frame %d is due after %lld ns", rows[i].what, k,
				         (long long)(due - now));
		}
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = { cmocka_unit_test(frames_keep_their_distance) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
