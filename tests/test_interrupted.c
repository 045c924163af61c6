/* tests/test_interrupted.c - a service that was away for a while, and patterns that only look so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/trial.h"

extern const struct analyzer analyzer_interrupted;

/* One letter a second: G served, R refused, S shot after the handshake, U unanswered, r refused
 * elsewhere, . nothing. */
static const struct row {
	const char *name, *line, *want, *says;
} rows[] = {
	{ "away for a while", "GGRRRGG", "service-interrupted warning probable 3", "everyone for 3.0 s" },
	{ "shot as well as refused", "GGRSRGG", "service-interrupted warning probable 3", NULL },
	{ "twice", "GRRGGRRG", "service-interrupted warning probable 4", NULL },
	{ "one attempt met a lost moment", "GGRGG", "", NULL },
	{ "never came back", "GGRRRR", "", NULL },
	{ "was never there before", "RRRRGG", "", NULL },
	{ "one client is refused while others are served", "GRGRGRG", "", NULL },
	{ "silence is the path's", "GGUUUGG", "", NULL },
	{ "another server", "GGrrrGG", "", NULL },
	{ "nothing but good", "GGGGGGG", "", NULL },
};

static void state(struct trial *t, char what, int64_t ms)
{
	const char *server = what == 'r' ? "198.51.100.11:8530" : "198.51.100.10:8530";
	struct connection c = connection_at("192.0.2.50", server, 0);

	c.first_time = ms * MOMENT_MS;
	c.last_time = c.first_time + MOMENT_MS;
	c.first_frame = (uint64_t)ms + 1;
	if (what == 'R' || what == 'r')
		c.outcome = CONNECTION_REFUSED;
	if (what == 'U')
		c.outcome = CONNECTION_UNANSWERED;
	if (what == 'S') {
		c.closed = CONNECTION_RESET_BY_SERVER;
		c.side[SERVER].bytes = 0;
	}
	trial_connection(t, &c);
}

static void judges_lines(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (int backwards = 0; backwards < 2; backwards++) {
			int64_t len = (int64_t)strlen(rows[i].line);
			struct trial t;

			trial_begin(&t, &analyzer_interrupted, NULL);
			for (int64_t k = 0; k < len; k++) {
				int64_t at = backwards ? len - 1 - k : k;

				if (rows[i].line[at] != '.')
					state(&t, rows[i].line[at], (at + 1) * 1000);
			}
			trial_end(&t, 600 * MOMENT_S);
			trial_expect(&t, rows[i].name, rows[i].want, rows[i].says);
		}
}

/* Ten thousand answers, an interruption of ten seconds, ten thousand more: found, and no limit told. */
static void survives_a_busy_day(void **unused)
{
	struct trial t;

	(void)unused;
	trial_begin(&t, &analyzer_interrupted, NULL);
	for (int i = 0; i < 10000; i++)
		state(&t, 'G', 20 * i);
	for (int i = 0; i < 100; i++)
		state(&t, 'R', 200000 + 100 * i);
	for (int i = 0; i < 10000; i++)
		state(&t, 'G', 210000 + 20 * i);
	trial_end(&t, 600 * MOMENT_S);
	trial_expect(&t, "a busy day", "service-interrupted warning probable 100", "everyone for 10.0 s");
	for (int i = 0; i < LIMIT_COUNT; i++)
		assert_int_equal(t.limits.count[i], 0);
}

/* A server that flips at every turn keeps a bounded memory, and is not interrupted. */
static void survives_flipping(void **unused)
{
	struct trial t;

	(void)unused;
	trial_begin(&t, &analyzer_interrupted, NULL);
	for (int i = 0; i < 40000; i++)
		state(&t, i & 1 ? 'R' : 'G', 100 * i);
	trial_end(&t, 6000 * MOMENT_S);
	trial_expect(&t, "flipping", "", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_lines),
		cmocka_unit_test(survives_a_busy_day),
		cmocka_unit_test(survives_flipping),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
