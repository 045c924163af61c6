/* tests/test_nagios.c - one line and a status (Monitoring Plugins Development Guidelines 2.2 to 2.6). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "report/nagios.h"
#include "tests/checks.h"

#define TARGET "http://wsus01:8530"

static bool write_line(FILE *out, const struct report *r, const struct report_style *style)
{
	(void)style;
	report_nagios(out, r);
	return true;
}

static const struct row {
	const char *name;
	enum check_state states[3];
	const char *detail;
	bool interrupted;
	enum nagios_status status;
	const char *line;
} rows[] = {
	{ "all is well", { CHECK_OK, CHECK_OK, CHECK_OK }, "open", false, NAGIOS_OK,
	  "WSUS OK - 3 of 3 checks ok | " },
	{ "what was skipped does not count", { CHECK_OK, CHECK_OK, CHECK_SKIPPED }, "open", false, NAGIOS_OK,
	  "WSUS OK - 2 of 2 checks ok | " },
	{ "a warning", { CHECK_OK, CHECK_WARNING, CHECK_OK }, "ends in 9 days", false, NAGIOS_WARNING,
	  "WSUS WARNING - port 1 at " TARGET ": ends in 9 days; 2 of 3 checks ok | " },
	{ "a failure is worse", { CHECK_WARNING, CHECK_OK, CHECK_FAILED }, "refused", false, NAGIOS_CRITICAL,
	  "WSUS CRITICAL - port 2 at " TARGET ": refused; 1 of 3 checks ok | " },
	{ "bars and line ends are not of the words", { CHECK_FAILED, CHECK_OK, CHECK_OK }, "a|b\nc", false,
	  NAGIOS_CRITICAL, "WSUS CRITICAL - port 0 at " TARGET ": a/b c; 2 of 3 checks ok | " },
	{ "nobody knows", { CHECK_SKIPPED, CHECK_SKIPPED, CHECK_SKIPPED }, "", false, NAGIOS_UNKNOWN,
	  "WSUS UNKNOWN - 0 of 0 checks ok | " },
	{ "interrupted", { CHECK_OK, CHECK_SKIPPED, CHECK_SKIPPED }, "", true, NAGIOS_UNKNOWN,
	  "WSUS UNKNOWN - interrupted; 1 of 1 checks ok | " },
};

static void tells_in_a_line(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct checks_case *c = calloc(1, sizeof *c);
		char *text, name[8];

		checks_begin(c);
		for (unsigned k = 0; k < 3; k++) {
			snprintf(name, sizeof name, "%u", k);
			checks_add(c, CHECK_PORT, name, TARGET, "", rows[i].states[k], rows[i].detail);
		}
		c->base.report.interrupted = rows[i].interrupted;
		text = case_write(&c->base, write_line, NULL);
		if (nagios_status(&c->base.report) != rows[i].status ||
		    strncmp(text, rows[i].line, strlen(rows[i].line)) != 0 ||
		    strchr(text, '\n') != text + strlen(text) - 1)
			fail_msg("%s: %s", rows[i].name, text);
		free(text);
		checks_end(c);
		free(c);
	}
}

static void times_are_performance_data(void **unused)
{
	struct checks_case *c = calloc(1, sizeof *c);
	char *text;

	(void)unused;
	checks_begin(c);
	checks_add(c, CHECK_PORT, "a", TARGET, "", CHECK_OK, "");
	checks_add(c, CHECK_SOAP, "b", TARGET, "", CHECK_OK, "");
	checks_last(c)->ended += 5 * MOMENT_MS;
	checks_add(c, CHECK_SOAP, "c", TARGET, "", CHECK_OK, "");
	text = case_write(&c->base, write_line, NULL);
	/* 'label'=value[UOM];[warn];[crit];[min];[max] */
	assert_non_null(strstr(text, " | port=0.010000s;;;0 soap=0.015000s;;;0 time=0.030000s;;;0 "
	                             "failed=0;;;0;3\n"));
	free(text);
	checks_end(c);
	free(c);
}

static void unfinished_runs_are_not_known(void **unused)
{
	struct checks_case *c = calloc(1, sizeof *c);
	char *text;

	(void)unused;
	checks_begin(c);
	checks_add(c, CHECK_PORT, "a", TARGET, "", CHECK_OK, "");
	checks_add(c, CHECK_PATH, "a", TARGET, "", CHECK_SKIPPED, "");
	checks_last(c)->began = checks_last(c)->ended = c->checks[0].began;
	checks_add(c, CHECK_SOAP, "b", TARGET, "", CHECK_SKIPPED, "");
	checks_last(c)->cut = true;
	text = case_write(&c->base, write_line, NULL);
	assert_int_equal(nagios_status(&c->base.report), NAGIOS_UNKNOWN);
	assert_non_null(strstr(text, "UNKNOWN - time was over before 1 check; 1 of 1 checks ok | port="));
	/* What was skipped took no time. */
	assert_null(strstr(text, "path="));
	free(text);
	checks_end(c);
	free(c);
}

static void findings_count_beside_checks(void **unused)
{
	struct checks_case *c = calloc(1, sizeof *c);

	(void)unused;
	checks_begin(c);
	checks_add(c, CHECK_PORT, "a", TARGET, "", CHECK_OK, "");
	checks_find(c, FINDING_SLOW_ANSWER);
	assert_int_equal(nagios_status(&c->base.report), NAGIOS_WARNING);
	checks_find(c, FINDING_SERVER_ERROR);
	assert_int_equal(nagios_status(&c->base.report), NAGIOS_CRITICAL);
	checks_end(c);
	free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_in_a_line),
		cmocka_unit_test(times_are_performance_data),
		cmocka_unit_test(unfinished_runs_are_not_known),
		cmocka_unit_test(findings_count_beside_checks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
