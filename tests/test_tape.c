/* tests/test_tape.c - what is told to a tape is what decoders read from it, in IPv4 and in IPv6. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/moment.h"
#include "tests/taped.h"

static const int64_t START = 1770000000 * MOMENT_S;

struct family {
	const char *us, *them, *router;
	uint8_t type, code;             /* "communication administratively prohibited" */
};

static const struct family v4 = { "192.0.2.50", "198.51.100.1", "203.0.113.9", 3, 13 };
static const struct family v6 = { "2001:db8::50", "2001:db8:1::1", "2001:db8:2::9", 1, 1 };

static struct tape_talk talk_of(const struct family *f, uint16_t port)
{
	struct tape_talk k = { .owner = 7, .us.port = port, .them.port = 8530 };

	assert_true(addr_parse(span_text(f->us), &k.us.addr));
	assert_true(addr_parse(span_text(f->them), &k.them.addr));
	return k;
}

static void opened(struct tape *t, struct tape_talk *k)
{
	tape_syn(t, k, START);
	tape_answered(t, k, START + 20 * MOMENT_MS);
}

static void established_and_ended(void **state)
{
	struct tape_talk k = talk_of(*state, 50000);
	struct tape *t = tape_new(1 << 20);
	struct taped h;

	k.mss[TAPE_US] = 1460;
	k.mss[TAPE_THEM] = 1380;
	opened(t, &k);
	assert_true(k.open);
	tape_bytes(t, &k, TAPE_US, START + 30 * MOMENT_MS, SPAN("hello"));
	tape_bytes(t, &k, TAPE_THEM, START + 50 * MOMENT_MS, SPAN("and welcome"));
	tape_end(t, &k, TAPE_THEM, START + 60 * MOMENT_MS);
	tape_end(t, &k, TAPE_US, START + 70 * MOMENT_MS);
	tape_end(t, &k, TAPE_US, START + 80 * MOMENT_MS);
	assert_false(k.open);
	taped_read(&h, t);
	taped_is_clean(&h);
	assert_int_equal(h.frames, 3 + 2 + 2 + 2 + 2);
	assert_int_equal(h.count, 1);
	assert_int_equal(h.connections[0].outcome, CONNECTION_ESTABLISHED);
	assert_int_equal(h.connections[0].closed, CONNECTION_FIN);
	assert_true(endpoint_eq(&h.connections[0].client, &k.us));
	assert_true(endpoint_eq(&h.connections[0].server, &k.them));
	assert_int_equal(h.connections[0].side[CLIENT].bytes, 5);
	assert_int_equal(h.connections[0].side[SERVER].bytes, 11);
	assert_int_equal(h.connections[0].side[CLIENT].mss, 1460);
	assert_int_equal(h.connections[0].side[SERVER].mss, 1380);
	assert_int_equal(h.connections[0].rtt, 20 * MOMENT_MS);
	assert_true(connection_closed_by(&h.connections[0], SERVER));
	tape_free(t);
}

static void refused(void **state)
{
	struct tape_talk k = talk_of(*state, 50000);
	struct tape *t = tape_new(1 << 20);
	struct taped h;

	tape_syn(t, &k, START);
	tape_refused(t, &k, START + MOMENT_MS);
	taped_read(&h, t);
	taped_is_clean(&h);
	assert_int_equal(h.count, 1);
	assert_int_equal(h.connections[0].outcome, CONNECTION_REFUSED);
	assert_true(connection_failed(&h.connections[0]));
	assert_int_equal(h.connections[0].reset_frame, 2);
	assert_int_equal(tape_lost(t), 0);
	tape_free(t);
}

/* SYNs that are told later than other packets lie where their times are. */
static void unanswered(void **state)
{
	struct tape_talk k = talk_of(*state, 50000), other = talk_of(*state, 50001);
	struct tape *t = tape_new(1 << 20);
	struct taped h;

	tape_syn(t, &k, START);
	tape_syn(t, &other, START + 5 * MOMENT_S);
	tape_refused(t, &other, START + 5 * MOMENT_S + 1);
	tape_syn(t, &k, START + MOMENT_S);
	tape_syn(t, &k, START + 3 * MOMENT_S);
	tape_syn(t, &k, START + 7 * MOMENT_S);
	taped_read(&h, t);
	taped_is_clean(&h);
	assert_int_equal(h.count, 2);
	for (size_t i = 0; i < h.count; i++) {
		const struct connection *c = &h.connections[i];
		bool const silent = c->client.port == 50000;

		assert_int_equal(c->outcome, silent ? CONNECTION_UNANSWERED : CONNECTION_REFUSED);
		assert_int_equal(c->syn_count, silent ? 4 : 1);
		assert_true(connection_failed(c));
		assert_true(!silent || c->last_time - c->first_time == 7 * MOMENT_S);
	}
	tape_free(t);
}

static void rejected(void **state)
{
	const struct family *f = *state;
	struct tape_talk k = talk_of(f, 50000);
	struct tape *t = tape_new(1 << 20);
	struct addr router;
	struct taped h;

	assert_true(addr_parse(span_text(f->router), &router));
	k.hop_limit = 3;
	k.mss[TAPE_US] = 1460;
	tape_syn(t, &k, START);
	tape_icmp(t, &k, &router, f->type, f->code, START + MOMENT_MS);
	taped_read(&h, t);
	taped_is_clean(&h);
	assert_int_equal(h.count, 1);
	assert_int_equal(h.icmp_known, 1);
	assert_int_equal(h.connections[0].outcome, CONNECTION_REJECTED);
	assert_true(addr_eq(&h.connections[0].icmp_from, &router));
	assert_int_equal(h.connections[0].icmp_type, f->type);
	assert_int_equal(h.connections[0].icmp_code, f->code);
	assert_int_equal(h.connections[0].side[CLIENT].ttl, 3);
	tape_free(t);
}

static void reset(void **state)
{
	struct tape_talk k = talk_of(*state, 50000);
	struct tape *t = tape_new(1 << 20);
	struct taped h;

	opened(t, &k);
	tape_bytes(t, &k, TAPE_US, START + 30 * MOMENT_MS, SPAN("hello"));
	tape_reset(t, &k, TAPE_THEM, START + 60 * MOMENT_MS);
	tape_end(t, &k, TAPE_US, START + 70 * MOMENT_MS);
	tape_bytes(t, &k, TAPE_US, START + 70 * MOMENT_MS, SPAN("too late"));
	taped_read(&h, t);
	taped_is_clean(&h);
	assert_int_equal(h.count, 1);
	assert_int_equal(h.connections[0].closed, CONNECTION_RESET_BY_SERVER);
	assert_int_equal(h.connections[0].reset_score, 0);
	assert_int_equal(h.connections[0].side[CLIENT].bytes, 5);
	assert_int_equal(tape_lost(t), 1);
	tape_free(t);
}

static const char request[] = "GET /selfupdate/wuident.cab HTTP/1.1\r\nHost: wsus01:8530\r\n\r\n";
static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n";

/* An exchange, each side's bytes told in pieces of such a size. */
static void tell_exchange(struct tape *t, struct tape_talk *k, size_t piece, int64_t gap)
{
	static const uint8_t body[5000];
	struct span parts[] = { span_text(request), span_text(answer), span_of(body, sizeof body) };
	int64_t now = START + MOMENT_S;

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		for (; parts[i].len; now += gap)
			tape_bytes(t, k, i ? TAPE_THEM : TAPE_US, now, span_take(&parts[i], piece));
		now += 10 * MOMENT_MS;
	}
}

static void whole_exchanges(void **state)
{
	static const size_t pieces[] = { 1, 7, 1400, 100000 };
	static const int64_t gaps[] = { 0, 100, 2 * MOMENT_MS };

	for (size_t i = 0; i < 4 * 3; i++) {
		struct tape_talk k = talk_of(*state, 50000);
		struct tape *t = tape_new(8 << 20);
		struct taped h;

		opened(t, &k);
		tell_exchange(t, &k, pieces[i / 3], gaps[i % 3]);
		tape_end(t, &k, TAPE_US, START + 60 * MOMENT_S);
		taped_read(&h, t);
		taped_is_clean(&h);
		assert_int_equal(h.exchange_count, 1);
		assert_string_equal(h.exchanges[0].method, "GET");
		assert_string_equal(h.exchanges[0].target, "/selfupdate/wuident.cab");
		assert_int_equal(h.exchanges[0].status, 200);
		assert_true(h.exchanges[0].complete);
		assert_int_equal(h.exchanges[0].response_bytes, 5000);
		assert_int_equal(h.connections[0].side[CLIENT].bytes, sizeof request - 1);
		assert_int_equal(h.connections[0].side[SERVER].bytes, sizeof answer - 1 + 5000);
		tape_free(t);
	}
}

/* One burst is as many segments as its bytes fill, and what acknowledges them. */
static void bursts_are_few_packets(void **state)
{
	static const uint8_t bytes[3000];
	struct tape_talk k = talk_of(*state, 50000), other = talk_of(*state, 50001);
	struct tape *t = tape_new(1 << 20);
	struct taped h;

	opened(t, &k);
	for (size_t i = 0; i < 3000; i += 10)
		tape_bytes(t, &k, TAPE_THEM, START + MOMENT_S + (int64_t)i * 100, span_of(bytes, 10));
	taped_read(&h, t);
	taped_is_clean(&h);
	assert_int_equal(h.frames, 3 + 2 * 3);
	assert_int_equal(h.connections[0].side[SERVER].bytes, 3000);
	assert_int_equal(h.connections[0].side[SERVER].largest_acked, 1400);

	/* What lies between, or comes later, is a packet of its own. */
	opened(t, &other);
	tape_bytes(t, &k, TAPE_THEM, START + 2 * MOMENT_S, span_of(bytes, 10));
	tape_bytes(t, &other, TAPE_THEM, START + 2 * MOMENT_S, span_of(bytes, 10));
	tape_bytes(t, &k, TAPE_THEM, START + 2 * MOMENT_S, span_of(bytes, 10));
	tape_bytes(t, &k, TAPE_US, START + 2 * MOMENT_S, span_of(bytes, 10));
	tape_bytes(t, &k, TAPE_US, START + 2 * MOMENT_S + 2 * MOMENT_MS, span_of(bytes, 10));
	taped_read(&h, t);
	taped_is_clean(&h);
	assert_int_equal(h.frames, 3 + 2 * 3 + 3 + 2 * 5);
	tape_free(t);
}

static void segments_fit(void **state)
{
	static const uint8_t bytes[100000];
	static const struct {
		uint16_t ours, theirs;
		unsigned segments, largest;
	} rows[] = {
		{ 0, 0, 72, 1400 },
		{ 1000, 0, 100, 1000 },
		{ 1000, 500, 200, 500 },
		{ 0, 536, 187, 536 },
		{ 1460, 65535, 69, 1460 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tape_talk k = talk_of(*state, 50000);
		struct tape *t = tape_new(1 << 20);
		struct taped h;

		k.mss[TAPE_US] = rows[i].ours;
		k.mss[TAPE_THEM] = rows[i].theirs;
		opened(t, &k);
		tape_bytes(t, &k, TAPE_US, START + MOMENT_S, span_of(bytes, sizeof bytes));
		taped_read(&h, t);
		taped_is_clean(&h);
		assert_int_equal(h.frames, 3 + rows[i].segments + 1);
		assert_int_equal(h.connections[0].side[CLIENT].largest_acked, rows[i].largest);
		tape_free(t);
	}
}

/* Behind the ceiling bytes are missing, and nothing else is. */
static void a_ceiling_is_kept(void **state)
{
	static const uint8_t bytes[1 << 16];
	struct tape_talk k = talk_of(*state, 50000);
	struct tape *t = tape_new(1 << 16);
	struct frame frame;
	struct taped h;
	size_t at = 0, kept = 0, whole = 0;
	unsigned owner;

	opened(t, &k);
	for (int64_t i = 0; i < 100; i++)
		tape_bytes(t, &k, TAPE_THEM, START + MOMENT_S + i, span_of(bytes, sizeof bytes));
	tape_end(t, &k, TAPE_THEM, START + 2 * MOMENT_S);
	tape_end(t, &k, TAPE_US, START + 2 * MOMENT_S);
	while (tape_next(t, &at, &frame, &owner)) {
		assert_int_equal(owner, 7);
		kept += frame.bytes.len;
		whole += frame.wire_len;
	}
	assert_true(kept < 2 << 16);
	assert_true(whole > 100 << 16);
	assert_true(tape_lost(t) > 0);
	taped_read(&h, t);
	assert_int_equal(h.count, 1);
	assert_int_equal(h.connections[0].closed, CONNECTION_FIN);
	assert_int_equal(h.connections[0].side[SERVER].bytes, 100 << 16);
	assert_int_equal(h.connections[0].side[SERVER].lost_bytes, 0);
	assert_int_equal(h.connections[0].side[SERVER].cut_packets, tape_lost(t));
	tape_free(t);
}

/* A port that is used again begins another connection. */
static void ports_are_used_again(void **state)
{
	struct tape *t = tape_new(1 << 20);
	struct taped h;

	for (unsigned i = 0; i < 3; i++) {
		struct tape_talk k = talk_of(*state, 50000);

		opened(t, &k);
		tape_end(t, &k, TAPE_US, START + MOMENT_S);
		tape_end(t, &k, TAPE_THEM, START + MOMENT_S);
	}
	taped_read(&h, t);
	assert_int_equal(h.count, 3);
	tape_free(t);
}

/* The same question twice, at one moment, is two packets. */
static void datagrams(void **state)
{
	static const uint8_t large[65536];
	struct tape_talk k = talk_of(*state, 50000);
	struct tape *t = tape_new(1 << 20);
	struct taped h;

	tape_datagram(t, 1, &k.us, &k.them, START, SPAN("question"));
	tape_datagram(t, 1, &k.them, &k.us, START, SPAN("an answer of odd length"));
	tape_datagram(t, 1, &k.us, &k.them, START, span_of(large, 60000));
	tape_datagram(t, 1, &k.us, &k.them, START, span_of(large, sizeof large));
	taped_read(&h, t);
	assert_int_equal(h.datagrams, 3);
	assert_int_equal(tape_lost(t), 1);
	tape_free(t);
}

static void secrets_are_lines(void **state)
{
	struct tape *t = tape_new(0);

	(void)state;
	assert_int_equal(tape_secrets(t).len, 0);
	tape_secret(t, SPAN("CLIENT_RANDOM 01 02"));
	tape_secret(t, SPAN("CLIENT_RANDOM 03 04\n"));
	tape_secret(t, SPAN(""));
	assert_true(span_eq(tape_secrets(t), SPAN("CLIENT_RANDOM 01 02\nCLIENT_RANDOM 03 04\n")));
	tape_free(t);
}

/* Who speaks before an answer, after an end, or between families, is not heard. */
static void nonsense_is_left_out(void **state)
{
	struct tape_talk k = talk_of(*state, 50000), mixed = talk_of(&v4, 1);
	struct tape *t = tape_new(1 << 20);
	struct taped h;

	mixed.them = talk_of(&v6, 1).them;
	tape_syn(t, &mixed, START);
	tape_answered(t, &mixed, START);
	tape_icmp(t, &mixed, &k.us.addr, 3, 1, START);
	tape_bytes(t, &k, TAPE_US, START, SPAN("early"));
	tape_end(t, &k, TAPE_US, START);
	tape_reset(t, &k, TAPE_US, START);
	taped_read(&h, t);
	assert_int_equal(h.frames, 0);
	assert_int_equal(tape_lost(t), 4);

	tape_answered(t, &k, START);            /* its SYN is told with it */
	tape_answered(t, &k, START);
	tape_refused(t, &k, START);
	tape_syn(t, &k, START);
	taped_read(&h, t);
	taped_is_clean(&h);
	assert_int_equal(h.frames, 3);
	tape_free(t);

	opened(NULL, &k);
	tape_bytes(NULL, &k, TAPE_US, START, SPAN("nowhere"));
	tape_end(NULL, &k, TAPE_US, START);
	tape_reset(NULL, &k, TAPE_US, START);
	tape_datagram(NULL, 1, &k.us, &k.them, START, SPAN("nowhere"));
	tape_secret(NULL, SPAN("none"));
	tape_free(NULL);
}

#define BOTH(test)                                                              \
	{ .name = #test " (IPv4)", .test_func = test, .initial_state = (void *)&v4 }, \
	{ .name = #test " (IPv6)", .test_func = test, .initial_state = (void *)&v6 }

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(established_and_ended),
		BOTH(refused),
		BOTH(unanswered),
		BOTH(rejected),
		BOTH(reset),
		BOTH(whole_exchanges),
		BOTH(bursts_are_few_packets),
		BOTH(segments_fit),
		BOTH(a_ceiling_is_kept),
		BOTH(ports_are_used_again),
		BOTH(datagrams),
		BOTH(nonsense_is_left_out),
		cmocka_unit_test(secrets_are_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
