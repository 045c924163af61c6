/* tests/test_broken.c - connections that came and broke, each way beside a near twin that is quiet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/trial.h"

extern const struct analyzer analyzer_broken;

#define CALL "/ClientWebService/client.asmx"
#define FILE_OF_8_K "/Content/41/AB.cab"

struct story {                          /* what a row changes: one call, unanswered for a minute */
	struct connection *c;
	struct exchange *x;
};

static void reset(struct story s, enum connection_closed by)
{
	s.x->end = EXCHANGE_RESET;
	s.c->closed = by;
	s.c->reset_frame = 8;
	s.c->reset_time = s.c->last_time;
	s.c->reset_from = by == CONNECTION_RESET_BY_CLIENT ? CLIENT : SERVER;
	s.c->reset_ttl = 64;
}

static void half_an_answer(struct story s)
{
	answer(s.x, 200, 10);
	s.x->response.body = (struct http_body){ .has_length = true, .declared = 8192, .wire_bytes = 4096 };
}

static void lasts(struct story s, int64_t ms)
{
	s.c->last_time = s.x->request.last_time + ms * MOMENT_MS;
	if (s.c->reset_frame)
		s.c->reset_time = s.c->last_time;
}

static void by_server(struct story s)
{
	reset(s, CONNECTION_RESET_BY_SERVER);
}

static void by_box(struct story s)
{
	reset(s, CONNECTION_RESET_BY_MIDDLEBOX);
	s.c->reset_score = 75;
	s.c->reset_reasons = 1u << RESET_TTL_CLASS | 1u << RESET_FASTER;
}

static void by_client_at_once(struct story s)
{
	reset(s, CONNECTION_RESET_BY_CLIENT);
	lasts(s, 100);
}

static void download_left_at_once(struct story s)
{
	by_client_at_once(s);
	s.x->method = SPAN("GET");
	s.x->path = s.x->target = SPAN(FILE_OF_8_K);
}

static void by_client_after_a_minute(struct story s)
{
	reset(s, CONNECTION_RESET_BY_CLIENT);
}

static void client_fin_then_reset(struct story s)
{
	by_server(s);
	s.c->side[CLIENT].fin_frame = 7;
	lasts(s, 100);
}

static void silent(struct story s)
{
	s.x->end = EXCHANGE_SILENCE;
}

static void closed_without_a_word(struct story s)
{
	s.x->end = EXCHANGE_FIN_BY_SERVER;
	s.c->side[SERVER].fin_frame = 8;
}

static void capture_ends(struct story s)
{
	s.x->end = EXCHANGE_OPEN;
	s.c->closed = CONNECTION_OPEN;
}

static void one_direction(struct story s)
{
	silent(s);
	s.c->one_sided = true;
}

static void request_in_a_hole(struct story s)
{
	s.x->end = EXCHANGE_LOST;
}

static void half_a_request(struct story s)
{
	silent(s);
	s.x->request.body.complete = false;
}

static void client_leaves_at_once(struct story s)
{
	s.x->end = EXCHANGE_FIN_BY_CLIENT;
	lasts(s, 500);
}

static void answered(struct story s)
{
	answer(s.x, 200, 10);
	s.c->closed = CONNECTION_RESET_BY_SERVER;
	s.c->reset_frame = 8;
}

static void cut_by_server(struct story s)
{
	half_an_answer(s);
	s.x->end = EXCHANGE_FIN_BY_SERVER;
}

static void last_chunk_missing(struct story s)
{
	cut_by_server(s);
	s.x->response.body = (struct http_body){ .chunked = true, .wire_bytes = 4096 };
}

static void cut_by_client(struct story s)
{
	half_an_answer(s);
	s.x->end = EXCHANGE_FIN_BY_CLIENT;
}

static void cut_behind_an_unseen_fin(struct story s)
{
	cut_by_server(s);
	s.c->side[CLIENT].fin_unseen = true;
}

static void closed_behind_an_unseen_fin(struct story s)
{
	client_leaves_at_once(s);
	closed_without_a_word(s);
	s.c->side[CLIENT].fin_unseen = true;
}

static void cut_by_reset(struct story s)
{
	half_an_answer(s);
	reset(s, CONNECTION_RESET_BY_SERVER);
}

static void cut_by_holes(struct story s)
{
	cut_by_server(s);
	s.x->response.body.lost_bytes = 1460;
}

static void cut_by_capture(struct story s)
{
	half_an_answer(s);
	s.x->end = EXCHANGE_OPEN;
}

static void used_again(struct story s, int64_t idle)
{
	s.x->number = 3;
	s.x->idle_before = idle * MOMENT_S;
}

static void reset_after_idling(struct story s)
{
	by_server(s);
	lasts(s, 2);
	used_again(s, 312);
}

static void dead_after_idling(struct story s)
{
	silent(s);
	used_again(s, 930);
	s.c->side[CLIENT].unacked_tries = 5;
}

static void reset_long_after_idling(struct story s)
{
	by_server(s);
	used_again(s, 312);
}

static void keep_alive_race(struct story s)
{
	s.x->end = EXCHANGE_FIN_BY_SERVER;
	s.c->side[SERVER].fin_frame = 5;
	used_again(s, 120);
	lasts(s, 2);
}

static void keep_alive_race_with_reset(struct story s)
{
	by_server(s);
	s.c->side[SERVER].fin_frame = 3;
	used_again(s, 120);
	lasts(s, 2);
}

static void elsewhere(struct story s)
{
	by_server(s);
	s.c->server.port = 8080;
	s.x->path = s.x->target = SPAN("/shop");
	s.x->host = SPAN("www.example.com");
}

static const struct row {
	const char *name;
	void (*change)(struct story s);
	const char *want, *says;
} rows[] = {
	{ "reset by the server", by_server, "connection-reset error certain 1",
	  "by the server's address while" },
	{ "reset by a box", by_box, "connection-reset error probable 1",
	  "a box between, in the server's name" },
	{ "the box's reasons", by_box, "connection-reset error probable 1", "75 of 100 points" },
	{ "shot down on the client", by_client_at_once, "connection-reset error possible 1",
	  "by the client" },
	{ "a download that its client leaves", download_left_at_once, "", NULL },
	{ "a client that waits a minute and leaves", by_client_after_a_minute,
	  "request-unanswered error certain 1",
	  "nothing for 60 s" },
	{ "a reset after the client's FIN", client_fin_then_reset, "", NULL },
	{ "a reset after a complete answer", answered, "", NULL },
	{ "silence", silent, "request-unanswered error certain 1", "POST wsus01:8530" CALL },
	{ "closed without a word", closed_without_a_word, "request-unanswered error certain 1",
	  "without a word" },
	{ "the capture ends", capture_ends, "", NULL },
	{ "one direction only", one_direction, "", NULL },
	{ "the request has a hole", request_in_a_hole, "", NULL },
	{ "half a request", half_a_request, "", NULL },
	{ "a client that leaves at once", client_leaves_at_once, "", NULL },
	{ "cut by the server", cut_by_server, "response-cut error certain 1", "4096 of 8192 bytes" },
	{ "the last chunk is missing", last_chunk_missing, "response-cut error certain 1",
	  "the last chunk is missing" },
	{ "a download stopped by its client", cut_by_client, "", NULL },
	{ "and its FIN is not seen", cut_behind_an_unseen_fin, "", NULL },
	{ "a client that leaves, and its FIN is not seen", closed_behind_an_unseen_fin, "", NULL },
	{ "cut by a reset", cut_by_reset, "connection-reset error certain 1", NULL },
	{ "cut by holes in the capture", cut_by_holes, "", NULL },
	{ "cut by the capture's end", cut_by_capture, "", NULL },
	{ "reset at first use after 312 s", reset_after_idling, "idle-cut warning probable 1",
	  "After a silence of 300 s" },
	{ "dead at first use after 930 s", dead_after_idling, "idle-cut warning probable 1",
	  "after 930 s of silence" },
	{ "reset a minute after its first use", reset_long_after_idling,
	  "connection-reset error certain 1", NULL },
	{ "the server's keep-alive ends as the client asks", keep_alive_race, "", NULL },
	{ "the same, with a reset for the late request", keep_alive_race_with_reset, "", NULL },
	{ "not of the update path", elsewhere, "", NULL },
};

static void judges_exchanges(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct connection c = connection_at("192.0.2.50", "198.51.100.10:8530", 10);
		struct exchange x = call_on(&c, CALL);
		struct trial t;

		lasts((struct story){ &c, &x }, 60000);
		rows[i].change((struct story){ &c, &x });
		trial_begin(&t, &analyzer_broken, NULL);
		trial_exchange(&t, &x);
		trial_end(&t, 600 * MOMENT_S);
		trial_expect(&t, rows[i].name, rows[i].want, rows[i].says);
	}
}

static const struct size_row {
	const char *name;
	enum side from;
	uint16_t acked, unacked;
	unsigned tries;
	uint16_t other_acked, icmp_mtu;
	const char *want;
} size_rows[] = {
	{ "small ones pass, full ones do not", SERVER, 300, 1460, 5, 500, 0,
	  "mtu-black-hole error certain 1" },
	{ "the first answer is full-size", SERVER, 0, 1460, 5, 500, 0, "mtu-black-hole error probable 1" },
	{ "the first request is full-size", CLIENT, 0, 1460, 5, 0, 0, "mtu-black-hole error possible 1" },
	{ "ICMP names the size", CLIENT, 0, 1460, 5, 0, 1400, "mtu-black-hole error certain 1" },
	{ "full ones passed before", SERVER, 1460, 1460, 5, 500, 0, "" },
	{ "lost twice", SERVER, 300, 1460, 2, 500, 0, "" },
	{ "a small one is lost", SERVER, 0, 400, 5, 500, 0, "" },
};

static void judges_sizes(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof size_rows / sizeof *size_rows; i++) {
		const struct size_row *r = &size_rows[i];
		struct connection c = connection_at("192.0.2.50", "198.51.100.10:8530", 10);
		struct trial t;

		c.side[r->from].largest_acked = r->acked;
		c.side[r->from].largest_unacked = r->unacked;
		c.side[r->from].unacked_tries = r->tries;
		c.side[side_other(r->from)].largest_acked = r->other_acked;
		c.icmp_mtu = r->icmp_mtu;
		trial_begin(&t, &analyzer_broken, NULL);
		trial_connection(&t, &c);
		trial_end(&t, 600 * MOMENT_S);
		trial_expect(&t, r->name, r->want, NULL);
	}
}

static const struct tls_row {
	const char *name;
	bool client_last, fin, alert, established;
	enum connection_closed closed;
	const char *want;
} tls_rows[] = {
	{ "reset right after the client's record", true, false, false, true, CONNECTION_RESET_BY_SERVER,
	  "connection-reset error probable 1" },
	{ "reset after the answer", false, false, false, true, CONNECTION_RESET_BY_SERVER, "" },
	{ "reset after a FIN", true, true, false, true, CONNECTION_RESET_BY_SERVER, "" },
	{ "reset after close_notify", true, false, true, true, CONNECTION_RESET_BY_SERVER, "" },
	{ "reset in the handshake is another matter", true, false, false, false,
	  CONNECTION_RESET_BY_SERVER, "" },
	{ "reset by the client", true, false, false, true, CONNECTION_RESET_BY_CLIENT, "" },
	{ "closed", true, true, false, true, CONNECTION_FIN, "" },
};

static void judges_resets_inside_tls(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof tls_rows / sizeof *tls_rows; i++) {
		const struct tls_row *r = &tls_rows[i];
		struct connection c = connection_at("192.0.2.50", "198.51.100.10:8531", 10);
		struct tls_session s = { .conn = &c, .client_hello = true, .server_hello = true };
		struct trial t;

		s.established = r->established;
		s.application_records[CLIENT] = s.application_records[SERVER] = 3;
		s.alert_count = r->alert;
		c.closed = r->closed;
		c.reset_frame = 8;
		c.side[CLIENT].fin_frame = r->fin ? 7 : 0;
		c.side[CLIENT].last_data += r->client_last ? MOMENT_MS : -MOMENT_MS;
		trial_begin(&t, &analyzer_broken, NULL);
		trial_tls(&t, &s);
		trial_end(&t, 600 * MOMENT_S);
		trial_expect(&t, r->name, r->want, NULL);
	}
}

/* A server that takes leave (close_notify) explains a request that crosses it, and no other. */
static void judges_leaves_inside_tls(void **unused)
{
	static const struct {
		const char *name;
		uint64_t number, leave_frame;
		int64_t idle, waits;            /* ms */
		const char *want;
	} leaves[] = {
		{ "idle, and they cross", 1, 5, 3000, 50, "" },
		{ "it had left before", 1, 3, 10, 50, "" },
		{ "it leaves in answer to the request", 1, 5, 10, 50, "request-unanswered error certain 1" },
		{ "it leaves long after", 1, 5, 3000, 3000, "request-unanswered error certain 1" },
		{ "in answer to the first", 0, 5, -1, 50, "request-unanswered error certain 1" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof leaves / sizeof *leaves; i++) {
		struct connection c = connection_at("192.0.2.50", "198.51.100.10:8531", 10);
		struct tls_session s = { .conn = &c, .established = true, .reading = TLS_READ };
		struct exchange x = call_on(&c, CALL);
		struct trial t;

		s.alert_count = 1;
		s.alerts[0] = (struct tls_alert){ .by = SERVER, .frame = leaves[i].leave_frame };
		x.tls = &s;
		x.number = leaves[i].number;
		x.idle_before = leaves[i].idle < 0 ? -1 : leaves[i].idle * MOMENT_MS;
		closed_without_a_word((struct story){ &c, &x });
		lasts((struct story){ &c, &x }, leaves[i].waits);
		trial_begin(&t, &analyzer_broken, NULL);
		trial_exchange(&t, &x);
		trial_end(&t, 600 * MOMENT_S);
		trial_expect(&t, leaves[i].name, leaves[i].want, NULL);
	}
}

/* Scores and seconds differ each time; the finding is one. */
static void counts_one_cause_once(void **unused)
{
	struct trial t;

	(void)unused;
	trial_begin(&t, &analyzer_broken, NULL);
	for (int i = 0; i < 3; i++) {
		struct connection c = connection_at("192.0.2.50", "198.51.100.10:8530", 10 + 400 * i);
		struct exchange x = call_on(&c, CALL);
		struct story s = { &c, &x };

		reset_after_idling(s);
		x.idle_before += i * MOMENT_S;
		trial_exchange(&t, &x);
		by_box(s);
		x.idle_before = -1;
		c.reset_score = 60u + (unsigned)i;
		trial_exchange(&t, &x);
	}
	trial_end(&t, 6000 * MOMENT_S);
	trial_expect(&t, "three of each",
	             "connection-reset error probable 3; idle-cut warning probable 3", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_exchanges),
		cmocka_unit_test(judges_sizes),
		cmocka_unit_test(judges_resets_inside_tls),
		cmocka_unit_test(judges_leaves_inside_tls),
		cmocka_unit_test(counts_one_cause_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
