/* tests/test_ladder.c - how far clients climbed, what stops them, and what is the update path at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "analyzers/ladder.h"
#include "tests/sessions.h"
#include "tests/trial.h"

#define SUP "198.51.100.10:8530"

struct stage {
	struct limits limits;
	struct panel *panel;
};

static void begin(struct stage *s)
{
	static const struct relevance_options none = { .all = false };

	*s = (struct stage){ .panel = NULL };
	s->panel = panel_new(&none, &s->limits, NULL);
	assert_non_null(s->panel);
}

static void state(struct stage *s, struct fact f)
{
	panel_fact(s->panel, &f);
}

/* One call at a second, answered by a status; 0: silence until the client's side gives up after a minute. */
static void call(struct stage *s, const char *client, const char *path, const char *action,
                 int64_t at, unsigned status)
{
	struct connection c = connection_at(client, SUP, at);
	struct exchange x = call_on(&c, path);
	char value[80];
	struct http_header header = { SPAN("SOAPAction"), { NULL, 0 } };

	snprintf(value, sizeof value, "\"urn:x/%s\"", action);
	header.value = span_text(value);
	x.request.headers = &header;
	x.request.header_count = 1;
	if (status) {
		answer(&x, status, 5);
	} else {
		x.end = EXCHANGE_FIN_BY_CLIENT;
		c.last_time += 60 * MOMENT_S;
	}
	state(s, (struct fact){ .kind = FACT_EXCHANGE, .time = c.last_time, .exchange = &x });
	state(s, (struct fact){ .kind = FACT_CONNECTION, .time = c.last_time, .connection = &c });
}

static void attempt(struct stage *s, const char *client, enum connection_outcome outcome,
                    int64_t at, unsigned syns)
{
	struct connection c = connection_at(client, SUP, at);

	c.outcome = outcome;
	c.syn_count = syns;
	c.last_time = c.first_time;
	state(s, (struct fact){ .kind = FACT_CONNECTION, .time = c.last_time, .connection = &c });
}

static void scan(struct stage *s, const char *client, int64_t at)
{
	call(s, client, "/ClientWebService/client.asmx", "GetConfig", at, 200);
	call(s, client, "/SimpleAuthWebService/SimpleAuth.asmx", "GetAuthorizationCookie", at + 1, 200);
	call(s, client, "/ClientWebService/client.asmx", "GetCookie", at + 2, 200);
	call(s, client, "/ClientWebService/client.asmx", "SyncUpdates", at + 3, 200);
}

/* Nothing above an info, which a scan in the clear has. */
static void assert_quiet(struct stage *s)
{
	const struct findings *f = panel_findings(s->panel);

	for (size_t i = 0; i < findings_count(f); i++)
		assert_int_equal(findings_at(f, i)->severity, SEVERITY_INFO);
}

static const struct ladder *row_of(const struct ladders *l, const char *client)
{
	struct addr a = addr_at(client);

	for (size_t i = 0; i < ladders_count(l); i++)
		if (addr_eq(&ladders_at(l, i)->client, &a))
			return ladders_at(l, i);
	fail_msg("%s has no row", client);
	return NULL;
}

static void climbs_a_healthy_scan(void **unused)
{
	static const enum rung_state wanted[RUNG_COUNT] = {
		[RUNG_CONNECTION] = RUNG_OK, [RUNG_TLS] = RUNG_SKIPPED,   [RUNG_CONFIG] = RUNG_OK,
		[RUNG_AUTHORIZATION] = RUNG_OK, [RUNG_COOKIE] = RUNG_OK, [RUNG_SYNC] = RUNG_OK,
		/* nobody wanted it */
		[RUNG_REGISTRATION] = RUNG_SKIPPED,
	};
	const struct ladder *n;
	struct stage s;

	(void)unused;
	begin(&s);
	scan(&s, "192.0.2.50", 10);
	panel_end(s.panel, 600 * MOMENT_S, false, NULL);
	n = row_of(panel_ladders(s.panel), "192.0.2.50");
	for (int i = 0; i < RUNG_COUNT; i++)
		assert_int_equal(n->rungs[i].state, wanted[i]);
	assert_false(n->failed);
	assert_string_equal(n->verdict, "no trouble seen up to sync");
	assert_string_equal(n->host, "wsus01:8530");
	assert_int_equal(ladders_failed_clients(panel_ladders(s.panel)), 0);
	assert_int_equal(servers_count(panel_ladders(s.panel)), 1);
	assert_int_equal(servers_at(panel_ladders(s.panel), 0)->role, ROLE_WSUS);
	assert_quiet(&s);
	panel_free(s.panel);
}

/* Each client's story ends with whether it is stopped. */
static void knows_who_is_stopped(void **unused)
{
	struct stage s;
	const struct ladders *l;

	(void)unused;
	begin(&s);
	/* .1 scans well and is refused an optional file before. */
	call(&s, "192.0.2.1", "/SelfUpdate/wuident.cab", "", 9, 404);
	scan(&s, "192.0.2.1", 10);
	/* .2 stops at the cookie. */
	call(&s, "192.0.2.2", "/ClientWebService/client.asmx", "GetConfig", 20, 200);
	call(&s, "192.0.2.2", "/ClientWebService/client.asmx", "GetCookie", 21, 500);
	/* .3 met the same, and came back. */
	call(&s, "192.0.2.3", "/ClientWebService/client.asmx", "GetCookie", 30, 500);
	scan(&s, "192.0.2.3", 40);
	/* .4 scanned before, and is refused now. */
	scan(&s, "192.0.2.4", 10);
	attempt(&s, "192.0.2.4", CONNECTION_REFUSED, 60, 3);
	/* .5 sent a SYN as the capture ended. */
	attempt(&s, "192.0.2.5", CONNECTION_UNANSWERED, 599, 1);
	/* .6 never gets an answer. */
	call(&s, "192.0.2.6", "/ClientWebService/client.asmx", "GetConfig", 70, 0);
	panel_end(s.panel, 600 * MOMENT_S, false, NULL);
	l = panel_ladders(s.panel);
	assert_false(row_of(l, "192.0.2.1")->failed);
	assert_true(row_of(l, "192.0.2.2")->failed);
	assert_false(row_of(l, "192.0.2.3")->failed);
	assert_true(row_of(l, "192.0.2.4")->failed);
	assert_false(row_of(l, "192.0.2.5")->failed);
	assert_true(row_of(l, "192.0.2.6")->failed);
	assert_int_equal(ladders_clients(l), 6);
	assert_int_equal(ladders_failed_clients(l), 3);
	panel_free(s.panel);
}

/* What a distribution point on the same host refuses, and a file that is whole already, stop nobody. */
static void is_not_stopped_by_other_business(void **unused)
{
	struct connection c = connection_at("192.0.2.50", SUP, 20);
	struct exchange x = call_on(&c, "/Content/41/AB.cab");
	struct http_header asked = { SPAN("Range"), SPAN("bytes=5000-") };
	struct http_header told = { SPAN("Content-Range"), SPAN("bytes */5000") };
	const struct ladder *n;
	struct stage s;

	(void)unused;
	begin(&s);
	scan(&s, "192.0.2.50", 10);
	call(&s, "192.0.2.50", "/SMS_DP_SMSPKG$/P01", "", 19, 401);
	call(&s, "192.0.2.50", "/SMS_DP_SMSPKG$/P01/x.msi", "", 19, 404);
	answer(&x, 416, 5);
	x.method = SPAN("GET");
	x.request.headers = &asked;
	x.response.headers = &told;
	x.request.header_count = x.response.header_count = 1;
	state(&s, (struct fact){ .kind = FACT_EXCHANGE, .time = c.last_time, .exchange = &x });
	panel_end(s.panel, 600 * MOMENT_S, false, NULL);
	n = row_of(panel_ladders(s.panel), "192.0.2.50");
	assert_int_equal(n->rungs[RUNG_CONTENT].state, RUNG_OK);
	assert_quiet(&s);
	assert_false(n->failed);
	panel_free(s.panel);
}

/* A machine whose IPv6 way is closed scans over IPv4: one client, and not stopped. */
static void counts_a_machine_of_two_families_once(void **unused)
{
	struct connection c = connection_at("2001:db8::50", "[2001:db8::10]:8530", 9);
	struct stage s;

	(void)unused;
	begin(&s);
	c.outcome = CONNECTION_REFUSED;
	c.last_time = c.first_time;
	state(&s, (struct fact){ .kind = FACT_CONNECTION, .time = c.last_time, .connection = &c });
	scan(&s, "192.0.2.50", 10);
	panel_end(s.panel, 600 * MOMENT_S, false, NULL);
	assert_int_equal(ladders_clients(panel_ladders(s.panel)), 1);
	assert_int_equal(ladders_failed_clients(panel_ladders(s.panel)), 0);
	assert_string_equal(row_of(panel_ladders(s.panel), "2001:db8::50")->verdict,
	                    "nothing comes of its IPv6 attempts; it gets in as 192.0.2.50");
	panel_free(s.panel);
}

/* ---- TLS ---- */

static void tls_works(struct connection *c, struct tls_session *t)
{
	(void)c;
	session_talk(t, TLS_1_3);
}

static void tls_asks(struct connection *c, struct tls_session *t)
{
	session_answer(t, TLS_1_2);
	t->certificate_request_frame = 5;
	session_leave(c);
}

static void tls_refused(struct connection *c, struct tls_session *t)
{
	session_answer(t, TLS_1_2);
	session_alert(t, CLIENT, 48);
	session_leave(c);
}

static void tls_left(struct connection *c, struct tls_session *t)
{
	session_finish(t, TLS_1_3);
	session_leave(c);
}

static void tls_read(struct connection *c, struct tls_session *t)
{
	tls_works(c, t);
	t->reading = TLS_READ;
}

static void tls_other_suite(struct connection *c, struct tls_session *t)
{
	tls_works(c, t);
	t->reading = TLS_UNKNOWN_SUITE;
}

#define HIDDEN "no trouble seen up to tls, which hides the rest: --keys would show it"

static const struct tls_row {
	const char *name;
	void (*change)(struct connection *c, struct tls_session *t);
	enum rung_state state;
	bool failed;
	const char *detail, *verdict;
} tls_rows[] = {
	{ "works, and hides", tls_works, RUNG_OK, false, "TLS 1.3", HIDDEN },
	{ "works, and is read", tls_read, RUNG_OK, false, "TLS 1.3", "no trouble seen up to config" },
	{ "asks for a certificate", tls_asks, RUNG_FAILED, true, "asks for a client certificate",
	  "The server asks for a client certificate" },
	{ "is refused", tls_refused, RUNG_FAILED, true, "certificate refused: unknown_ca",
	  "Clients do not trust the server's certificate" },
	{ "is left after the handshake", tls_left, RUNG_FAILED, true, "tls-aborted",
	  "The TLS handshake breaks off" },
	{ "works with a suite that is not read", tls_other_suite, RUNG_OK, false, "TLS 1.3",
	  "no trouble seen up to tls, which hides the rest: its cipher suite is not read" },
};

/* Two clients each, twice: what concerns the server stops those who got nothing from it. */
static void says_what_tls_does(void **unused)
{
	static const char *const clients[] = { "192.0.2.50", "192.0.2.51" };

	(void)unused;
	for (size_t i = 0; i < sizeof tls_rows / sizeof *tls_rows; i++) {
		const struct tls_row *row = &tls_rows[i];
		struct stage s;

		begin(&s);
		for (int n = 0; n < 4; n++) {
			struct connection c = session_connection(clients[n % 2], n);
			struct tls_session t = session_hello(&c);
			struct exchange x = call_on(&c, "/ClientWebService/client.asmx");
			struct http_header header = { SPAN("SOAPAction"), SPAN("\"urn:x/GetConfig\"") };

			row->change(&c, &t);
			answer(&x, 200, 5);
			x.tls = &t;
			x.request.headers = &header;
			x.request.header_count = 1;
			if (t.reading == TLS_READ)
				state(&s, (struct fact){ .kind = FACT_EXCHANGE, .exchange = &x });
			state(&s, (struct fact){ .kind = FACT_TLS, .time = c.last_time, .tls = &t });
			state(&s, (struct fact){ .kind = FACT_CONNECTION, .connection = &c });
		}
		panel_end(s.panel, SESSIONS_EPOCH + 600 * MOMENT_S, false, NULL);
		for (size_t k = 0; k < sizeof clients / sizeof *clients; k++) {
			const struct ladder *n = row_of(panel_ladders(s.panel), clients[k]);

			assert_int_equal(n->rungs[RUNG_TLS].state, row->state);
			assert_int_equal(n->failed, row->failed);
			assert_string_equal(n->rungs[RUNG_TLS].detail, row->detail);
			assert_string_equal(n->verdict, row->verdict);
		}
		panel_free(s.panel);
	}
}

/* A reset inside TLS is a finding; what gets through later shows that it stops nobody. */
static void later_sessions_outlive_a_reset(void **unused)
{
	(void)unused;
	for (int later = 0; later < 2; later++) {
		struct stage s;
		const struct ladder *n;

		begin(&s);
		for (int i = 0; i <= later; i++) {
			struct connection c = session_connection("192.0.2.50", 60 * i);
			struct tls_session t = session_hello(&c);

			tls_works(&c, &t);
			if (!i) {
				c.closed = CONNECTION_RESET_BY_SERVER;
				c.side[SERVER].fin_frame = 0;
				c.reset_frame = 20;
				c.reset_time = c.last_time;
				c.side[CLIENT].last_data = c.last_time;
				c.side[SERVER].last_data = c.last_time - MOMENT_S / 2;
			}
			state(&s, (struct fact){ .kind = FACT_TLS, .time = c.last_time, .tls = &t });
			state(&s, (struct fact){ .kind = FACT_CONNECTION, .connection = &c });
		}
		panel_end(s.panel, SESSIONS_EPOCH + 600 * MOMENT_S, false, NULL);
		assert_int_equal(findings_at(panel_findings(s.panel), 0)->kind, FINDING_CONNECTION_RESET);
		n = row_of(panel_ladders(s.panel), "192.0.2.50");
		assert_int_equal(n->failed, !later);
		panel_free(s.panel);
	}
}

static void words_are_those_of_the_interface(void **unused)
{
	(void)unused;
	assert_string_equal(rung_text(RUNG_NAME), "name");
	assert_string_equal(rung_state_text(RUNG_OK), "ok");
	assert_string_equal(rung_state_text(RUNG_FAILED), "failed");
	assert_string_equal(rung_state_text(RUNG_SKIPPED), "skipped");
	assert_string_equal(rung_state_text(RUNG_UNSEEN), "unseen");
	assert_string_equal(server_role_text(ROLE_WSUS), "wsus");
	assert_string_equal(server_role_text(ROLE_PROXY), "proxy");
	assert_string_equal(server_role_text(ROLE_UPSTREAM), "upstream");
}

/* Beyond what findings keep apart, every client still has its row and its verdict. */
static void bears_many_clients(void **unused)
{
	struct stage s;
	char client[20];

	(void)unused;
	begin(&s);
	for (unsigned i = 0; i < 20000; i++) {
		snprintf(client, sizeof client, "10.%u.%u.%u", i >> 16, i >> 8 & 255, i & 255);
		call(&s, client, "/ClientWebService/client.asmx", "GetConfig", i, i % 2 ? 200 : 0);
	}
	panel_end(s.panel, 30000 * MOMENT_S, false, NULL);
	assert_int_equal(ladders_clients(panel_ladders(s.panel)), 20000);
	assert_int_equal(ladders_failed_clients(panel_ladders(s.panel)), 10000);
	panel_free(s.panel);
}

/* All within the last seconds: who was refused failed; who has just sent a SYN may still be answered. */
static void counts_an_outage_at_the_end(void **unused)
{
	struct stage s;
	char client[20];

	(void)unused;
	begin(&s);
	for (unsigned i = 0; i < 3000; i++) {
		snprintf(client, sizeof client, "10.0.%u.%u", i >> 8, i & 255);
		attempt(&s, client, CONNECTION_REFUSED, 100, 1);
	}
	attempt(&s, "10.9.9.9", CONNECTION_UNANSWERED, 100, 1);
	panel_end(s.panel, 101 * MOMENT_S, false, NULL);
	assert_int_equal(ladders_clients(panel_ladders(s.panel)), 3001);
	assert_int_equal(ladders_failed_clients(panel_ladders(s.panel)), 3000);
	panel_free(s.panel);
}

/* ---- relevance ---- */

static const struct relevant_row {
	const char *name, *server, *path, *host, *agent;
	bool relevant;
} relevant_rows[] = {
	{ "the port", "198.51.100.10:8530", "/", "x", "x", true },
	{ "a WSUS directory on 80", "198.51.100.10:80", "/ClientWebService/client.asmx", "x", "x", true },
	{ "an update agent", "198.51.100.10:80", "/any", "x", "Windows-Update-Agent/10.0", true },
	{ "Microsoft's hosts", "198.51.100.10:80", "/any", "download.windowsupdate.com", "x", true },
	{ "a name of --sup", "198.51.100.10:80", "/any", "patch.example:80", "x", true },
	{ "an address of --sup", "203.0.113.7:81", "/any", "x", "x", true },
	{ "the port in the name, at a proxy", "203.0.113.9:3128", "/any", "wsus01:8530", "x", true },
	{ "a management point", "198.51.100.10:80", "/ccm_system/request", "x", "ConfigMgr Messaging", true },
	{ "shopping", "203.0.113.80:80", "/shop", "www.example.com", "Mozilla/5.0", false },
	{ "a name that only begins alike", "203.0.113.80:80", "/shop", "patch.example.com", "x", false },
};

static void knows_the_update_path(void **unused)
{
	static const char *const sups[] = { "https://patch.example/", "203.0.113.7" };

	(void)unused;
	for (int all = 0; all < 2; all++) {
		struct relevance_options options = { .sups = sups, .sup_count = 2, .all = all };
		struct relevance *r = relevance_new(&options);

		for (size_t i = 0; i < sizeof relevant_rows / sizeof *relevant_rows; i++) {
			const struct relevant_row *row = &relevant_rows[i];
			struct connection c = connection_at("192.0.2.50", row->server, 1);
			struct exchange x = call_on(&c, row->path);
			struct http_header agent = { SPAN("User-Agent"), span_text(row->agent) };

			x.host = span_text(row->host);
			x.request.headers = &agent;
			x.request.header_count = 1;
			if (relevance_exchange(r, &x) != (all || row->relevant))
				fail_msg("%s", row->name);
		}
		relevance_free(r);
	}
}

static void learns_update_points(void **unused)
{
	struct relevance *r = relevance_new(&(struct relevance_options){ .all = false });
	struct connection c = connection_at("192.0.2.50", "198.51.100.10:81", 1);
	struct connection web = connection_at("192.0.2.50", "198.51.100.10:80", 1);
	struct exchange x = call_on(&c, "/ClientWebService/client.asmx");

	(void)unused;
	assert_false(relevance_connection(r, &c));
	assert_false(relevance_connection(r, &web));
	relevance_learn(r, &(struct fact){ .kind = FACT_EXCHANGE, .exchange = &x });
	assert_true(relevance_connection(r, &c));
	assert_true(relevance_is_update_point(r, &c.server));
	assert_true(relevance_connection(r, &web));
	assert_false(relevance_is_proxy(r, &c.server));
	x.via_proxy = true;
	c.server.port = 3128;
	relevance_learn(r, &(struct fact){ .kind = FACT_EXCHANGE, .exchange = &x });
	assert_true(relevance_is_proxy(r, &c.server));
	assert_true(relevance_connection(r, &c));
	relevance_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(climbs_a_healthy_scan), cmocka_unit_test(is_not_stopped_by_other_business),
		cmocka_unit_test(counts_a_machine_of_two_families_once),
		cmocka_unit_test(knows_who_is_stopped),         cmocka_unit_test(says_what_tls_does),
		cmocka_unit_test(words_are_those_of_the_interface),
		cmocka_unit_test(later_sessions_outlive_a_reset), cmocka_unit_test(bears_many_clients),
		cmocka_unit_test(counts_an_outage_at_the_end),
		cmocka_unit_test(knows_the_update_path), cmocka_unit_test(learns_update_points),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
