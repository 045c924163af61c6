/* tests/test_recent.c - the last rows of each client: what they say, in which order, and how many. */
#include "report/recent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/exchanges.h"
#include "tests/sessions.h"
#include "tests/trial.h"

#define NOON (INT64_C(1773136800) * MOMENT_S)

static void take_line(struct recent *r, const char *line, int64_t time)
{
	struct arena arena;
	struct exchange *x;

	arena_init(&arena, 1 << 20);
	x = exchange_of(&arena, line, 1, time);
	assert_non_null(x);
	recent_fact(r, &(struct fact){ .kind = FACT_EXCHANGE, .time = time, .exchange = x });
	arena_release(&arena);
}

static void words_are_short_and_exact(void **unused)
{
	static const struct row {
		const char *line, *asked, *answer;
		bool failed;
	} rows[] = {
		{ "192.0.2.50 > 192.0.2.1:8530 GET /Content/AB/x.cab?token=secret => 200 OK | "
		  "Content-Type: a/b; c=d",
		  "GET /Content/AB/x.cab", "200 a/b", false },
		{ "192.0.2.50 > 192.0.2.1:8530 CALL GetConfig => 200 OK", "GetConfig", "200", false },
		{ "192.0.2.50 > 192.0.2.9:3128 GET http://u:p@wsus01:8530/selfupdate/a.cab => 404 Not Found",
		  "GET /selfupdate/a.cab", "404", true },
		{ "192.0.2.50 > 192.0.2.9:3128 CONNECT user:pass@wsus01:8531 => 503 Unavailable",
		  "CONNECT wsus01:8531", "503", true },
		{ "192.0.2.50 > 192.0.2.9:3128 GET http://wsus01/x => 407 No | "
		  "Proxy-Authenticate: Negotiate | Proxy-Authenticate: NTLM",
		  "GET /x", "407, asks for a login (NTLM, Negotiate)", false },
		{ "192.0.2.50 > 192.0.2.1:8530 GET /x | end reset", "GET /x",
		  "no answer: the connection was reset", true },
		{ "192.0.2.50 > 192.0.2.1:8530 GET /\xff\x1b[31m\xe2\x80\xaex => 200 OK",
		  "GET /??[31m?x", "200", false },
	};
	struct addr client = addr_at("192.0.2.50");

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct recent *r = recent_new(64 << 20);
		const struct recent_row *row;

		assert_non_null(r);
		take_line(r, rows[i].line, NOON);
		assert_int_equal(recent_count(r, &client), 1);
		row = recent_at(r, &client, 0);
		if (!strstr(row->asked, rows[i].asked) || strstr(row->answer, rows[i].answer) != row->answer)
			fail_msg("%s: '%s' '%s'", rows[i].line, row->asked, row->answer);
		assert_int_equal(row->failed, rows[i].failed);
		assert_null(strstr(row->asked, "secret"));
		assert_null(strstr(row->asked, "pass"));
		assert_int_equal(row->kind, RECENT_EXCHANGE);
		recent_free(r);
	}
}

static void long_texts_end_in_dots(void **unused)
{
	struct recent *r = recent_new(64 << 20);
	struct addr client = addr_at("192.0.2.50");
	char line[600], path[400];

	(void)unused;
	memset(path, 'a', sizeof path);
	path[sizeof path - 1] = '\0';
	snprintf(line, sizeof line, "192.0.2.50 > 192.0.2.1:8530 GET /%s => 200 OK", path);
	take_line(r, line, NOON);
	assert_int_equal(strlen(recent_at(r, &client, 0)->asked), RECENT_TEXT - 1);
	assert_string_equal(recent_at(r, &client, 0)->asked + RECENT_TEXT - 4, "...");
	recent_free(r);
}

static void take_attempt(struct recent *r, struct addr client, enum connection_outcome outcome, int64_t time)
{
	struct connection c = { .client = { client, 50000 }, .server = endpoint_at("192.0.2.1:8530"),
		                .outcome = outcome, .rtt = -1, .syn_time = time, .synack_time = MOMENT_NONE,
		                .syn_count = 3, .client_by_syn = true, .syn_frame = 1 };

	if (outcome == CONNECTION_ESTABLISHED)
		c.synack_time = time + MOMENT_MS;
	recent_fact(r, &(struct fact){ .kind = FACT_CONNECTION, .time = time, .connection = &c });
}

static void other_facts_are_rows_too(void **unused)
{
	struct recent *r = recent_new(64 << 20);
	struct addr client = addr_at("192.0.2.50");
	struct lookup lookup = { .client = client, .server = endpoint_at("192.0.2.53:53"),
		                 .name = "wsus01.corp.example", .type = 1, .tries = 1, .answered = true,
		                 .rcode = 3, .ask_time = NOON, .answer_time = NOON + 2 * MOMENT_MS,
		                 .asked_seen = true };
	struct icmp_error icmp = { .time = NOON + 3 * MOMENT_S, .from = addr_at("192.0.2.254"), .type = 3,
		                   .code = 13, .source = { client, 50000 },
		                   .target = endpoint_at("192.0.2.1:8530") };

	(void)unused;
	recent_fact(r, &(struct fact){ .kind = FACT_LOOKUP, .time = NOON, .lookup = &lookup });
	take_attempt(r, client, CONNECTION_UNANSWERED, NOON + MOMENT_S);
	take_attempt(r, client, CONNECTION_ESTABLISHED, NOON + 2 * MOMENT_S);
	recent_fact(r, &(struct fact){ .kind = FACT_ICMP, .time = icmp.time, .icmp = &icmp });
	assert_int_equal(recent_count(r, &client), 4);
	assert_string_equal(recent_at(r, &client, 0)->asked, "A wsus01.corp.example");
	assert_string_equal(recent_at(r, &client, 0)->answer, "NXDOMAIN");
	assert_int_equal(recent_at(r, &client, 0)->took, 2 * MOMENT_MS);
	assert_true(recent_at(r, &client, 0)->failed);
	assert_string_equal(recent_at(r, &client, 1)->answer, "no answer, asked 3 times");
	assert_true(recent_at(r, &client, 1)->failed);
	assert_int_equal(recent_at(r, &client, 1)->took, -1);
	assert_string_equal(recent_at(r, &client, 2)->answer, "accepted");
	assert_int_equal(recent_at(r, &client, 2)->took, MOMENT_MS);
	assert_false(recent_at(r, &client, 2)->failed);
	assert_non_null(strstr(recent_at(r, &client, 3)->answer, "says 192.0.2.254"));
	recent_free(r);
}

static void a_session_says_how_it_failed(void **unused)
{
	struct recent *r = recent_new(64 << 20);
	struct connection c = connection_at("192.0.2.50", "192.0.2.1:8531", NOON / MOMENT_S);
	struct tls_session s = session_hello(&c);

	(void)unused;
	s.established = false;
	s.server_hello = true;
	s.version = TLS_1_2;
	s.alert_count = 1;
	/* unknown_ca (RFC 8446 section 6.2) */
	s.alerts[0] = (struct tls_alert){ .by = CLIENT, .level = 2, .description = 48 };
	recent_fact(r, &(struct fact){ .kind = FACT_TLS, .time = NOON, .tls = &s });
	assert_non_null(strstr(recent_at(r, &c.client.addr, 0)->answer, "TLS 1.2, alert unknown"));
	assert_non_null(strstr(recent_at(r, &c.client.addr, 0)->answer, "by the client"));
	assert_true(recent_at(r, &c.client.addr, 0)->failed);
	recent_free(r);
}

/* Whatever order they end in, rows stand by the time at which they began; the oldest makes room. */
static void rows_are_in_order_and_bounded(void **unused)
{
	struct recent *r = recent_new(64 << 20);
	struct addr client = addr_at("192.0.2.50");

	(void)unused;
	for (int i = 0; i < 3 * RECENT_ROWS; i++)
		take_attempt(r, client, CONNECTION_ESTABLISHED, NOON + (i ^ 1) * MOMENT_MS);
	assert_int_equal(recent_count(r, &client), RECENT_ROWS);
	for (size_t i = 1; i < RECENT_ROWS; i++)
		assert_true(recent_at(r, &client, i - 1)->time < recent_at(r, &client, i)->time);
	assert_int_equal(recent_at(r, &client, RECENT_ROWS - 1)->time,
	                 NOON + (3 * RECENT_ROWS - 1) * MOMENT_MS);
	assert_null(recent_at(r, &client, RECENT_ROWS));
	/* The clock goes back an hour: what comes now is seen. */
	take_attempt(r, client, CONNECTION_ESTABLISHED, NOON - 3600 * MOMENT_S);
	assert_int_equal(recent_count(r, &client), 1);
	recent_free(r);
}

static struct addr numbered(unsigned i)
{
	uint8_t bytes[4] = { 10, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i };

	return addr_v4(bytes);
}

static void clients_are_bounded_by_their_last_use(void **unused)
{
	struct recent *r = recent_new(64 << 20);
	struct addr first = numbered(0), second = numbered(1), last = numbered(RECENT_CLIENTS);

	(void)unused;
	for (unsigned i = 0; i < RECENT_CLIENTS; i++)
		take_attempt(r, numbered(i), CONNECTION_ESTABLISHED, NOON);
	take_attempt(r, first, CONNECTION_ESTABLISHED, NOON);
	take_attempt(r, last, CONNECTION_ESTABLISHED, NOON);
	assert_int_equal(recent_count(r, &first), 2);
	assert_int_equal(recent_count(r, &second), 0);
	assert_int_equal(recent_count(r, &last), 1);
	recent_free(r);
}

/* Where there is room for some clients' rows only, whoever was heard last longest ago is forgotten. */
static void rows_take_no_more_than_their_room(void **unused)
{
	enum { MANY = 1000, ROWS = 100 };
	struct recent *r = recent_new(ROWS * sizeof(struct recent_row));
	struct addr first = numbered(0), last = numbered(MANY - 1);
	size_t kept = 0;

	(void)unused;
	for (unsigned i = 0; i < MANY; i++)
		take_attempt(r, numbered(i), CONNECTION_ESTABLISHED, NOON + i * MOMENT_MS);
	for (unsigned i = 0; i < MANY; i++) {
		struct addr client = numbered(i);

		kept += recent_count(r, &client);
	}
	assert_in_range(kept, 1, ROWS);
	assert_int_equal(recent_count(r, &first), 0);
	assert_int_equal(recent_count(r, &last), 1);
	recent_free(r);
}

static void a_flood_drives_nobody_out(void **unused)
{
	struct recent *r = recent_new(64 << 20);
	size_t kept = 0;

	(void)unused;
	for (unsigned i = 0; i < RECENT_CLIENTS / 2; i++)
		take_attempt(r, numbered(i), CONNECTION_ESTABLISHED, NOON);
	for (unsigned i = 0; i < 50 * RECENT_CLIENTS; i++)
		take_attempt(r, numbered(1000000 + i), CONNECTION_UNANSWERED, NOON);
	for (unsigned i = 0; i < RECENT_CLIENTS / 2; i++) {
		struct addr client = numbered(i);

		kept += recent_count(r, &client);
	}
	assert_int_equal(kept, RECENT_CLIENTS / 2);
	recent_free(r);
	recent_free(NULL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_short_and_exact),
		cmocka_unit_test(long_texts_end_in_dots),
		cmocka_unit_test(other_facts_are_rows_too),
		cmocka_unit_test(a_session_says_how_it_failed),
		cmocka_unit_test(rows_are_in_order_and_bounded),
		cmocka_unit_test(clients_are_bounded_by_their_last_use),
		cmocka_unit_test(rows_take_no_more_than_their_room),
		cmocka_unit_test(a_flood_drives_nobody_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
