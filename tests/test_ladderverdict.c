/* tests/test_ladderverdict.c - what findings mean for the clients that they name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/case.h"

#define CLIENT_AT "192.0.2.50"
#define SUP "198.51.100.10:8530"

static void findings_stop_whom_they_name(void **unused)
{
	static const struct row {
		enum finding_kind kind;
		const char *client;
		unsigned status;
		bool failed;
	} rows[] = {
		{ FINDING_SERVER_ERROR, CLIENT_AT, 500, true },
		{ FINDING_SERVER_ERROR, "192.0.2.51", 200, false },
		{ FINDING_SLOW_ANSWER, CLIENT_AT, 200, false },
		{ FINDING_REPORTED_ERROR, CLIENT_AT, 200, true },
		/* Served where it should not ask, it is not stopped; refused there, it is. */
		{ FINDING_WRONG_SERVER, CLIENT_AT, 200, false },
		{ FINDING_WRONG_SERVER, CLIENT_AT, 0, true },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct report_case r;

		case_begin(&r);
		case_client(&r, CLIENT_AT, rows[i].status);
		case_raise(&r, rows[i].kind, rows[i].client, SUP, "As it is.");
		findings_settle(r.findings, false);
		ladders_settle(r.ladders, r.findings, r.input.last);
		if (ladders_at(r.ladders, 0)->failed != rows[i].failed)
			fail_msg("row %zu", i);
		case_end(&r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(findings_stop_whom_they_name) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
