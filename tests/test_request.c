/* tests/test_request.c - answers in words, ports beside each other, and why a step does not start. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "probes/request.h"

#define HEADER(name, value) { SPAN_LIT(name), SPAN_LIT(value) }
#define IIS HEADER("Server", "Microsoft-IIS/10.0")

static const struct row {
	struct fetch_result result;
	const char *says;
} rows[] = {
	{ { .stage = FETCH_DONE, .status = 200 }, "200" },
	{ { .stage = FETCH_DONE, .status = 403, .headers = { IIS }, .header_count = 1 },
	  "403 from IIS 10.0" },
	{ { .stage = FETCH_DONE, .status = 503,
	    .headers = { HEADER("Server", "squid/5.7"), HEADER("X-Squid-Error", "ERR_CONNECT_FAIL 111") },
	    .header_count = 2 }, "503 from Squid 5.7" },
	/* logins in an address are nobody's business */
	{ { .stage = FETCH_DONE, .status = 302,
	    .headers = { HEADER("Location", "http://u:p@x@login.test:81/a@b") },
	    .header_count = 1 },
	  "302 to login.test:81" },
	{ { .stage = FETCH_DONE, .status = 301, .headers = { HEADER("Location", "/elsewhere") },
	    .header_count = 1 }, "301" },
	{ { .stage = FETCH_DONE, .status = 200, .headers = { HEADER("Location", "http://x/") },
	    .header_count = 1 }, "200" },
	{ { .stage = FETCH_CONNECT, .dial = { .outcome = DIAL_REFUSED } }, "no connection: refused" },
	{ { .stage = FETCH_CONNECT, .dial = { .outcome = DIAL_OPEN }, .error = "words" },
	  "no connection: words" },
	{ { .stage = FETCH_TUNNEL, .connect_status = 403 }, "the proxy opened no tunnel: 403" },
	{ { .stage = FETCH_TLS, .error = "words" }, "the TLS handshake failed: words" },
	{ { .stage = FETCH_ANSWER }, "no answer" },
	{ { .stage = FETCH_BODY, .status = 200, .error = "words" }, "the answer broke off: words" },
};

static void answers_in_words(void **state)
{
	char text[REQUEST_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(request_said(&rows[i].result, text), rows[i].says);
}

/* As long as headers may be, words stay within their room. */
static void words_have_an_end(void **state)
{
	static char version[4096] = "Microsoft-IIS/", place[4096] = "http://";
	struct fetch_result result = { .stage = FETCH_DONE, .status = 302, .header_count = 2 };
	char text[REQUEST_TEXT];

	(void)state;
	memset(version + 14, '7', sizeof version - 15);
	memset(place + 7, 'h', sizeof place - 8);
	result.headers[0] = (struct fetch_header){ SPAN("Server"), span_text(version) };
	result.headers[1] = (struct fetch_header){ SPAN("Location"), span_text(place) };
	assert_true(strlen(request_said(&result, text)) < REQUEST_TEXT);
	memset(result.error, 'e', sizeof result.error - 1);
	for (int stage = FETCH_CONNECT; stage <= FETCH_DONE; stage++) {
		result.stage = (enum fetch_stage)stage;
		assert_true(strlen(request_said(&result, text)) < REQUEST_TEXT);
	}
}

/* MS-WUSP 2.1: 80 beside 443, else one less. */
static void plain_ports(void **state)
{
	static const struct {
		bool https;
		uint16_t port, plain;
	} ports[] = {
		{ true, 8531, 8530 }, { true, 443, 80 }, { false, 8530, 8530 }, { false, 80, 80 },
		{ true, 10001, 10000 }, { true, 1, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof ports / sizeof *ports; i++) {
		struct site site = { .target = { .https = ports[i].https, .port = ports[i].port } };

		assert_int_equal(request_plain_port(&site), ports[i].plain);
	}
}

/* Of a check's requests, those that are set aside are no judge's; its packets say which they are of. */
static void requests_are_set_aside(void **state)
{
	struct step step = { 0 };
	struct request r = { .step = &step };

	(void)state;
	request_aside(&r);              /* none was answered yet */
	assert_true(check_is_judged(&step.told, 0));
	r.turn = 2;
	request_aside(&r);
	assert_true(check_is_judged(&step.told, 0));
	assert_false(check_is_judged(&step.told, 1));
	assert_true(check_is_judged(&step.told, 2));
	step.told.unjudged = true;
	assert_false(check_is_judged(&step.told, 0));

	assert_int_equal(tape_owner_check(tape_owner(70000, 3)), 70000);
	assert_int_equal(tape_owner_turn(tape_owner(70000, 3)), 3);
	assert_int_equal(tape_owner_turn(tape_owner(1, 4000)), TAPE_TURNS - 1);
}

static void reasons_are_handed_on(void **state)
{
	struct step need = { .told = { .rung = CHECK_HTTP, .name = "/", .state = CHECK_FAILED,
		                       .began = 1, .detail = "503" } };
	char text[CHECK_DETAIL_MAX];

	(void)state;
	assert_string_equal(request_needs(&need, text), "needs http /: 503");
	need.told = (struct check){ .state = CHECK_SKIPPED, .began = MOMENT_NONE,
		                    .detail = "needs port 80: x" };
	assert_string_equal(request_needs(&need, text), "needs port 80: x");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_in_words),
		cmocka_unit_test(words_have_an_end),
		cmocka_unit_test(plain_ports),
		cmocka_unit_test(requests_are_set_aside),
		cmocka_unit_test(reasons_are_handed_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
