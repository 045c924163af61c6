/* tests/test_rounds.c - of later rounds only what changed is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "cli/rounds.h"
#include "tests/checks.h"

#define TARGET "http://wsus01:8530"

static char *told(struct rounds *w, struct checks_case *c, enum output_format format)
{
	struct options o = { .output_count = 1, .outputs = { { format, NULL } } };
	struct outputs out = { .options = &o, .style = { .width = 80, .frameless = true } };
	char *text = NULL;
	size_t size = 0;

	out.outlets[0].stream = open_memstream(&text, &size);
	assert_non_null(out.outlets[0].stream);
	if (format == OUTPUT_EVENTS)
		out.outlets[0].events = events_new(out.outlets[0].stream, &out.style);
	assert_true(rounds_tell(w, &c->base.report, &out));
	events_free(out.outlets[0].events);
	assert_int_equal(fclose(out.outlets[0].stream), 0);
	return text;
}

static void assert_told_now(struct rounds *w, struct checks_case *c, const char *want)
{
	char *text = told(w, c, OUTPUT_TEXT);

	assert_string_equal(text, want);
	free(text);
}

static void tells_changes(void **unused)
{
	struct checks_case *c = calloc(1, sizeof *c);
	const struct finding *finding;
	struct rounds w = { 0 };

	(void)unused;
	checks_begin(c);
	checks_add(c, CHECK_PORT, "8530", TARGET, "", CHECK_OK, "open");
	checks_add(c, CHECK_SOAP, "GetConfig", TARGET, "proxy01:3128", CHECK_OK, "protocol 1.20");
	finding = checks_find(c, FINDING_SERVER_ERROR);
	assert_told_now(&w, c, "");
	assert_told_now(&w, c, "");
	c->results[1].state = CHECK_FAILED;
	c->results[1].finding = finding;
	snprintf(c->checks[1].detail, sizeof c->checks[1].detail, "HTTP 500");
	assert_told_now(&w, c, "10:02:11 soap GetConfig at " TARGET " via proxy01:3128: ok -> failed: "
	                       "HTTP 500 (server-error)\n");
	assert_told_now(&w, c, "");
	/* What is skipped for what failed is no news, nor that it is as it was before. */
	c->results[0].state = CHECK_SKIPPED;
	assert_told_now(&w, c, "");
	c->results[0].state = CHECK_OK;
	assert_told_now(&w, c, "");
	/* Another reason is news, too. */
	c->results[1].finding = NULL;
	assert_told_now(&w, c, "10:02:11 soap GetConfig at " TARGET " via proxy01:3128: failed -> failed: "
	                       "HTTP 500\n");
	c->results[1].state = CHECK_OK;
	assert_told_now(&w, c, "10:02:11 soap GetConfig at " TARGET " via proxy01:3128: failed -> ok\n");
	rounds_release(&w);
	checks_end(c);
	free(c);
}

static void tells_changes_as_events(void **unused)
{
	struct checks_case *c = calloc(1, sizeof *c);
	struct rounds w = { 0 };
	char *text;

	(void)unused;
	checks_begin(c);
	checks_add(c, CHECK_PORT, "8530", TARGET, "", CHECK_OK, "open");
	checks_add(c, CHECK_SOAP, "GetConfig", TARGET, "", CHECK_OK, "protocol 1.20");
	c->results[1].finding = checks_find(c, FINDING_SERVER_ERROR);
	free(told(&w, c, OUTPUT_EVENTS));
	c->results[1].state = CHECK_WARNING;
	text = told(&w, c, OUTPUT_EVENTS);
	assert_non_null(strstr(text, "\"wsuscope.check\""));
	assert_non_null(strstr(text, "\"wsuscope.finding\""));
	assert_null(strstr(text, "port 8530"));
	free(text);
	rounds_release(&w);
	checks_end(c);
	free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_changes),
		cmocka_unit_test(tells_changes_as_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
