/* tests/test_tally.c - facts counted by outcome, rung, status, time and server. */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "capture/source.h"
#include "cli/engine.h"
#include "live/tally.h"
#include "tests/exchanges.h"

#define NOON (INT64_C(1773136800) * MOMENT_S)   /* a full second */

static void take_line(struct tally *t, const char *line, int64_t time, int64_t ttfb)
{
	struct arena arena;
	struct exchange *x;

	arena_init(&arena, 1 << 20);
	x = exchange_of(&arena, line, 1, time);
	assert_non_null(x);
	x->ttfb = ttfb;
	tally_fact(t, &(struct fact){ .kind = FACT_EXCHANGE, .time = time, .exchange = x });
	arena_release(&arena);
}

static void take_connection(struct tally *t, const char *server, enum connection_outcome outcome,
                            int64_t time)
{
	struct connection c = { .outcome = outcome, .rtt = -1, .syn_time = time, .synack_time = MOMENT_NONE,
		                .syn_count = 3, .client_by_syn = true };

	assert_true(exchange_endpoint(span_text(server), &c.server));
	tally_fact(t, &(struct fact){ .kind = FACT_CONNECTION, .time = time, .connection = &c });
}

static const struct tally_server *server_at(const struct tally *t, const char *text)
{
	struct endpoint e;

	assert_true(exchange_endpoint(span_text(text), &e));
	for (size_t i = 0; i < t->server_count; i++)
		if (endpoint_eq(&t->servers[i].at, &e))
			return &t->servers[i];
	return NULL;
}

static void counts_exchanges_by_rung_and_status(void **unused)
{
	static const struct row {
		const char *line;
		int rung;               /* RUNG_COUNT: other */
		int status;
	} rows[] = {
		{ "192.0.2.50 > 192.0.2.1:8530 CALL GetConfig => 200 OK", RUNG_CONFIG, STATUS_2XX },
		{ "192.0.2.50 > 192.0.2.1:8530 CALL GetCookie => 500 Error", RUNG_COOKIE, STATUS_5XX },
		{ "192.0.2.50 > 192.0.2.1:8530 CALL SyncUpdates", RUNG_SYNC, STATUS_NONE },
		{ "192.0.2.50 > 192.0.2.1:8530 HEAD /Content/AB/x.cab => 404 Not Found", RUNG_CONTENT,
		  STATUS_4XX },
		{ "192.0.2.50 > 192.0.2.1:8530 GET /selfupdate/wuident.cab => 301 Moved", RUNG_SELFUPDATE,
		  STATUS_3XX },
		{ "192.0.2.50 > 192.0.2.9:80 GET /index.html => 200 OK", RUNG_COUNT, STATUS_2XX },
		{ "192.0.2.50 > 192.0.2.9:80 GET /index.html => 101 Switching", RUNG_COUNT, STATUS_1XX },
		/* RFC 9110 section 15: a client takes it for a 5xx */
		{ "192.0.2.50 > 192.0.2.9:80 GET /index.html => 999 Odd", RUNG_COUNT, STATUS_5XX },
	};
	struct tally *t = tally_new();

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int rung = rows[i].rung, status = rows[i].status;
		const uint64_t *count = rung == RUNG_COUNT ? &t->other_exchanges[status]
		                                           : &t->exchanges[rung][status];

		assert_int_equal(*count, 0);
		take_line(t, rows[i].line, NOON, -1);
		if (*count != 1)
			fail_msg("%s", rows[i].line);
	}
	assert_int_equal(t->server_count, 2);
	assert_int_equal(server_at(t, "192.0.2.1:8530")->exchanges, 5);
	assert_int_equal(server_at(t, "192.0.2.1:8530")->status[STATUS_NONE], 1);
	assert_int_equal(server_at(t, "192.0.2.9:80")->exchanges, 3);
	assert_int_equal(t->first_byte.count, 0);
	tally_free(t);
}

/* An answer whose request the capture lacks is no exchange (facts/exchange.h). */
static void counts_requests(void **unused)
{
	struct tally *t = tally_new();
	struct connection c = { 0 };
	struct exchange x = { .conn = &c, .status = 200, .response.present = true, .ttfb = -1 };

	(void)unused;
	tally_fact(t, &(struct fact){ .kind = FACT_EXCHANGE, .time = NOON, .exchange = &x });
	assert_int_equal(t->other_exchanges[STATUS_2XX], 0);
	assert_int_equal(t->server_count, 0);
	tally_free(t);
}

static void counts_connections_by_outcome(void **unused)
{
	struct tally *t = tally_new();
	struct connection c = { .outcome = CONNECTION_ESTABLISHED, .rtt = 3 * MOMENT_MS, .syn_time = NOON,
		                .synack_time = NOON + MOMENT_MS, .server.port = 8530 };
	struct fact fact = { .kind = FACT_CONNECTION, .time = NOON, .connection = &c };

	(void)unused;
	take_connection(t, "192.0.2.1:8530", CONNECTION_REFUSED, NOON);
	take_connection(t, "192.0.2.1:8530", CONNECTION_UNANSWERED, NOON + 5);
	take_connection(t, "192.0.2.1:8530", CONNECTION_MIDSTREAM, NOON + 6);
	tally_fact(t, &fact);
	assert_int_equal(t->connections[CONNECTION_REFUSED], 1);
	assert_int_equal(t->connections[CONNECTION_UNANSWERED], 1);
	assert_int_equal(t->connections[CONNECTION_MIDSTREAM], 1);
	assert_int_equal(t->connections[CONNECTION_ESTABLISHED], 1);
	assert_int_equal(server_at(t, "192.0.2.1:8530")->connections, 3);
	assert_int_equal(server_at(t, "192.0.2.1:8530")->failed_connections, 2);
	assert_int_equal(server_at(t, "192.0.2.1:8530")->last, NOON + 6);
	/* the round trip; then the wait for the answer to a SYN sent again */
	assert_int_equal(t->connect.sum, 3 * MOMENT_MS);
	c.synack_time = NOON + 3 * MOMENT_S;
	tally_fact(t, &fact);
	assert_int_equal(t->connect.sum, 3 * MOMENT_MS + 3 * MOMENT_S);
	assert_int_equal(t->connect.count, 2);
	tally_free(t);
}

static void counts_other_facts(void **unused)
{
	struct tally *t = tally_new();
	struct connection c = { 0 };
	struct tls_session good = { .conn = &c, .client_hello = true, .established = true };
	struct tls_session bad = { .conn = &c, .client_hello = true, .server_hello = true };
	struct lookup l = { .answered = true, .asked_seen = true, .ask_time = NOON,
		            .answer_time = NOON + 30 * MOMENT_MS };
	struct lookup lost = { .asked_seen = true, .ask_time = NOON, .answer_time = MOMENT_NONE };
	struct icmp_error icmp = { 0 };
	struct lease lease = { 0 };

	(void)unused;
	tally_fact(t, &(struct fact){ .kind = FACT_TLS, .time = NOON, .tls = &good });
	tally_fact(t, &(struct fact){ .kind = FACT_TLS, .time = NOON, .tls = &bad });
	tally_fact(t, &(struct fact){ .kind = FACT_LOOKUP, .time = NOON, .lookup = &l });
	tally_fact(t, &(struct fact){ .kind = FACT_LOOKUP, .time = NOON, .lookup = &lost });
	tally_fact(t, &(struct fact){ .kind = FACT_ICMP, .time = NOON, .icmp = &icmp });
	tally_fact(t, &(struct fact){ .kind = FACT_LEASE, .time = NOON, .lease = &lease });
	assert_int_equal(t->tls_sessions, 2);
	assert_int_equal(t->tls_failed, 1);
	assert_int_equal(t->lookups, 2);
	assert_int_equal(t->lookups_unanswered, 1);
	assert_int_equal(t->lookup.count, 1);
	assert_int_equal(t->lookup.in[5], 1);   /* above 25 ms, up to 50 */
	assert_int_equal(t->icmp, 1);
	assert_int_equal(t->leases, 1);
	tally_free(t);
}

static const char page[] = "192.0.2.50 > 192.0.2.1:8530 CALL GetConfig => 200 OK";

/* An answer that came centuries late, by a clock that was set, and another one. */
static void sums_have_a_ceiling(void **unused)
{
	struct tally *t = tally_new();

	(void)unused;
	for (int i = 0; i < 3; i++)
		take_line(t, page, NOON, INT64_MAX / 2);
	assert_true(t->first_byte.sum == INT64_MAX);
	assert_int_equal(t->first_byte.count, 3);
	tally_free(t);
}

/* Bounds are inclusive, as Prometheus has "le". */
static void sorts_times_into_buckets(void **unused)
{
	struct tally *t = tally_new();

	(void)unused;
	for (size_t i = 0; i < TALLY_BUCKETS - 1; i++) {
		assert_true(!i || tally_bounds[i] > tally_bounds[i - 1]);
		take_line(t, page, NOON, tally_bounds[i]);
		assert_int_equal(t->first_byte.in[i], 1);
		take_line(t, page, NOON, tally_bounds[i] + 1);
		assert_int_equal(t->first_byte.in[i + 1], 1);
		t->first_byte.in[i + 1] = 0;
	}
	assert_int_equal(t->first_byte.count, 2 * (TALLY_BUCKETS - 1));
	tally_free(t);
}

/* As Prometheus' histogram_quantile says it, worked by hand. */
static void tells_shares(void **unused)
{
	struct tally_times t = { 0 };

	(void)unused;
	assert_int_equal(tally_share(&t, 0.5), -1);
	t.in[2] = 50;           /* above 2.5 ms, up to 5 */
	t.in[4] = 50;           /* above 10 ms, up to 25 */
	t.count = 100;
	assert_int_equal(tally_share(&t, 0.25), 3750000);
	assert_int_equal(tally_share(&t, 0.5), 5000000);
	assert_int_equal(tally_share(&t, 0.75), 17500000);
	t.in[TALLY_BUCKETS - 1] = 300;
	t.count = 400;
	assert_int_equal(tally_share(&t, 0.95), 60 * MOMENT_S);
}

static void tells_rates(void **unused)
{
	struct tally *t = tally_new();
	const struct tally_server *s;

	(void)unused;
	for (int second = 0; second < 30; second++)
		for (int i = 0; i < 4; i++)
			take_line(t, page, NOON + second * MOMENT_S + i, -1);
	s = server_at(t, "192.0.2.1:8530");
	/* The second under way does not count. */
	assert_true(tally_rate(s, NOON + 30 * MOMENT_S, 1) == 4);
	assert_true(tally_rate(s, NOON + 29 * MOMENT_S + 5, 1) == 4);
	assert_true(tally_rate(s, NOON + 30 * MOMENT_S, 10) == 4);
	assert_true(tally_rate(s, NOON + 35 * MOMENT_S, 10) == 2);
	assert_true(tally_rate(s, NOON + 100 * MOMENT_S, 10) == 0);
	/* A clock that jumped ahead by a year, and back. */
	take_line(t, page, NOON + 365 * 86400 * MOMENT_S, -1);
	for (int second = 31; second < 61; second++)
		take_line(t, page, NOON + second * MOMENT_S, -1);
	assert_true(tally_rate(s, NOON + 61 * MOMENT_S, 30) == 1);
	/* What is told late is in no rate, and takes nothing away. */
	take_line(t, page, NOON - 20 * MOMENT_S, -1);
	assert_true(tally_rate(s, NOON + 61 * MOMENT_S, 30) == 1);
	tally_free(t);
}

/* A scan of ports passes by; the servers of updates stay, and sums are whole. */
static void forgets_what_matters_least(void **unused)
{
	enum { PORTS = 20000 };
	struct tally *t = tally_new();
	uint64_t connections = 0;
	char server[32];

	(void)unused;
	for (int i = 0; i < 200; i++) {
		snprintf(server, sizeof server, "198.51.100.%d:8530", i);
		take_connection(t, server, CONNECTION_ESTABLISHED, NOON);
	}
	for (int i = 0; i < PORTS; i++) {
		snprintf(server, sizeof server, "203.0.113.5:%d", i + 1);
		take_connection(t, server, CONNECTION_REFUSED, NOON + i);
	}
	assert_int_equal(t->server_count, TALLY_SERVERS);
	for (int i = 0; i < 200; i++) {
		snprintf(server, sizeof server, "198.51.100.%d:8530", i);
		assert_non_null(server_at(t, server));
	}
	/* The others are those used last. */
	snprintf(server, sizeof server, "203.0.113.5:%d", PORTS);
	assert_non_null(server_at(t, server));
	snprintf(server, sizeof server, "203.0.113.5:%d", PORTS - (TALLY_SERVERS - 200));
	assert_null(server_at(t, server));
	for (size_t i = 0; i < t->server_count; i++)
		connections += t->servers[i].connections;
	assert_int_equal(connections + t->rest.connections, 200 + PORTS);
	assert_int_equal(t->rest.failed_connections, PORTS - (TALLY_SERVERS - 200));
	tally_free(t);
}

static void keeps_who_was_used_last(void **unused)
{
	struct tally *t = tally_new();
	char server[32];

	(void)unused;
	for (int i = 0; i < TALLY_SERVERS + 40; i++) {
		snprintf(server, sizeof server, "198.51.%d.%d:8530", 100 + i / 200, i % 200);
		take_connection(t, server, CONNECTION_ESTABLISHED, NOON + i);
		take_connection(t, "198.51.100.0:8530", CONNECTION_ESTABLISHED, NOON + i);
	}
	assert_non_null(server_at(t, "198.51.100.0:8530"));
	assert_null(server_at(t, "198.51.100.1:8530"));
	assert_int_equal(server_at(t, "198.51.100.0:8530")->connections, TALLY_SERVERS + 41);
	/* There are always some of the others, too. */
	for (int i = 1; i < 100; i++) {
		snprintf(server, sizeof server, "203.0.113.5:%d", i);
		take_connection(t, server, CONNECTION_REFUSED, NOON);
	}
	assert_non_null(server_at(t, "203.0.113.5:99"));
	assert_non_null(server_at(t, "203.0.113.5:68"));
	assert_null(server_at(t, "203.0.113.5:66"));
	tally_free(t);
}

static void take_pages(struct tally *t, int server, int pages)
{
	char line[96];

	snprintf(line, sizeof line, "192.0.2.50 > 10.0.0.%d:80 GET /x => 200 OK", server);
	while (pages--)
		take_line(t, line, NOON, -1);
}

/* What is told of the servers without a name never falls, as counters must not. */
static void names_the_busiest(void **unused)
{
	struct tally *t = tally_new();
	char server[32];

	(void)unused;
	for (int i = 1; i <= 60; i++)
		take_pages(t, i, 2);
	assert_int_equal(t->named_count, TALLY_NAMED);
	assert_true(server_at(t, "10.0.0.50:80")->named);
	assert_false(server_at(t, "10.0.0.51:80")->named);
	assert_int_equal(t->unnamed.exchanges, 20);
	/* Twice as busy is not enough: more is. */
	take_pages(t, 60, 2);
	assert_false(server_at(t, "10.0.0.60:80")->named);
	assert_int_equal(t->unnamed.exchanges, 22);
	take_pages(t, 60, 4);
	assert_true(server_at(t, "10.0.0.60:80")->named);
	assert_int_equal(t->named_count, TALLY_NAMED);
	assert_int_equal(t->unnamed.exchanges, 25);
	take_pages(t, 60, 10);
	assert_int_equal(t->unnamed.exchanges, 25);
	/* A server that was forgotten leaves its name to others. */
	for (int i = 0; i < 2 * TALLY_SERVERS; i++) {
		snprintf(server, sizeof server, "198.51.%d.%d:8530", 100 + i / 200, i % 200);
		take_connection(t, server, CONNECTION_ESTABLISHED, NOON);
	}
	assert_null(server_at(t, "10.0.0.1:80"));
	assert_int_equal(t->named_count, TALLY_NAMED);
	tally_free(t);
}

static void names_no_ports_of_a_scan(void **unused)
{
	struct tally *t = tally_new();
	char server[32];

	(void)unused;
	for (int i = 1; i <= 1000; i++) {
		snprintf(server, sizeof server, "203.0.113.5:%d", i);
		take_connection(t, server, CONNECTION_UNANSWERED, NOON);
	}
	assert_int_equal(t->named_count, 0);
	assert_int_equal(t->unnamed.connections, 1000);
	/* A server that is dead is worth one. */
	for (int i = 0; i < 8; i++)
		take_connection(t, "192.0.2.1:8530", CONNECTION_UNANSWERED, NOON);
	assert_true(server_at(t, "192.0.2.1:8530")->named);
	tally_free(t);
}

/* ---- captures ---- */

static void take_fact(void *self, const struct fact *fact)
{
	tally_fact(self, fact);
}

static uint64_t sum_of(const uint64_t *counts, size_t count)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += counts[i];
	return sum;
}

static void assert_agrees(const char *file, const struct tally *t, const struct report_counts *c)
{
	uint64_t exchanges = sum_of(t->other_exchanges, STATUS_CLASSES);
	uint64_t to_servers = t->rest.exchanges, dialled = t->rest.connections;

	for (size_t i = 0; i < RUNG_COUNT; i++)
		exchanges += sum_of(t->exchanges[i], STATUS_CLASSES);
	for (size_t i = 0; i < t->server_count; i++) {
		to_servers += t->servers[i].exchanges;
		dialled += t->servers[i].connections;
	}
	const struct row {
		const char *what;
		uint64_t counted, reported;
	} rows[] = {
		{ "exchanges", exchanges, c->exchanges },
		{ "exchanges of servers", to_servers, c->exchanges },
		{ "connections", sum_of(t->connections, 8), c->connections },
		{ "connections of servers", dialled, c->connections },
		{ "TLS sessions", t->tls_sessions, c->tls_sessions },
		{ "lookups", t->lookups, c->lookups },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].counted != rows[i].reported)
			fail_msg("%s: %d %s, not %d", file, (int)rows[i].counted, rows[i].what,
			         (int)rows[i].reported);
}

static void count_file(const char *file)
{
	struct tally *t = tally_new();
	struct engine *e = engine_new(&(struct engine_options){ .listener = { t, take_fact } });
	struct fault f = { 0 };
	struct source *s = source_open(&file, 1, NULL, &f);
	struct report r = { 0 };
	struct frame frame;

	assert_true(t && e && s);
	while (source_next(s, &frame, &f) == SOURCE_FRAME)
		engine_frame(e, &frame);
	engine_end(e);
	engine_report(e, &r);
	assert_agrees(file, t, &r.counts);
	source_close(s);
	engine_free(e);
	tally_free(t);
}

/* What is counted as it passes is what a report counts at the end. */
static void agrees_with_reports(void **unused)
{
	glob_t files;

	(void)unused;
	if (glob("pcaps/*.pcapng", 0, NULL, &files))
		fail_msg("no captures in pcaps/");
	for (size_t i = 0; i < files.gl_pathc; i++)
		count_file(files.gl_pathv[i]);
	globfree(&files);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_exchanges_by_rung_and_status),
		cmocka_unit_test(counts_requests),
		cmocka_unit_test(counts_connections_by_outcome),
		cmocka_unit_test(counts_other_facts),
		cmocka_unit_test(sorts_times_into_buckets),
		cmocka_unit_test(sums_have_a_ceiling),
		cmocka_unit_test(tells_shares),
		cmocka_unit_test(tells_rates),
		cmocka_unit_test(forgets_what_matters_least),
		cmocka_unit_test(keeps_who_was_used_last),
		cmocka_unit_test(names_the_busiest),
		cmocka_unit_test(names_no_ports_of_a_scan),
		cmocka_unit_test(agrees_with_reports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
