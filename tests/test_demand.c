/* tests/test_demand.c - every way in which a server asks for a client certificate, and what only looks so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/sessions.h"

extern const struct analyzer analyzer_handshake;

enum { ON_GCM = 28, TIMES = 2 };

/* ---- renegotiation, TLS 1.2 ---- */

static void again(struct story s, enum side by)
{
	session_talk(s.t, TLS_1_2);
	s.t->again = (struct tls_again){ .asked = true, .by = by, .frame = 7, .length = ON_GCM, .fits = true,
		                         .requests_before = 1 };
}

static void again_and_leaves(struct story s)
{
	again(s, SERVER);
	session_leave(s.c);
}

static void again_done(struct story s)
{
	again(s, SERVER);
	s.t->again.done = true;
	s.t->again.client_flight_frame = 10;
}

static void again_and_goes_on(struct story s)
{
	again_done(s);
	s.t->again.bytes_after = 20000;
}

static void again_and_refused(struct story s)
{
	again_done(s);
	s.t->again.bytes_after = 1500;
}

static void again_decrypted(struct story s)
{
	again_and_leaves(s);
	s.t->certificate_request_frame = 9;
	s.t->certificate_request_decrypted = true;
}

/* The session is taken up again: the client's first message is its Finished (RFC 5246 section 7.3). */
static void again_resumed(struct story s)
{
	again_and_goes_on(s);
	s.t->again.client_flight_frame = 0;
}

static void again_read_without_request(struct story s)
{
	again_and_goes_on(s);
	s.t->reading = TLS_READ;
}

static void again_by_client(struct story s)
{
	again(s, CLIENT);
}

static void again_of_another_length(struct story s)
{
	again(s, SERVER);
	s.t->again.fits = false;
}

static void again_before_any_request(struct story s)
{
	again(s, SERVER);
	s.t->again.requests_before = 0;
}

static void again_at_a_management_point(struct story s)
{
	again_and_goes_on(s);
	s.c->server.port = 443;
}

/* ---- TLS 1.3 ---- */

static void empty_certificate(struct story s)
{
	session_talk(s.t, TLS_1_3);
	s.t->flight13 = FLIGHT13_EMPTY_CERTIFICATE;
	s.t->flight13_frame = 6;
}

static void empty_certificate_refused(struct story s)
{
	empty_certificate(s);
	s.t->application_records[CLIENT] = 1;
	s.t->application_bytes[SERVER] = 1400;
}

static void certificate_sent(struct story s)
{
	empty_certificate(s);
	s.t->flight13 = FLIGHT13_CERTIFICATE;
}

static void finished_alone(struct story s)
{
	empty_certificate(s);
	s.t->flight13 = FLIGHT13_FINISHED;
}

static void required_by_alert(struct story s)
{
	session_finish(s.t, TLS_1_3);
	session_alert(s.t, SERVER, 116);
}

static void request_and_reset(struct story s)
{
	session_finish(s.t, TLS_1_3);
	s.t->application_records[CLIENT] = 1;
	s.t->application_bytes[CLIENT] = 600;
	s.t->application_first[CLIENT] = s.t->application_last[CLIENT] = 7;
	s.c->closed = CONNECTION_RESET_BY_SERVER;
	s.c->side[SERVER].fin_frame = 0;
	s.c->reset_frame = 9;
	s.c->reset_time = s.c->side[CLIENT].last_data + MOMENT_MS;
}

static void reset_when_idle(struct story s)
{
	request_and_reset(s);
	s.t->application_records[SERVER] = 1;
	s.t->application_bytes[SERVER] = 320;
	s.t->application_first[SERVER] = s.t->application_last[SERVER] = 8;
	s.c->reset_time = s.c->side[CLIENT].last_data + 120 * MOMENT_S;
}

static void asked_and_goes_on(struct story s)
{
	session_talk(s.t, TLS_1_2);
	s.t->certificate_request_frame = 5;
	s.t->client_certificate_message = s.t->client_certificate_empty = true;
	s.t->client_certificate_frame = 6;
}

static void asked_and_short(struct story s)
{
	asked_and_goes_on(s);
	s.t->application_records[CLIENT] = 1;
	s.t->application_bytes[SERVER] = 1500;
}

static void tickets_and_reset(struct story s)
{
	request_and_reset(s);
	s.t->application_records[SERVER] = 2;
	s.t->application_bytes[SERVER] = 510;
	s.t->application_first[SERVER] = s.t->application_last[SERVER] = 8;
}

static void answers_and_reset(struct story s)
{
	request_and_reset(s);
	s.t->application_records[SERVER] = 4;
	s.t->application_bytes[SERVER] = 9000;
	s.t->application_first[SERVER] = s.t->application_last[SERVER] = 8;
}

static void farewell_and_reset(struct story s)
{
	request_and_reset(s);
	s.t->alerts[s.t->alert_count++] = (struct tls_alert){ .by = SERVER, .frame = 8, .encrypted = true };
}

static void reset_of_tls12(struct story s)
{
	request_and_reset(s);
	s.t->version = TLS_1_2;
}

static void healthy(struct story s)
{
	session_talk(s.t, TLS_1_3);
}

#define ASKED(rest) "client-certificate-demanded " rest

static const struct row {
	const char *name;
	void (*first)(struct story s);
	void (*second)(struct story s);         /* NULL: one session only */
	const char *want, *says;
} rows[] = {
	{ "a renegotiation, and the client leaves", again_and_leaves, NULL, ASKED("error probable 1"),
	  "renegotiation). The Windows Update Agent has none to send; the client gave up." },
	{ "a renegotiation, and all is well", again_and_goes_on, NULL, ASKED("warning probable 1"),
	  "got on without one" },
	{ "a renegotiation, and a short answer", again_and_refused, NULL, ASKED("error probable 1"),
	  "a page that refuses it" },
	{ "a renegotiation that was read", again_decrypted, NULL, ASKED("error certain 1"), "(decrypted)" },
	{ "one that resumes the session", again_resumed, NULL, "", NULL },
	{ "one that was read and asks nothing", again_read_without_request, NULL, "", NULL },
	{ "the client begins it", again_by_client, NULL, "", NULL },
	{ "a record of another length", again_of_another_length, NULL, "", NULL },
	{ "before any request", again_before_any_request, NULL, "", NULL },
	{ "a management point asks its own", again_at_a_management_point, NULL, "", NULL },
	{ "left, and got through later", again_and_leaves, again_and_goes_on, ASKED("warning probable 2"),
	  NULL },
	{ "got through, and left later", again_and_goes_on, again_and_leaves, ASKED("error probable 2"),
	  NULL },
	{ "an empty certificate by its length", empty_certificate, NULL, ASKED("warning probable 1"),
	  "the length of an empty list" },
	{ "the same, and a short answer", empty_certificate_refused, NULL, ASKED("error probable 1"), NULL },
	{ "as long as a certificate", certificate_sent, NULL, ASKED("warning possible 1"), "sent one" },
	{ "Finished alone", finished_alone, NULL, "", NULL },
	{ "certificate_required", required_by_alert, NULL, ASKED("error certain 1"),
	  "for want of a client certificate" },
	{ "one reset is none", request_and_reset, NULL, "", NULL },
	{ "two resets on first requests", request_and_reset, request_and_reset, ASKED("error possible 2"),
	  "Windows Server 2022" },
	{ "short answers, and resets when idle", reset_when_idle, reset_when_idle, "", NULL },
	{ "one reset beside a demand that all do with", asked_and_goes_on, request_and_reset,
	  ASKED("warning certain 1"), NULL },
	{ "asked, and a short answer that nobody read", asked_and_short, NULL, ASKED("error certain 1"),
	  "one short answer" },
	{ "tickets are no answer", tickets_and_reset, request_and_reset, ASKED("error possible 2"), NULL },
	{ "answers came before", answers_and_reset, answers_and_reset, "", NULL },
	{ "it works in between", request_and_reset, healthy, "", NULL },
	{ "a farewell", farewell_and_reset, farewell_and_reset, "", NULL },
	{ "resets of TLS 1.2", reset_of_tls12, reset_of_tls12, "", NULL },
};

static void judges_sessions(void **unused)
{
	static const struct relevance_options all = { .all = true };

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct trial t;

		trial_begin(&t, &analyzer_handshake,
		            rows[i].first == again_at_a_management_point ? &all : NULL);
		for (int n = 0; n < TIMES; n++) {
			void (*change)(struct story s) = n ? rows[i].second : rows[i].first;

			if (change)
				session_tell(&t, change, "192.0.2.50", n);
		}
		trial_end(&t, SESSIONS_EPOCH + 600 * MOMENT_S);
		trial_expect(&t, rows[i].name, rows[i].want, rows[i].says);
	}
}

/* ---- what HTTP says ---- */

struct page {
	const char *name, *path;
	unsigned status;
	const char *body;
	bool in_tls, asked;             /* read out of TLS, whose handshake began anew in the middle */
	const char *want, *says;
};

static const struct page pages[] = {
	{ "nginx", "/ClientWebService/client.asmx", 400,
	  "<title>400 No required SSL certificate was sent</title>", true, false, ASKED("error certain 1"),
	  "(for /ClientWebService)" },
	{ "Apache", "/SimpleAuthWebService/SimpleAuth.asmx", 403,
	  "Reason: Cannot perform Post-Handshake Authentication.", true, false, ASKED("error certain 1"),
	  "(for /SimpleAuthWebService)" },
	{ "the directory of a renegotiation", "/ClientWebService/client.asmx", 200, "", true, true,
	  ASKED("warning probable 1"), "(for /ClientWebService)" },
	{ "a refusal of another kind", "/ClientWebService/client.asmx", 403, "Forbidden", true, false, "",
	  NULL },
};

static void judges_pages(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
		const struct page *p = &pages[i];
		struct connection c = session_connection("192.0.2.50", 0);
		struct tls_session s = session_hello(&c);
		struct exchange x = call_on(&c, p->path);
		struct trial t;

		session_talk(&s, TLS_1_2);
		if (p->asked)
			again_and_goes_on((struct story){ &c, &s, NULL });
		answer(&x, p->status, 5);
		x.response.first_frame = x.response.last_frame = 8;
		x.response.body.start = span_text(p->body);
		x.answered_by = answerer_of(&x);
		x.tls = p->in_tls ? &s : NULL;
		trial_begin(&t, &analyzer_handshake, NULL);
		trial_exchange(&t, &x);
		trial_tls(&t, &s);
		trial_end(&t, SESSIONS_EPOCH + 600 * MOMENT_S);
		trial_expect(&t, p->name, p->want, p->says);
	}
}

/* Keys tell what a length cannot: whether the short answer serves. */
static void reads_short_answers(void **unused)
{
	static const struct {
		const char *name, *first, *second;
		unsigned first_status, second_status;
		const char *second_body, *want;
	} answers[] = {
		{ "served", "/ClientWebService/client.asmx", NULL, 200, 0, "", ASKED("warning certain 1") },
		{ "not changed", "/SelfUpdate/wuident.cab", NULL, 304, 0, "", ASKED("warning certain 1") },
		{ "no such file is no answer to the question", "/SelfUpdate/wuident.cab", NULL, 404, 0, "",
		  ASKED("error certain 1") },
		{ "served, then refused elsewhere", "/SelfUpdate/wuident.cab",
		  "/ClientWebService/client.asmx", 200, 400,
		  "<title>400 No required SSL certificate was sent</title>", ASKED("error certain 1") },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		struct connection c = session_connection("192.0.2.50", 0);
		struct tls_session s = session_hello(&c);
		struct exchange x = call_on(&c, answers[i].first);
		struct trial t;

		asked_and_short((struct story){ &c, &s, NULL });
		s.reading = TLS_READ;
		x.tls = &s;
		answer(&x, answers[i].first_status, 5);
		trial_begin(&t, &analyzer_handshake, NULL);
		trial_exchange(&t, &x);
		if (answers[i].second) {
			x.path = x.target = span_text(answers[i].second);
			answer(&x, answers[i].second_status, 10);
			x.response.body.start = span_text(answers[i].second_body);
			x.answered_by = answerer_of(&x);
			trial_exchange(&t, &x);
		}
		trial_tls(&t, &s);
		trial_end(&t, SESSIONS_EPOCH + 600 * MOMENT_S);
		trial_expect(&t, answers[i].name, answers[i].want, NULL);
	}
}

/* What was served before the question is no answer to it. */
static void served_before_the_question(void **unused)
{
	struct connection c = session_connection("192.0.2.50", 0);
	struct tls_session s = session_hello(&c);
	struct exchange x = call_on(&c, "/SelfUpdate/wuident.cab");
	struct trial t;

	(void)unused;
	session_talk(&s, TLS_1_2);
	answer(&x, 200, 5);
	x.tls = &s;
	trial_begin(&t, &analyzer_handshake, NULL);
	trial_exchange(&t, &x);
	again_and_leaves((struct story){ &c, &s, NULL });
	s.again.time = c.first_time + MOMENT_S;
	trial_tls(&t, &s);
	trial_end(&t, SESSIONS_EPOCH + 600 * MOMENT_S);
	trial_expect(&t, "served before", ASKED("error probable 1"), NULL);
}

/* Three TLS 1.3 sessions with an answer that was read: however they end, nobody was refused. */
static void reads_before_resets(void **unused)
{
	struct trial t;

	(void)unused;
	trial_begin(&t, &analyzer_handshake, NULL);
	for (int i = 0; i < 3; i++) {
		struct connection c = session_connection("192.0.2.51", 100 * i);
		struct tls_session s = session_hello(&c);
		struct exchange x = call_on(&c, "/SelfUpdate/wuident.cab");

		tickets_and_reset((struct story){ &c, &s, NULL });
		s.reading = TLS_READ;
		x.tls = &s;
		answer(&x, 304, 5);
		trial_exchange(&t, &x);
		trial_tls(&t, &s);
	}
	trial_end(&t, SESSIONS_EPOCH + 600 * MOMENT_S);
	trial_expect(&t, "answers were read", "", NULL);
}

/* On 443 of the update point's machine a management point may ask its own clients. */
static void tells_sites_of_one_machine_apart(void **unused)
{
	static const struct {
		const char *name;
		void (*change)(struct story s);
		bool other_port;                /* 8531 takes connections on that machine */
		const char *path;               /* of a request that was read on 443; NULL: none */
		const char *want;
	} sites[] = {
		{ "beside 8531: a renegotiation", again_and_refused, true, NULL, "" },
		{ "beside 8531: an optional certificate", asked_and_goes_on, true, NULL, "" },
		{ "beside 8531: a ConfigMgr client", asked_and_goes_on, true, "/ccm_system/request", "" },
		{ "beside 8531: updates on 443", asked_and_goes_on, true, "/ClientWebService/client.asmx",
		  ASKED("warning certain 1") },
		{ "443 alone: a renegotiation", again_and_refused, false, NULL, ASKED("error possible 1") },
		{ "443 alone: an optional certificate", asked_and_goes_on, false, NULL,
		  ASKED("warning certain 1") },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof sites / sizeof *sites; i++) {
		struct connection c = session_connection("192.0.2.51", 10);
		struct connection beside = session_connection("192.0.2.51", 20);
		struct tls_session s = session_hello(&c);
		struct exchange x = call_on(&c, sites[i].path ? sites[i].path : "");
		struct trial t;

		c.server.port = 443;
		sites[i].change((struct story){ &c, &s, NULL });
		answer(&x, 200, 5);
		x.tls = &s;
		trial_begin_expecting(&t, &analyzer_handshake, "wsus01.corp.example", NULL);
		if (sites[i].path)
			trial_exchange(&t, &x);
		trial_tls(&t, &s);
		if (sites[i].other_port)
			trial_connection(&t, &beside);
		trial_end(&t, SESSIONS_EPOCH + 600 * MOMENT_S);
		trial_expect(&t, sites[i].name, sites[i].want, NULL);
	}
}

/* All clients of one server are one finding. */
static void counts_clients_together(void **unused)
{
	static const char *const clients[] = { "192.0.2.50", "192.0.2.51", "192.0.2.52" };
	struct trial t;

	(void)unused;
	trial_begin(&t, &analyzer_handshake, NULL);
	for (size_t i = 0; i < sizeof clients / sizeof *clients; i++)
		session_tell(&t, again_and_leaves, clients[i], (int64_t)i);
	trial_end(&t, SESSIONS_EPOCH + 600 * MOMENT_S);
	trial_expect(&t, "three clients", ASKED("error probable 3"), NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_sessions),
		cmocka_unit_test(judges_pages),
		cmocka_unit_test(reads_short_answers),
		cmocka_unit_test(served_before_the_question),
		cmocka_unit_test(reads_before_resets),
		cmocka_unit_test(tells_sites_of_one_machine_apart),
		cmocka_unit_test(counts_clients_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
