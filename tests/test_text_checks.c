/* tests/test_text_checks.c - a probe's report for people: verdict, matrix, what failed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "report/page.h"
#include "tests/checks.h"

#define HTTP  "http://wsus01.corp.example:8530"
#define HTTPS "https://wsus01.corp.example:8531"
#define PROXY "proxy01.corp.example:3128"

static const struct report_style plain = { .width = 80, .frameless = true };

static struct checks_case *begin(void)
{
	struct checks_case *c = calloc(1, sizeof *c);

	assert_non_null(c);
	checks_begin(c);
	return c;
}

static void end(struct checks_case *c, char *text)
{
	free(text);
	checks_end(c);
	free(c);
}

static void assert_says(const char *text, const char *what)
{
	if (!strstr(text, what))
		fail_msg("\"%s\" is missing in:\n%s", what, text);
}

static void assert_silent(const char *text, const char *what)
{
	if (strstr(text, what))
		fail_msg("\"%s\" should not be in:\n%s", what, text);
}

/* Lines, none of them wider than the page. */
static unsigned lines_of(const char *text)
{
	struct span left = span_text(text);
	unsigned lines = 0;
	char line[256];

	while (left.len) {
		struct span one = span_split(&left, '\n');

		snprintf(line, sizeof line, "%.*s", (int)one.len, (const char *)one.at);
		if (page_width(line) > plain.width)
			fail_msg("too wide: %s", line);
		lines++;
	}
	return lines;
}

static void add_service(struct checks_case *c, const char *target, const char *proxy, enum check_state soap)
{
	checks_add(c, CHECK_PORT, "8530", target, proxy, CHECK_OK, "open");
	checks_add(c, CHECK_HTTP, "ClientWebService", target, proxy, CHECK_OK, "200");
	checks_add(c, CHECK_SOAP, "GetConfig", target, proxy, soap,
	           soap == CHECK_OK ? "protocol 1.20" : "HTTP 500");
	checks_add(c, CHECK_CONTENT, "anonymousCheckFile.txt", target, proxy, CHECK_OK, "206");
}

static void add_closed(struct checks_case *c, const char *target)
{
	struct check *last;

	checks_add(c, CHECK_PORT, "port", target, "", CHECK_SKIPPED, "refused, and another port serves");
	last = checks_last(c);
	last->began = last->ended = c->checks[0].began;         /* it was tried */
}

static void health_takes_a_few_lines(void **unused)
{
	struct checks_case *c = begin();
	char *text;

	(void)unused;
	checks_add(c, CHECK_NAME, "wsus01.corp.example", HTTPS, "", CHECK_OK, "198.51.100.10");
	add_closed(c, HTTPS);
	add_service(c, HTTP, "", CHECK_OK);
	add_closed(c, "https://wsus01.corp.example:443");
	add_closed(c, "http://wsus01.corp.example:80");
	text = case_write(&c->base, report_text, &plain);
	assert_true(lines_of(text) <= 6);
	assert_says(text, "wsus01.corp.example:8530 serves clients; 8531, 443 and 80 are closed.\n");
	assert_says(text, "\nTARGET");
	assert_silent(text, "STOP");
	end(c, text);
}

static void both_ways_stand_below_each_other(void **unused)
{
	struct checks_case *c = begin();
	const char *direct, *proxied;
	char *text;

	(void)unused;
	checks_add(c, CHECK_PORT, "3128", "http://" PROXY, "", CHECK_OK, "open");
	add_service(c, HTTP, "", CHECK_OK);
	checks_add(c, CHECK_PROXY, "CONNECT 8530", HTTP, PROXY, CHECK_FAILED, "403 to CONNECT");
	checks_add(c, CHECK_SOAP, "GetConfig", HTTP, PROXY, CHECK_SKIPPED, "needs proxy CONNECT 8530");
	text = case_write(&c->base, report_text, &plain);
	lines_of(text);
	direct = strstr(text, "\n" HTTP " ");
	proxied = strstr(text, "\n  via " PROXY " ");
	assert_non_null(direct);
	assert_non_null(proxied);
	/* The next line, without what is known of the proxy having a row of its own. */
	assert_ptr_equal(strchr(direct + 1, '\n'), proxied);
	assert_silent(text, "\nhttp://" PROXY);
	assert_says(text, "Of 2 ways one does not serve clients: wsus01.corp.example:8530 via the proxy\n");
	assert_says(text, "STOP  proxy CONNECT 8530, " HTTP " via\n      " PROXY ": 403 to CONNECT\n");
	end(c, text);
}

/* What a bare host is tried for and has not is no row, by no way; what is there stands by its target. */
static void closed_ports_have_no_rows(void **unused)
{
	struct checks_case *c = begin();
	const char *http, *https;
	char *text;

	(void)unused;
	checks_add(c, CHECK_PORT, "3128", "http://" PROXY, "", CHECK_OK, "open");
	checks_add(c, CHECK_PORT, "8530", HTTP, "", CHECK_OK, "open");
	checks_add(c, CHECK_PORT, "8531", HTTPS, "", CHECK_OK, "open");
	add_closed(c, "http://wsus01.corp.example:80");
	checks_add(c, CHECK_PROXY, "logins", "http://wsus01.corp.example:80", PROXY, CHECK_OK, "none");
	checks_add(c, CHECK_SOAP, "GetConfig", "http://wsus01.corp.example:80", PROXY, CHECK_SKIPPED, "");
	for (unsigned i = 0; i < 2; i++) {
		checks_add(c, CHECK_SOAP, "GetConfig", HTTP, i ? PROXY : "", CHECK_OK, "");
		checks_add(c, CHECK_SOAP, "GetConfig", HTTPS, i ? PROXY : "", CHECK_OK, "");
	}
	text = case_write(&c->base, report_text, &plain);
	lines_of(text);
	assert_says(text, "All 4 ways to wsus01.corp.example serve clients; 80 is closed.\n");
	assert_silent(text, "\nhttp://wsus01.corp.example:80");
	http = strstr(text, "\n" HTTP " ");
	https = strstr(text, "\n" HTTPS " ");
	assert_non_null(http);
	assert_non_null(https);
	assert_memory_equal(strchr(http + 1, '\n'), "\n  via " PROXY, strlen("\n  via " PROXY));
	assert_memory_equal(strchr(https + 1, '\n'), "\n  via " PROXY, strlen("\n  via " PROXY));
	end(c, text);
}

static void a_host_without_service_is_named(void **unused)
{
	struct checks_case *c = begin();
	char *text;

	(void)unused;
	checks_add(c, CHECK_PORT, "8530", HTTP, "", CHECK_FAILED, "refused");
	checks_add(c, CHECK_PORT, "8531", HTTPS, "", CHECK_FAILED, "refused");
	text = case_write(&c->base, report_text, &plain);
	assert_says(text, "wsus01.corp.example does not serve clients by any of 2 ways.\n");
	end(c, text);
}

static void both_ways_that_serve_are_one_line(void **unused)
{
	struct checks_case *c = begin();
	char *text;

	(void)unused;
	add_service(c, HTTP, "", CHECK_OK);
	checks_add(c, CHECK_SOAP, "GetConfig", HTTP, PROXY, CHECK_OK, "");
	text = case_write(&c->base, report_text, &plain);
	assert_says(text, "wsus01.corp.example:8530 serves clients, direct and by proxy.\n");
	end(c, text);
}

static void failures_come_with_their_kind(void **unused)
{
	struct checks_case *c = begin();
	struct report_check *failed;
	char *text;

	(void)unused;
	add_service(c, HTTP, "", CHECK_FAILED);
	failed = &c->results[2];
	failed->finding = checks_find(c, FINDING_SERVER_ERROR);
	text = case_write(&c->base, report_text, &plain);
	lines_of(text);
	assert_says(text, "wsus01.corp.example:8530 does not serve clients.\n");
	assert_says(text, "STOP  soap GetConfig, " HTTP ": HTTP 500 (server-error)\n");
	assert_says(text, "1  ERROR  server-error");
	/* Nothing can be looked at. */
	assert_silent(text, "Look at");
	assert_silent(text, "frame");
	assert_silent(text, "41:");
	end(c, text);
}

static void captured_frames_are_told(void **unused)
{
	static const struct report_style framed = { .width = 80 };
	struct checks_case *c = begin();
	char *text;

	(void)unused;
	add_service(c, HTTP, "", CHECK_FAILED);
	c->results[2].frames[0] = 12;
	c->results[2].frames[1] = 19;
	c->results[2].frame_count = 2;
	text = case_write(&c->base, report_text, &framed);
	assert_says(text, "HTTP 500, frames 12 to 19\n");
	end(c, text);
}

static void warnings_do_not_stop(void **unused)
{
	struct checks_case *c = begin();
	char *text;

	(void)unused;
	add_service(c, HTTP, "", CHECK_WARNING);
	text = case_write(&c->base, report_text, &plain);
	assert_says(text, "wsus01.corp.example:8530 serves clients, but not everything is well.\n");
	assert_says(text, "\n!     soap GetConfig");
	assert_silent(text, "STOP");
	end(c, text);
}

static void an_interruption_is_said(void **unused)
{
	struct checks_case *c = begin();
	char *text;

	(void)unused;
	checks_add(c, CHECK_PORT, "8530", HTTP, "", CHECK_SKIPPED, "interrupted");
	c->base.report.interrupted = true;
	text = case_write(&c->base, report_text, &plain);
	assert_says(text, "nothing is known of it");
	assert_says(text, "It was interrupted");
	/* What was not tried is not called closed. */
	assert_silent(text, "closed");
	end(c, text);
}

/* Whom the time did not suffice for is not passed over, and is not well. */
static void what_was_cut_is_said(void **unused)
{
	struct checks_case *c = begin();
	char *text;

	(void)unused;
	add_service(c, HTTP, "", CHECK_OK);
	checks_add(c, CHECK_PORT, "8531", HTTPS, "", CHECK_SKIPPED, "stopped");
	checks_last(c)->began = checks_last(c)->ended = c->checks[0].began;
	checks_last(c)->cut = true;
	text = case_write(&c->base, report_text, &plain);
	lines_of(text);
	assert_says(text, "wsus01.corp.example:8530 serves clients; "
	                  "1 of 2 ways was not checked to the end.\n");
	assert_says(text, "The time for all (-m) was over");
	assert_says(text, "\n" HTTPS " ");
	assert_silent(text, "closed");
	end(c, text);
}

static void checks_that_tell_the_same_are_one_line(void **unused)
{
	struct checks_case *c = begin();
	char *text;

	(void)unused;
	checks_add(c, CHECK_HTTP, "SimpleAuthWebService", HTTP, "", CHECK_FAILED, "302");
	checks_add(c, CHECK_HTTP, "ClientWebService", HTTP, "", CHECK_FAILED, "302");
	checks_add(c, CHECK_HTTP, "Inventory", HTTP, "", CHECK_FAILED, "404");
	checks_add(c, CHECK_HTTP, "ReportingWebService", HTTP, "", CHECK_FAILED, "302");
	checks_add(c, CHECK_PORT, "8531", HTTPS, "", CHECK_FAILED, "refused");
	checks_add(c, CHECK_PORT, "443", "https://wsus01.corp.example:443", "", CHECK_FAILED, "refused");
	text = case_write(&c->base, report_text, &plain);
	lines_of(text);
	assert_says(text, "STOP  http SimpleAuthWebService and 2 more, " HTTP ": 302\n");
	assert_says(text, "STOP  http Inventory, " HTTP ": 404\n");
	assert_says(text, "STOP  port 8531, " HTTPS " and 1 more: refused\n");
	assert_silent(text, "ReportingWebService");
	end(c, text);
}

static void raise_unanswered(struct checks_case *c, const char *server)
{
	struct addr client = addr_at("192.0.2.50");
	struct endpoint at = endpoint_at(server);
	char cause[80];

	snprintf(cause, sizeof cause, "Nothing comes back from %s: it is off.", server);
	finding_raise(c->base.findings, &(struct raise){
		.kind = FINDING_CONNECTION_UNANSWERED, .severity = SEVERITY_OF_KIND,
		.client = &client, .server = &at, .cause = cause,
	});
}

static void what_many_servers_share_is_told_once(void **unused)
{
	static const char *const servers[] = { "198.51.100.1:8530", "198.51.100.10:8530",
		                               "198.51.100.10:80" };
	static const struct report_style framed = { .width = 80 };
	struct checks_case *c = begin();
	char *text;

	(void)unused;
	add_service(c, HTTP, "", CHECK_OK);
	for (size_t i = 0; i < 3; i++)
		raise_unanswered(c, servers[i]);
	findings_settle(c->base.findings, false);
	text = case_write(&c->base, report_text, &plain);
	lines_of(text);
	assert_says(text, ":8530, ");
	assert_says(text, "198.51.100.10:80");
	assert_silent(text, "\n2  ");
	free(text);
	/* With frames each has its own to look at. */
	text = case_write(&c->base, report_text, &framed);
	assert_says(text, "\n3  ");
	assert_says(text, "Do next           as for 1\n");
	end(c, text);
}

static void many_ways_fill_a_page_at_most(void **unused)
{
	struct checks_case *c = begin();
	char *text, target[64];

	(void)unused;
	for (unsigned i = 0; i < CHECKS_MAX; i++) {
		snprintf(target, sizeof target, "http://host%u.example:8530", i);
		checks_add(c, CHECK_PORT, "8530", target, "", i % 2 ? CHECK_FAILED : CHECK_OK, "unanswered");
	}
	text = case_write(&c->base, report_text, &plain);
	assert_true(lines_of(text) < 120);
	assert_says(text, "300 of 600 ways do not serve clients, host1.example:8530 first.");
	assert_says(text, "and 560 more, all of them in -o json.");
	/* Those that fail stand first. */
	assert_silent(text, "http://host0.example:8530 ");
	end(c, text);
}

static void long_names_keep_their_columns(void **unused)
{
	struct checks_case *c = begin();
	char *text;

	(void)unused;
	add_service(c, "http://a-very-long-name-of-a-server.in-a-long.subdomain.corp.example:8530", "",
	            CHECK_OK);
	add_service(c, HTTP, "a-very-long-name-of-a-proxy.in-a-long.subdomain.corp.example:3128",
	            CHECK_FAILED);
	text = case_write(&c->base, report_text, &plain);
	lines_of(text);
	assert_says(text, "STOP");
	end(c, text);
}

static void upstream_hosts_are_counted(void **unused)
{
	struct checks_case *c = begin();
	char *text;

	(void)unused;
	add_service(c, HTTP, "", CHECK_OK);
	checks_add(c, CHECK_UPSTREAM, "port 443", "https://sws.update.microsoft.com", "", CHECK_FAILED,
	           "unanswered");
	checks_add(c, CHECK_UPSTREAM, "port 80", "http://download.windowsupdate.com", "", CHECK_OK, "open");
	text = case_write(&c->base, report_text, &plain);
	lines_of(text);
	assert_says(text, "wsus01.corp.example:8530 serves clients.");
	assert_says(text, "1 of 2 checks of what an upstream");
	end(c, text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(health_takes_a_few_lines),
		cmocka_unit_test(both_ways_stand_below_each_other),
		cmocka_unit_test(closed_ports_have_no_rows),
		cmocka_unit_test(a_host_without_service_is_named),
		cmocka_unit_test(both_ways_that_serve_are_one_line),
		cmocka_unit_test(failures_come_with_their_kind),
		cmocka_unit_test(captured_frames_are_told),
		cmocka_unit_test(warnings_do_not_stop),
		cmocka_unit_test(an_interruption_is_said),
		cmocka_unit_test(what_was_cut_is_said),
		cmocka_unit_test(checks_that_tell_the_same_are_one_line),
		cmocka_unit_test(what_many_servers_share_is_told_once),
		cmocka_unit_test(many_ways_fill_a_page_at_most),
		cmocka_unit_test(long_names_keep_their_columns),
		cmocka_unit_test(upstream_hosts_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
