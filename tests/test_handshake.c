/* tests/test_handshake.c - TLS that fails, TLS at the wrong port, and what looks like either but is well. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/trial.h"

extern const struct analyzer analyzer_handshake;

struct story {                          /* a hello that nobody answered, closed by the server */
	struct connection *c;
	struct tls_session *t;
};

static void hello_then_fin(struct story s)
{
	(void)s;
}

static void established(struct story s)
{
	s.t->server_hello = s.t->established = true;
	s.t->version = TLS_1_2;
	s.t->application_records[CLIENT] = s.t->application_records[SERVER] = 5;
	s.t->application_bytes[SERVER] = 20000;
	s.c->side[SERVER].bytes = 24000;
	s.c->side[SERVER].fin_frame = s.c->side[CLIENT].fin_frame = 9;
}

static void capture_ends(struct story s)
{
	s.c->closed = CONNECTION_OPEN;
}

static void hole_inside(struct story s)
{
	s.t->lost = 1;
}

static void hole_before(struct story s)
{
	established(s);
	s.t->server_hello = s.t->established = false;
	s.c->side[SERVER].lost_bytes = 39;
}

static void hole_before_by_client(struct story s)
{
	s.c->side[CLIENT].lost_bytes = 1;
}

static void joined(struct story s)
{
	s.c->joined = true;
}

static void one_direction(struct story s)
{
	s.c->one_sided = true;
}

static void hello_cut(struct story s)
{
	s.t->hello_cut = true;
}

static void alert(struct story s, enum side by, unsigned description)
{
	s.t->alerts[s.t->alert_count++] =
		(struct tls_alert){ .by = by, .frame = 5, .level = 2, .description = (uint8_t)description };
}

static void alert_70(struct story s)
{
	s.t->offered_max = s.t->offered_legacy = TLS_1_0;
	alert(s, SERVER, 70);
}

static void alert_40(struct story s)
{
	alert(s, SERVER, 40);
}

static void old_hello_then_reset(struct story s)
{
	s.t->offered_max = TLS_1_0;
	s.c->closed = CONNECTION_RESET_BY_SERVER;
	s.c->side[SERVER].fin_frame = 0;
	s.c->reset_frame = 6;
}

static void old_hello_then_client_leaves(struct story s)
{
	s.t->offered_max = TLS_1_0;
	s.c->side[SERVER].fin_frame = 0;
	s.c->side[CLIENT].fin_frame = 6;
}

static void client_loses_interest(struct story s)
{
	s.c->side[SERVER].fin_frame = 7;
	s.c->side[CLIENT].fin_frame = 5;
	s.t->client_hello_time = s.c->last_time - MOMENT_S;
}

static void client_loses_patience(struct story s)
{
	client_loses_interest(s);
	s.t->client_hello_time = s.c->last_time - 5 * MOMENT_S;
}

static void client_leaves_with_an_alert(struct story s)
{
	client_loses_interest(s);
	s.t->alerts[s.t->alert_count++] = (struct tls_alert){ .by = CLIENT, .frame = 4, .level = 2 };
}

static void client_refuses(struct story s)
{
	s.t->server_hello = true;
	s.t->version = TLS_1_2;
	s.t->last_message[SERVER] = 14;
	s.t->last_frame[SERVER] = 5;
	alert(s, CLIENT, 48);
}

static void asks(struct story s)
{
	s.t->server_hello = true;
	s.t->version = TLS_1_2;
	s.t->certificate_request_frame = 5;
	s.t->last_message[SERVER] = 14;
}

static void asks_and_capture_ends(struct story s)
{
	asks(s);
	s.c->closed = CONNECTION_OPEN;
}

static void asks_and_goes_on(struct story s)
{
	established(s);
	asks(s);
	s.t->client_certificate_message = s.t->client_certificate_empty = true;
}

static void asks_and_refuses(struct story s)
{
	asks_and_goes_on(s);
	s.t->application_records[CLIENT] = 1;
	s.t->application_bytes[SERVER] = 1400;
}

static void asks_and_gets_one(struct story s)
{
	asks_and_goes_on(s);
	s.t->client_certificate_empty = false;
}

static void management_point(struct story s)
{
	asks_and_gets_one(s);
	s.c->server.port = 443;
	snprintf(s.t->server_name, sizeof s.t->server_name, "download.windowsupdate.com");
}

static void clear_port(struct story s)
{
	s.c->server.port = 8530;
	s.t->not_tls[SERVER] = true;
	memcpy(s.t->other_bytes[SERVER], "HTTP/1.1 400 Bad Request", 24);
	s.t->other_len[SERVER] = 24;
	s.t->other_frame[SERVER] = 5;
	s.c->side[SERVER].bytes = 300;
}

static void clear_port_that_hangs_up(struct story s)
{
	s.c->server.port = 8530;
}

static void another_protocol(struct story s)
{
	clear_port(s);
	memcpy(s.t->other_bytes[SERVER], "220 mail.example ready  ", 24);
}

static void tls_on_8530_works(struct story s)
{
	established(s);
	s.c->server.port = 8530;
}

static void elsewhere(struct story s)
{
	s.c->server.port = 4433;
}

static const struct row {
	const char *name;
	void (*change)(struct story s);
	const char *want, *says;
} rows[] = {
	{ "closed after the hello", hello_then_fin, "tls-not-served error probable 1",
	  "the server closes after the ClientHello" },
	{ "established", established, "", NULL },
	{ "the capture ends", capture_ends, "", NULL },
	{ "a hole inside", hole_inside, "", NULL },
	{ "a hole before it, where a CONNECT was answered", hole_before, "", NULL },
	{ "a hole of the client's", hole_before_by_client, "", NULL },
	{ "joined midway", joined, "", NULL },
	{ "one direction", one_direction, "", NULL },
	{ "the hello is cut by the capture", hello_cut, "", NULL },
	{ "alert 70", alert_70, "tls-version-mismatch error certain 1", "the client offers at most TLS 1.0" },
	{ "alert 40 is another matter", alert_40, "tls-no-common-cipher error probable 1",
	  "alert 40, handshake_failure" },
	{ "reset after an old hello", old_hello_then_reset, "tls-version-mismatch error probable 1",
	  "TLS 1.0" },
	{ "a client that leaves after its old hello", old_hello_then_client_leaves,
	  "tls-not-served error probable 1", "the client waits in vain" },
	{ "a client that leaves right after its hello", client_loses_interest, "", NULL },
	{ "a client that waits, and leaves", client_loses_patience, "tls-not-served error probable 1", NULL },
	{ "a client that leaves and says why", client_leaves_with_an_alert,
	  "tls-aborted error certain 1", NULL },
	{ "the client refuses the certificate", client_refuses, "certificate-untrusted error probable 1",
	  "refuses it (alert 48, unknown_ca)" },
	{ "a certificate is asked for, and the client leaves", asks,
	  "client-certificate-demanded error certain 1",
	  "the client gave up" },
	{ "asked for as the capture ends", asks_and_capture_ends,
	  "client-certificate-demanded error certain 1",
	  "the capture ends" },
	{ "asked for, none given, well", asks_and_goes_on, "client-certificate-demanded warning certain 1",
	  "got on without one" },
	{ "asked for, none given, refused", asks_and_refuses, "client-certificate-demanded error certain 1",
	  "a page that refuses it" },
	{ "asked for and given", asks_and_gets_one, "client-certificate-demanded warning certain 1",
	  "sent one" },
	{ "a management point may ask", management_point, "", NULL },
	{ "TLS to a clear port", clear_port, "scheme-mismatch error certain 1",
	  "The client speaks TLS to port 8530, and the port answers in plain HTTP" },
	{ "a clear port that hangs up", clear_port_that_hangs_up,
	  "scheme-mismatch error probable 1", "hangs up" },
	{ "another protocol", another_protocol, "tls-aborted error certain 1", NULL },
	{ "TLS on 8530, as somebody bound it", tls_on_8530_works, "", NULL },
	{ "not of the update path", elsewhere, "", NULL },
};

static struct tls_session hello_on(const struct connection *c)
{
	return (struct tls_session){
		.conn = c,
		.first_time = c->first_time,
		.last_time = c->last_time,
		.client_hello = true,
		.client_hello_frame = 4,
		.offered_legacy = TLS_1_2,
		.offered_max = TLS_1_3,
		.last_message = { 1, -1 },
	};
}

static struct connection tls_connection(int64_t at)
{
	struct connection c = connection_at("192.0.2.50", "198.51.100.10:8531", at);

	c.side[SERVER].bytes = 0;
	c.side[SERVER].fin_frame = 6;
	return c;
}

static void judges_sessions(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct connection c = tls_connection(10);
		struct tls_session s = hello_on(&c);
		struct trial t;

		rows[i].change((struct story){ &c, &s });
		trial_begin(&t, &analyzer_handshake, NULL);
		trial_tls(&t, &s);
		trial_end(&t, 600 * MOMENT_S);
		trial_expect(&t, rows[i].name, rows[i].want, rows[i].says);
	}
}

/* With --all, who asks is not always an update point. */
static void names_who_asks(void **unused)
{
	static const struct relevance_options all = { .all = true };
	static const struct {
		const char *server, *says;
	} askers[] = {
		{ "198.51.100.10:8531", "The update point asks for a client certificate" },
		{ "198.51.100.10:443", "The server asks for a client certificate" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof askers / sizeof *askers; i++) {
		struct connection c = connection_at("192.0.2.50", askers[i].server, 10);
		struct tls_session s = hello_on(&c);
		struct trial t;

		asks((struct story){ &c, &s });
		trial_begin(&t, &analyzer_handshake, &all);
		trial_tls(&t, &s);
		trial_end(&t, 600 * MOMENT_S);
		trial_expect(&t, askers[i].server, "client-certificate-demanded error certain 1",
		             askers[i].says);
	}
}

/* What failed and worked later, told in any order, is a warning; what worked before is none. */
static void eases_what_was_overcome(void **unused)
{
	static const struct order {
		int64_t first_at, second_at;
		const char *want;
	} orders[] = {
		{ 10, 20, "tls-aborted warning certain 1" },
		{ 20, 10, "tls-aborted error certain 1" },
	};

	(void)unused;
	for (size_t i = 0; i < 2; i++)
		for (int told = 0; told < 2; told++) {
			struct connection bad = tls_connection(orders[i].first_at);
			struct connection good = tls_connection(orders[i].second_at);
			struct tls_session failed = hello_on(&bad), worked = hello_on(&good);
			struct trial t;

			established((struct story){ &good, &worked });
			trial_begin(&t, &analyzer_handshake, NULL);
			trial_tls(&t, told ? &worked : &failed);
			trial_tls(&t, told ? &failed : &worked);
			trial_end(&t, 600 * MOMENT_S);
			trial_expect(&t, "failed and worked", orders[i].want, NULL);
		}
}

static void plain(struct exchange *x, struct connection *c)
{
	c->side[SERVER].bytes = 0;
	x->end = EXCHANGE_FIN_BY_SERVER;
}

static void plain_answered_by_alert(struct exchange *x, struct connection *c)
{
	plain(x, c);
	c->side[SERVER].bytes = 7;
	c->side[SERVER].first[0] = 21;
	c->side[SERVER].first[1] = 3;
	c->side[SERVER].first_len = 7;
}

static void plain_answered_in_words(struct exchange *x, struct connection *c)
{
	c->side[SERVER].bytes = 600;
	answer(x, 400, 5);
	x->response.body.start = SPAN("<center>The plain HTTP request was sent to HTTPS port</center>");
}

static void plain_and_well(struct exchange *x, struct connection *c)
{
	c->side[SERVER].bytes = 600;
	answer(x, 200, 5);
}

static void plain_on_the_clear_port(struct exchange *x, struct connection *c)
{
	plain(x, c);
	c->server.port = 8530;
}

static void plain_and_capture_ends(struct exchange *x, struct connection *c)
{
	plain(x, c);
	x->end = EXCHANGE_OPEN;
}

static void judges_plain_http_to_tls(void **unused)
{
	static const struct plain_row {
		const char *name;
		void (*change)(struct exchange *x, struct connection *c);
		const char *want;
	} plain_rows[] = {
		{ "the TLS port closes", plain, "scheme-mismatch error probable 1" },
		{ "it answers with an alert", plain_answered_by_alert, "scheme-mismatch error certain 1" },
		{ "it says so", plain_answered_in_words, "scheme-mismatch error certain 1" },
		{ "it serves HTTP there", plain_and_well, "" },
		{ "the clear port closes", plain_on_the_clear_port, "" },
		{ "the capture ends", plain_and_capture_ends, "" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof plain_rows / sizeof *plain_rows; i++) {
		struct connection c = tls_connection(10);
		struct exchange x = call_on(&c, "/ClientWebService/client.asmx");
		struct trial t;

		plain_rows[i].change(&x, &c);
		trial_begin(&t, &analyzer_handshake, NULL);
		trial_exchange(&t, &x);
		trial_end(&t, 600 * MOMENT_S);
		trial_expect(&t, plain_rows[i].name, plain_rows[i].want, NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_sessions),
		cmocka_unit_test(names_who_asks),
		cmocka_unit_test(eases_what_was_overcome),
		cmocka_unit_test(judges_plain_http_to_tls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
