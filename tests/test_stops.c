/* tests/test_stops.c - handshakes that stop, held against what the server does with others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "analyzers/tlsstory.h"
#include "tests/sessions.h"

extern const struct analyzer analyzer_handshake;

enum { AES_GCM = 0xc02f, AES_CBC = 0xc013, RC4 = 0x0005 };

static void offer(struct story s, uint16_t suite)
{
	s.t->offer.suites[0] = suite;
	s.t->offer.suite_count = 1;
}

static void closed(struct story s)
{
	(void)s;
}

static void reset(struct story s)
{
	s.c->closed = CONNECTION_RESET_BY_SERVER;
	s.c->side[SERVER].fin_frame = 0;
	s.c->reset_frame = 7;
}

static void reset_between(struct story s)
{
	reset(s);
	s.c->closed = CONNECTION_RESET_BY_MIDDLEBOX;
}

static void works(struct story s)
{
	offer(s, AES_GCM);
	session_talk(s.t, TLS_1_2);
}

static void works_with_1_2_at_most(struct story s)
{
	works(s);
	s.t->offered_max = TLS_1_3;
}

static void offers_1_3_alone(struct story s)
{
	s.t->offered_min = TLS_1_3;
}

static void offers_1_0_alone(struct story s)
{
	s.t->offered_max = s.t->offered_min = TLS_1_0;
}

static void offers_rc4(struct story s)
{
	offer(s, RC4);
	s.t->offered_max = TLS_1_2;
}

static void offers_the_same(struct story s)
{
	offer(s, AES_GCM);
	s.t->offered_max = TLS_1_2;
}

static void offers_1_2_and_reset(struct story s)
{
	reset(s);
	s.t->offered_max = TLS_1_2;
}

static void version_refused(struct story s)
{
	session_alert(s.t, SERVER, 70);
}

static void version_refused_by_client(struct story s)
{
	session_answer(s.t, TLS_1_0);
	session_alert(s.t, CLIENT, 70);
	session_leave(s.c);
}

static void fallback_refused(struct story s)
{
	s.t->offered_max = TLS_1_2;
	session_alert(s.t, SERVER, 86);
}

static void downgraded(struct story s)
{
	session_answer(s.t, TLS_1_2);
	s.t->downgrade = true;
	session_alert(s.t, CLIENT, 47);
	session_leave(s.c);
}

static void failure(struct story s)
{
	session_alert(s.t, SERVER, 40);
}

static void failure_with_rc4(struct story s)
{
	offers_rc4(s);
	session_alert(s.t, SERVER, 40);
}

static void insecure(struct story s)
{
	session_alert(s.t, SERVER, 71);
}

static void failure_later(struct story s)
{
	session_answer(s.t, TLS_1_2);
	session_alert(s.t, SERVER, 40);
}

static void failure_of_a_cut_hello(struct story s)
{
	s.t->hello_cut = true;
	s.t->offered_max = 0;
	failure(s);
}

static void version_refused_later(struct story s)
{
	session_answer(s.t, TLS_1_2);
	session_alert(s.t, SERVER, 70);
}

static void version_refused_by_client_alone(struct story s)
{
	session_alert(s.t, CLIENT, 70);
	session_leave(s.c);
}

static void secret_alert(struct story s)
{
	session_answer(s.t, TLS_1_3);
	s.t->alerts[s.t->alert_count++] = (struct tls_alert){ .by = CLIENT, .frame = 6,
	  .encrypted = true };
	session_leave(s.c);
}

static void leaves_at_once(struct story s)
{
	session_finish(s.t, TLS_1_3);
	session_leave(s.c);
}

static void leaves_by_an_alert(struct story s)
{
	session_finish(s.t, TLS_1_3);
	s.t->alerts[s.t->alert_count++] = (struct tls_alert){ .by = CLIENT, .frame = 7, .encrypted = true };
}

static void leaves_after_a_while(struct story s)
{
	leaves_at_once(s);
	s.t->last_time = s.t->first_time + 10 * MOMENT_S;
}

static void works_with_1_3(struct story s)
{
	session_talk(s.t, TLS_1_3);
}

static const struct row {
	const char *name;
	void (*first)(struct story s);          /* by 192.0.2.50 */
	void (*second)(struct story s);         /* by second_client; NULL: one session only */
	const char *second_client;
	const char *want, *says;
} rows[] = {
	{ "nobody is answered", closed, reset, "192.0.2.51",
	  "tls-not-served error certain 1; tls-not-served error certain 1",
	  "resets after the ClientHello" },
	{ "nobody is answered, and all alike", reset, reset, "192.0.2.51",
	  "tls-not-served error certain 2",
	  NULL },
	{ "others are answered", reset, works, "192.0.2.51", "tls-aborted error certain 1",
	  "The server resets the connection." },
	{ "one hello, one reset", reset, NULL, NULL, "tls-not-served error probable 1",
	  "the server resets after the ClientHello" },
	{ "one hello, twice reset", reset, reset, "192.0.2.50", "tls-not-served error certain 2", NULL },
	{ "what others negotiate is no floor", offers_1_2_and_reset, works_with_1_3, "192.0.2.51",
	  "tls-aborted error certain 1", "The server resets the connection." },
	{ "a box between resets", reset_between, NULL, NULL, "tls-aborted error certain 1",
	  "A box between resets" },
	{ "the same client is answered later", reset, works, "192.0.2.50",
	  "tls-aborted warning certain 1",
	  NULL },
	{ "below what is spoken", offers_1_0_alone, works, "192.0.2.51",
	  "tls-version-mismatch error probable 1", "at most TLS 1.0" },
	{ "above what is spoken", offers_1_3_alone, works_with_1_2_at_most, "192.0.2.51",
	  "tls-version-mismatch error probable 1", "it speaks TLS 1.2 at most" },
	{ "refused by alert 70", version_refused, NULL, NULL, "tls-version-mismatch error certain 1",
	  NULL },
	{ "alert 70 by the client", version_refused_by_client, NULL, NULL,
	  "tls-version-mismatch error certain 1", "refuses the version that the server chose, TLS 1.0" },
	{ "a fallback", fallback_refused, NULL, NULL, "tls-version-mismatch error certain 1",
	  "falls back to TLS 1.2" },
	{ "a downgrade", downgraded, NULL, NULL, "tls-version-mismatch error certain 1",
	  "a device between changes the hello" },
	{ "alert 40", failure, NULL, NULL, "tls-no-common-cipher error probable 1",
	  "or it has no certificate that it can use" },
	{ "alert 40, and ciphers that tell why", failure_with_rc4, works, "192.0.2.51",
	  "tls-no-common-cipher error certain 1", "TLS_RSA_WITH_RC4_128_SHA" },
	{ "alert 71", insecure, NULL, NULL, "tls-no-common-cipher error certain 1", NULL },
	{ "alert 40 after the hello", failure_later, NULL, NULL, "tls-aborted error certain 1",
	  "The server sends alert 40" },
	{ "alert 40 to a hello that cannot all be read", failure_of_a_cut_hello, NULL, NULL,
	  "tls-aborted error certain 1",
	  "Not all of the client's hello can be read. The server sends alert 40, handshake_failure" },
	{ "alert 70 after the hello", version_refused_later, NULL, NULL, "tls-aborted error certain 1",
	  "The server sends alert 70" },
	{ "alert 70 by the client before any hello", version_refused_by_client_alone, NULL, NULL,
	  "tls-aborted error certain 1", "The client sends alert 70" },
	{ "silence, and ciphers that tell why", offers_rc4, works, "192.0.2.51",
	  "tls-no-common-cipher error probable 1", "answers others" },
	{ "silence, and the same ciphers", offers_the_same, works, "192.0.2.51",
	  "tls-aborted error certain 1", NULL },
	{ "an alert that nobody can read", secret_alert, NULL, NULL, "tls-aborted error certain 1",
	  "The client says why in an encrypted alert" },
	{ "a connection in advance", leaves_at_once, NULL, NULL, "", NULL },
	{ "two that leave at once", leaves_at_once, leaves_at_once, "192.0.2.50",
	  "tls-aborted error probable 2", "which TLS 1.3 hides here" },
	{ "two that leave, one by an alert", leaves_at_once, leaves_by_an_alert, "192.0.2.50",
	  "tls-aborted error probable 2", NULL },
	{ "two that leave after a while", leaves_after_a_while, leaves_after_a_while, "192.0.2.50", "",
	  NULL },
	{ "one that leaves and comes again", leaves_at_once, works_with_1_3, "192.0.2.50", "", NULL },
};

/* What comes first in the story may be told last: a fact is stated when its connection is over. */
static void judges_stops(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < 2 * sizeof rows / sizeof *rows; i++) {
		const struct row *row = &rows[i / 2];
		bool turned = i % 2;
		struct trial t;

		trial_begin(&t, &analyzer_handshake, NULL);
		if (row->second && turned)
			session_tell(&t, row->second, row->second_client, 1);
		session_tell(&t, row->first, "192.0.2.50", 0);
		if (row->second && !turned)
			session_tell(&t, row->second, row->second_client, 1);
		trial_end(&t, SESSIONS_EPOCH + 600 * MOMENT_S);
		trial_expect(&t, row->name, row->want, row->says);
	}
}

/* Whose third session decides; each by a client of its own unless `one_client`. */
static void judges_three(void **unused)
{
	static const struct {
		const char *name;
		void (*sessions[3])(struct story s);
		bool one_client;                /* the first two are one's */
		const char *want, *says;
	} stories[] = {
		{ "two hellos below what others speak",
		  { offers_1_2_and_reset, offers_1_2_and_reset, works_with_1_3 }, false,
		  "tls-version-mismatch error probable 2", "offers at most TLS 1.2" },
		{ "one below, and alert 70 to another",
		  { offers_1_2_and_reset, version_refused, works_with_1_3 }, false,
		  "tls-version-mismatch error probable 1; tls-version-mismatch error certain 1", NULL },
		{ "a monitor beside a client that gets on",
		  { leaves_at_once, leaves_at_once, works_with_1_3 }, true,
		  "tls-aborted info possible 2", "others get on" },
		{ "nobody gets on", { leaves_at_once, leaves_at_once, leaves_at_once },
		  true, "tls-aborted error probable 3", NULL },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
		struct trial t;

		trial_begin(&t, &analyzer_handshake, NULL);
		session_tell(&t, stories[i].sessions[0], "192.0.2.50", 0);
		session_tell(&t, stories[i].sessions[1],
		             stories[i].one_client ? "192.0.2.50" : "192.0.2.51", 1);
		session_tell(&t, stories[i].sessions[2], "192.0.2.52", 2);
		trial_end(&t, SESSIONS_EPOCH + 600 * MOMENT_S);
		trial_expect(&t, stories[i].name, stories[i].want, stories[i].says);
	}
}

/* Behind one proxy there are many servers: what one of them does says nothing of another. */
static void keeps_hosts_behind_a_proxy_apart(void **unused)
{
	struct exchange to_wsus = { .method = SPAN_LIT("CONNECT"),
		                    .target = SPAN_LIT("wsus01.corp.example:8531"),
		                    .host = SPAN_LIT("wsus01.corp.example:8531") };
	struct exchange to_other = { .method = SPAN_LIT("CONNECT"),
		                     .target = SPAN_LIT("wsus02.corp.example:8531"),
		                     .host = SPAN_LIT("wsus02.corp.example:8531") };
	struct connection one = session_connection("192.0.2.50", 0), two = session_connection("192.0.2.50",
	  1);
	struct tls_session bad = session_hello(&one), good = session_hello(&two);
	struct trial t;

	(void)unused;
	one.server = two.server = endpoint_at("198.51.100.9:3128");
	bad.tunnel = &to_wsus;
	good.tunnel = &to_other;
	snprintf(good.server_name, sizeof good.server_name, "wsus02.corp.example");
	session_talk(&good, TLS_1_3);
	trial_begin(&t, &analyzer_handshake, NULL);
	trial_tls(&t, &bad);
	trial_tls(&t, &good);
	trial_end(&t, SESSIONS_EPOCH + 600 * MOMENT_S);
	trial_expect(&t, "two hosts", "tls-not-served error probable 1", NULL);
}

static void takes_ports_off(void **unused)
{
	static const struct {
		const char *host, *want;
	} hosts[] = {
		{ "wsus01", "wsus01" },
		{ "wsus01:8531", "wsus01" },
		{ "198.51.100.1:443", "198.51.100.1" },
		{ "[2001:db8::1]:8531", "2001:db8::1" },
		{ "[2001:db8::1", "[2001:db8::1" },
		{ "2001:db8::1", "2001:db8::1" },
		{ "", "" },
		{ ":443", "" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++)
		assert_true(span_eq(tls_without_port(span_text(hosts[i].host)),
	  span_text(hosts[i].want)));
}

static void takes_no_login_for_a_name(void **unused)
{
	struct exchange connect = { .target = SPAN("alice:secret@wsus01:8531") };
	struct tls_session t = { .tunnel = &connect };

	(void)unused;
	assert_true(span_eq(tls_name_asked(&t), SPAN("wsus01")));
}

static void takes_ports_of_tunnels(void **unused)
{
	static const struct {
		const char *target;             /* NULL: no tunnel */
		uint16_t want;
	} tunnels[] = {
		{ NULL, 3128 },         { "wsus01:8531", 8531 },      { "[2001:db8::1]:443", 443 },
		{ "wsus01", 3128 },     { "[2001:db8::1]", 3128 },    { "wsus01:", 3128 },
		{ "wsus01:70000", 3128 }, { "wsus01:http", 3128 },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof tunnels / sizeof *tunnels; i++) {
		struct connection c = session_connection("192.0.2.50", 0);
		struct tls_session s = session_hello(&c);
		struct exchange connect = { .target = span_of(NULL, 0) };

		c.server.port = 3128;
		if (tunnels[i].target) {
			connect.target = span_text(tunnels[i].target);
			s.tunnel = &connect;
		}
		assert_int_equal(tls_port_asked(&s), tunnels[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_stops),
		cmocka_unit_test(judges_three),
		cmocka_unit_test(keeps_hosts_behind_a_proxy_apart),
		cmocka_unit_test(takes_ports_off),
		cmocka_unit_test(takes_no_login_for_a_name),
		cmocka_unit_test(takes_ports_of_tunnels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
