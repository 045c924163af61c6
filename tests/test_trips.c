/* tests/test_trips.c - scans of many calls, and of few. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "analyzers/scan.h"
#include "tests/trial.h"

extern const struct analyzer analyzer_trips;

static const struct row {
	const char *name;
	unsigned pages;
	enum climber climber;
	const char *want, *says;
} rows[] = {
	{ "a usual scan", 13, CLIMBER_CLIENT, "", NULL },
	{ "a long one", 149, CLIMBER_CLIENT, "", NULL },
	{ "nearly too long", 150, CLIMBER_CLIENT, "too-many-trips warning certain 1",
	  "150 SyncUpdates calls (5400 updates" },
	{ "the last that is allowed", 199, CLIMBER_CLIENT, "too-many-trips warning certain 1", NULL },
	{ "too long", 200, CLIMBER_CLIENT, "too-many-trips error certain 1", "stops at 200 with 0x80244010" },
	{ "a server may", 300, CLIMBER_DOWNSTREAM, "", NULL },
};

static void tells_long_scans(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct scan scan = {
			.client = addr_at("192.0.2.50"),
			.server = endpoint_at("198.51.100.1:8530"),
			.climber = rows[i].climber,
			.pages = rows[i].pages,
			.revisions = 5400,
			.bytes = { 1 << 20, 20 << 20 },
			.first_frame = 3,
			.last_frame = 900,
		};
		struct trial t;

		trial_begin(&t, &analyzer_trips, NULL);
		analyzer_trips.scan(t.self, &scan);
		trial_end(&t, 600 * MOMENT_S);
		trial_expect(&t, rows[i].name, rows[i].want, rows[i].says);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(tells_long_scans) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
