/* tests/test_fetchwords.c - answers that are none, and in plain words why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#undef skip
#include <signal.h>

#include "probes/fetchwords.h"
#include "tests/fetched.h"

static void flood_of_body(struct fetch_options *o)
{
	o->most = 0;
	o->timeout = MOMENT_S;
}

/* Every answer that is none, and in plain words why. */
static void bad_answers_are_told(void **state)
{
	static const struct fetched_row rows[] = {
		{ .name = "silence", .url = FETCHED_PLAIN, .acts = { HEAR, HOLD },
		  .shape = fetched_in_short, .stage = FETCH_ANSWER,
		  .error = "1.0 s went by before it answered", .exchanges = "GET /x 0; ",
		  .connections = "established fin; " },
		{ .name = "half a head", .url = FETCHED_PLAIN, .shape = fetched_in_short,
		  .acts = { HEAR, SAY("HTTP/1.1 200 OK\r\nSer"), HOLD }, .stage = FETCH_ANSWER,
		  .status = 200, .error = "1.0 s went by before it answered to the end" },
		{ .name = "closed at once", .url = FETCHED_PLAIN, .acts = { HEAR },
		  .stage = FETCH_ANSWER, .error = "the server closed the connection before it answered",
		  .connections = "established fin; " },
		{ .name = "reset at once", .url = FETCHED_PLAIN,
		  .acts = { HEAR, { SERVED_RESET, NULL } }, .stage = FETCH_ANSWER,
		  .error = "the server reset the connection before it answered",
		  .connections = "established reset_by_server; " },
		{ .name = "closed in the body", .url = FETCHED_PLAIN,
		  .acts = { HEAR, OK("9\r\n\r\nhello") }, .stage = FETCH_BODY, .status = 200,
		  .body = "hello", .error = "the server closed the connection before all was sent" },
		{ .name = "reset in the body", .url = FETCHED_PLAIN,
		  .acts = { HEAR, SAY("HTTP/1.1 200 OK\r\n\r\nhello"), { SERVED_RESET, NULL } },
		  .stage = FETCH_BODY, .status = 200,
		  .error = "the server reset the connection before all was sent" },
		{ .name = "an endless body", .url = FETCHED_PLAIN, .shape = flood_of_body,
		  .acts = { HEAR, SAY("HTTP/1.1 200 OK\r\n\r\n"), { SERVED_SLOWLY, "a" }, HOLD },
		  .stage = FETCH_BODY, .status = 200, .error = "1.0 s went by before all was sent" },
		{ .name = "a broken chunk", .url = FETCHED_PLAIN,
		  .acts = { HEAR, SAY("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
		            HOLD }, .stage = FETCH_BODY, .status = 200,
		  .error = "what it sends contradicts itself" },
		{ .name = "endless headers", .url = FETCHED_PLAIN,
		  .acts = { HEAR, SAY("HTTP/1.1 200 OK\r\n"), { SERVED_FLOOD,
		               "X-Long: 0123456789\r\n" } }, .stage = FETCH_ANSWER, .status = 200,
		  .error = "the headers of the answer have no end" },
		{ .name = "an endless header", .url = FETCHED_PLAIN,
		  .acts = { HEAR, SAY("HTTP/1.1 200 OK\r\nX: "), { SERVED_FLOOD, "0123456789" } },
		  .stage = FETCH_ANSWER, .status = 200,
		  .error = "the headers of the answer have no end" },
		{ .name = "endless answers before", .url = FETCHED_PLAIN,
		  .acts = { HEAR, { SERVED_FLOOD, "HTTP/1.1 102 Processing\r\n\r\n" } },
		  .stage = FETCH_ANSWER, .error = "the headers of the answer have no end" },
		{ .name = "garbage", .url = FETCHED_PLAIN, .acts = { HEAR, SAY("220 ftp ready\r\n") },
		  .stage = FETCH_ANSWER, .error = "the answer is not HTTP" },
	};

	(void)state;
	FETCHED_CHECK(rows);
}

/* As libssl says it of a certificate message that holds random bytes. */
static void unreadable_certificates_are_told(void **state)
{
	static const char *const said[] = {
		"error:068000A8:asn1 encoding routines::wrong tag",
		"error:0680007B:asn1 encoding routines::header too long",
	};

	(void)state;
	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		struct fetch_result r = { .stage = FETCH_TLS, .code = CURLE_SSL_CONNECT_ERROR, .alert = -1 };

		fetchwords_explain(&r, &(struct fetchwords){ .tls = true, .curl_said = said[i] });
		assert_string_equal(r.error, "its certificate cannot be read");
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_answers_are_told),
		cmocka_unit_test(unreadable_certificates_are_told),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, fetched_forget);
}
