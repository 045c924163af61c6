/* tests/test_metrics.c - Prometheus' text exposition format 0.0.4. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "report/metrics.h"
#include "tests/checks.h"
#include "tests/metricdocs.h"

#define TARGET "http://wsus01:8530"
#define PROXY "proxy01:3128"

static bool write_all(FILE *out, const struct report *r, const struct report_style *style)
{
	(void)style;
	return report_metrics(out, r, 7);
}

static void assert_says(const char *text, const char *line)
{
	if (!strstr(text, line))
		fail_msg("\"%s\" is missing in:\n%s", line, text);
}

static char *made(struct checks_case *c)
{
	struct report_check *failed;
	char *text;

	checks_begin(c);
	checks_add(c, CHECK_PORT, "8530", TARGET, "", CHECK_OK, "open");
	failed = checks_add(c, CHECK_SOAP, "GetConfig", TARGET, PROXY, CHECK_FAILED, "HTTP 500");
	failed->finding = checks_find(c, FINDING_SERVER_ERROR);
	checks_add(c, CHECK_SOAP, "GetCookie", TARGET, PROXY, CHECK_SKIPPED, "needs soap GetConfig");
	checks_add(c, CHECK_HTTP, "a \"b\\c\nd\xff", TARGET, "", CHECK_WARNING, "");
	text = case_write(&c->base, write_all, NULL);
	checks_end(c);
	return text;
}

static void tells_states_and_reasons(void **unused)
{
	struct checks_case *c = calloc(1, sizeof *c);
	char *text = made(c);

	(void)unused;
	assert_says(text, "wsuscope_check_success{rung=\"port\",check=\"8530\",target=\"" TARGET
	                  "\",proxy=\"\",reason=\"\"} 1\n");
	assert_says(text, "wsuscope_check_success{rung=\"soap\",check=\"GetConfig\",target=\"" TARGET
	                  "\",proxy=\"" PROXY "\",reason=\"server-error\"} 0\n");
	assert_says(text, "check=\"a \\\"b\\\\c\\nd?\"");
	assert_null(strstr(text, "GetCookie"));
	assert_says(text, "wsuscope_check_duration_seconds{rung=\"port\",check=\"8530\",target=\"" TARGET
	                  "\",proxy=\"\"} 0.01\n");
	assert_says(text, "wsuscope_check_phase_seconds{rung=\"port\",check=\"8530\",target=\"" TARGET
	                  "\",proxy=\"\",phase=\"connect\"} 0.002\n");
	assert_says(text, "phase=\"first_byte\"} 0.005\n");
	assert_null(strstr(text, "phase=\"tls\""));
	assert_says(text, "wsuscope_checks{state=\"ok\"} 1\n");
	assert_says(text, "wsuscope_checks{state=\"skipped\"} 1\n");
	assert_says(text, "wsuscope_findings{severity=\"error\"} 1\n");
	assert_says(text, "wsuscope_probe_rounds_total 7\n");
	/* 2026-03-10T10:02:11Z and 40 ms */
	assert_says(text, "wsuscope_probe_end_timestamp_seconds 1773136931.04\n");
	free(text);
	free(c);
}

/* Each line is a remark, or a name of a metric declared before, its labels and a number. */
static void every_line_is_of_the_format(void **unused)
{
	struct checks_case *c = calloc(1, sizeof *c);
	char *text = made(c), declared[80] = "";
	struct span left = span_text(text);

	(void)unused;
	assert_int_equal(text[strlen(text) - 1], '\n');
	while (left.len) {
		struct span line = span_split(&left, '\n');

		if (span_starts(line, SPAN("# TYPE "))) {
			struct span rest = span_skip(line, 7), name = span_split(&rest, ' ');

			snprintf(declared, sizeof declared, "%.*s", (int)name.len, (const char *)name.at);
			assert_true(span_eq(rest, SPAN("gauge")) || span_eq(rest, SPAN("counter")));
			continue;
		}
		if (span_starts(line, SPAN("# HELP ")))
			continue;
		assert_true(span_starts(line, span_text(declared)));
		assert_true(isdigit(line.at[line.len - 1]));
		line = span_skip(line, strlen(declared));
		assert_true(line.at[0] == '{' || line.at[0] == ' ');
	}
	free(text);
	free(c);
}

static void docs_say_the_same(void **unused)
{
	struct checks_case *c = calloc(1, sizeof *c);
	char *text = made(c);

	(void)unused;
	assert_documented(text, "A probe");
	free(text);
	free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_states_and_reasons),
		cmocka_unit_test(every_line_is_of_the_format),
		cmocka_unit_test(docs_say_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
