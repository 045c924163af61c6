/* tests/test_twopoint.c - two captures made up packet by packet: what is lost, reset, changed between. */
#include "twopoint/trouble.h"

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

enum { ROOM = 8 << 20, HEADER_MAX = 60, NEAR_TTL = 128, HOPS = 3 };

#define START  INT64_C(1700000000000000000)
#define DELAY  (2 * MOMENT_MS)

static const uint8_t client_addr[] = { 192, 0, 2, 50 }, server_addr[] = { 198, 51, 100, 10 };
static const uint8_t options_of_syn[] = { 2, 4, 5, 0xb4, 1, 3, 3, 8, 4, 2, 1,
                                         1 };       /* MSS 1460, scale 8, SACK */

/* What both points see, unless a case says otherwise. */
struct world {
	struct twopoint t;
	struct troubles all;
	struct blind blind[2];
	uint64_t frames[2];
	int64_t shift;                  /* of FAR's clock */
	double drift;
	uint16_t ids[2];
	struct endpoint client[2], server[2];   /* as each place has them */
	uint32_t isn_shift;             /* FAR's numbers of the client are so much larger */
	const uint8_t *options;         /* of SYNs, at FAR */
};

/* One packet: where it is seen, and what is in it. */
struct sent {
	enum side from;
	int64_t at;                     /* after START, at its origin */
	uint8_t flags;
	uint32_t seq, ack;
	const char *says, *says_far;    /* payload; NULL: none, the same */
	bool not_near, not_far;
	bool plain_id;                  /* id 0 */
	uint8_t ttl;                    /* 0: as that side's */
};

static struct world *world_new(void)
{
	struct world *w = calloc(1, sizeof *w);

	assert_non_null(w);
	for (unsigned at = NEAR; at <= FAR; at++) {
		point_init(&w->t.at[at], ROOM);
		w->client[at] = (struct endpoint){ addr_v4(client_addr), 50000 };
		w->server[at] = (struct endpoint){ addr_v4(server_addr), 8530 };
		w->blind[at] = (struct blind){ .name = at == NEAR ? "near" : "far", .ended = MOMENT_NONE };
	}
	w->options = options_of_syn;
	return w;
}

static void world_free(struct world *w)
{
	point_release(&w->t.at[NEAR]);
	point_release(&w->t.at[FAR]);
	free(w);
}

static void see(struct world *w, const struct sent *s, enum place at, uint16_t id)
{
	uint8_t header[HEADER_MAX] = { [13] = s->flags };
	const char *says = at == FAR && s->says_far ? s->says_far : s->says;
	bool origin = (s->from == CLIENT) == (at == NEAR), syn = s->flags & TCP_SYN;
	int64_t time = START + s->at + (origin ? 0 : DELAY);
	struct packet p = { .kind = PACKET_TCP, .frame = ++w->frames[at], .ip_id = s->plain_id ? 0 : id };

	memcpy(header + 20, at == FAR ? w->options : options_of_syn, sizeof options_of_syn);
	p.ttl = (uint8_t)((s->ttl ? s->ttl : NEAR_TTL) - (origin ? 0 : HOPS));
	p.time = at == NEAR ? time : time + w->shift + (int64_t)((double)(time - START) * w->drift);
	p.source = s->from == CLIENT ? w->client[at] : w->server[at];
	p.target = s->from == CLIENT ? w->server[at] : w->client[at];
	p.tcp = (struct tcp_segment){
		.seq = s->seq + (at == FAR && s->from == CLIENT ? w->isn_shift : 0),
		.ack = s->ack + (at == FAR && s->from == SERVER && s->ack ? w->isn_shift : 0),
		.flags = s->flags, .window = 8192, .len = says ? (uint32_t)strlen(says) : 0,
		.payload = says ? span_text(says) : (struct span){ NULL, 0 },
		.header = span_of(header, syn ? 20 + sizeof options_of_syn : 20),
	};
	point_packet(&w->t.at[at], &p);
}

static void pass(struct world *w, struct sent s)
{
	uint16_t id = ++w->ids[s.from];

	if (!s.not_near)
		see(w, &s, NEAR, id);
	if (!s.not_far)
		see(w, &s, FAR, id);
}

/* A handshake, and one request with its answer; starts at `at`. */
static void visit(struct world *w, int64_t at, uint32_t isn)
{
	pass(w, (struct sent){ .from = CLIENT, .at = at, .flags = TCP_SYN, .seq = isn });
	pass(w, (struct sent){ .from = SERVER, .at = at + DELAY, .flags = TCP_SYN | TCP_ACK, .seq = isn * 3,
	                       .ack = isn + 1 });
	pass(w, (struct sent){ .from = CLIENT, .at = at + 2 * DELAY, .flags = TCP_ACK, .seq = isn + 1,
	                       .ack = isn * 3 + 1 });
	pass(w, (struct sent){ .from = CLIENT, .at = at + 2 * DELAY, .flags = TCP_ACK | TCP_PSH, .seq =
	                      isn + 1,
	                       .ack = isn * 3 + 1, .says = "GET /selfupdate/wuident.cab HTTP/1.1" });
	pass(w, (struct sent){ .from = SERVER, .at = at + 3 * DELAY, .flags = TCP_ACK | TCP_PSH, .seq =
	                      isn * 3 + 1,
	                       .ack = isn + 37, .says = "HTTP/1.1 200 OK and all the rest of it" });
	pass(w, (struct sent){ .from = CLIENT, .at = at + 4 * DELAY, .flags = TCP_ACK, .seq = isn + 37,
	                       .ack = isn * 3 + 39 });
}

static void judge(struct world *w)
{
	assert_true(twopoint_join(&w->t));
	assert_true(troubles_find(&w->all, &w->t, w->blind));
}

static const struct trouble *find(const struct world *w, enum trouble_kind kind)
{
	for (size_t i = 0; i < w->all.count; i++)
		if (w->all.list[i].kind == kind)
			return &w->all.list[i];
	return NULL;
}

static void others(struct world *w, unsigned number)
{
	w->client[NEAR].port = w->client[FAR].port = (uint16_t)(50000 + number);
}

static void test_health_is_quiet(void **state)
{
	struct world *w = world_new();

	(void)state;
	visit(w, 0, 1000);
	others(w, 1);
	visit(w, MOMENT_S, 7000);
	judge(w);
	assert_int_equal(w->t.pairs, 2);
	assert_int_equal(w->t.mates, 12);
	assert_int_equal(w->all.count, 0);
	world_free(w);
}

/* The way is alike there and back: the clocks' difference is told exactly, half of both is its doubt. */
static void test_clocks(void **state)
{
	struct world *w = world_new();

	(void)state;
	w->shift = -3600 * MOMENT_S - 123456789;
	visit(w, 0, 1000);
	judge(w);
	assert_true(w->t.clocks.known);
	assert_true(fabs(w->t.clocks.offset - (double)w->shift) < 1e3);
	assert_true(fabs(w->t.clocks.uncertainty - (double)DELAY) < 1e3);
	assert_int_equal(w->t.delays[0].median / 1000, DELAY / 1000);
	assert_int_equal(w->t.delays[1].median / 1000, DELAY / 1000);
	assert_int_equal(w->all.count, 0);
	world_free(w);
}

static void test_drift(void **state)
{
	struct world *w = world_new();

	(void)state;
	w->drift = 200e-6;
	for (unsigned i = 0; i < 60; i++) {
		others(w, i);
		visit(w, i * MOMENT_S, 1000 + i * 5000);
	}
	judge(w);
	assert_true(fabs(w->t.clocks.drift - 200e-6) < 1e-6);
	assert_int_equal(w->all.count, 0);
	world_free(w);
}

static void test_translation_and_new_numbers(void **state)
{
	static const uint8_t other[] = { 203, 0, 113, 7 };
	struct world *w = world_new();

	(void)state;
	w->client[FAR] = (struct endpoint){ addr_v4(other), 1024 };
	visit(w, 0, 1000);
	judge(w);
	assert_int_equal(w->t.pairs, 1);
	assert_non_null(find(w, TROUBLE_TRANSLATED));
	assert_int_equal(w->all.count, 1);
	world_free(w);

	/* A firewall that draws sequence numbers anew leaves the id and all else. */
	w = world_new();
	w->isn_shift = 0xdeadbeef;
	w->client[FAR] = (struct endpoint){ addr_v4(other), 1024 };
	visit(w, 0, 1000);
	judge(w);
	assert_int_equal(w->t.pairs, 1);
	assert_int_equal(w->t.mates, 6);
	assert_non_null(find(w, TROUBLE_REWRITTEN));
	assert_null(find(w, TROUBLE_LOSS));
	world_free(w);
}

static void test_dropped(void **state)
{
	struct world *w = world_new();
	const struct trouble *r;
	char verdict[VERDICT_TEXT];

	(void)state;
	w->server[NEAR].port = w->server[FAR].port = 80;
	visit(w, 0, 1000);
	w->server[NEAR].port = w->server[FAR].port = 8530;
	for (unsigned i = 0; i < 3; i++)
		pass(w, (struct sent){ .from = CLIENT, .at = (1 + i) * MOMENT_S, .flags = TCP_SYN, .seq = 5,
		                       .not_far = true });
	w->server[NEAR].port = w->server[FAR].port = 80;
	others(w, 2);
	visit(w, 9 * MOMENT_S, 9000);
	judge(w);
	r = find(w, TROUBLE_DROPPED);
	assert_non_null(r);
	assert_int_equal(r->count, 3);
	assert_int_equal(r->server.port, 8530);
	assert_int_equal(r->frame_count[NEAR], 3);
	assert_int_equal(w->all.count, 1);
	assert_non_null(strstr(troubles_verdict(&w->all, &w->t, w->blind, verdict), "port 8530: 3 of 3 "
	                       "SYNs of 192.0.2.50"));
	world_free(w);
}

/* The first copy is lost, the second arrives: one loss, whether ids tell copies apart or clocks do. */
static void test_retransmission(void **state)
{
	(void)state;
	for (unsigned plain = 0; plain < 2; plain++) {
		struct world *w = world_new();
		const struct trouble *r;
		struct sent s = { .from = SERVER, .at = MOMENT_S, .flags = TCP_ACK, .seq = 3039, .ack = 1037,
			          .says = "more of it", .not_near = true, .plain_id = plain };

		visit(w, 0, 1000);
		pass(w, s);
		s.not_near = false;
		s.at += 300 * MOMENT_MS;
		pass(w, s);
		pass(w, (struct sent){ .from = CLIENT, .at = 2 * MOMENT_S, .flags = TCP_ACK, .seq = 1037,
		                      .ack = 3049 });
		judge(w);
		r = find(w, TROUBLE_LOSS);
		assert_non_null(r);
		assert_int_equal(r->count, 1);
		assert_int_equal(r->frame_count[FAR], 1);
		assert_int_equal(r->frames[FAR][0], 7);
		world_free(w);
	}
}

/* Cards cut and join segments: the same bytes in other pieces are not lost. */
static void test_other_pieces(void **state)
{
	struct world *w = world_new();

	(void)state;
	visit(w, 0, 1000);
	pass(w, (struct sent){ .from = SERVER, .at = MOMENT_S, .flags = TCP_ACK, .seq = 3039, .ack = 1037,
	                       .says = "onetwo", .not_near = true });
	pass(w, (struct sent){ .from = SERVER, .at = MOMENT_S, .flags = TCP_ACK, .seq = 3039, .ack = 1037,
	                      .says = "one",
	                       .not_far = true });
	pass(w, (struct sent){ .from = SERVER, .at = MOMENT_S, .flags = TCP_ACK, .seq = 3042, .ack = 1037,
	                      .says = "two",
	                       .not_far = true });
	pass(w, (struct sent){ .from = CLIENT, .at = 2 * MOMENT_S, .flags = TCP_ACK, .seq = 1037, .ack =
	                      3045 });
	judge(w);
	assert_int_equal(w->all.count, 0);
	world_free(w);
}

/* Who acknowledges it has it: the capture missed it, nobody lost it. */
static void test_capture_missed_it(void **state)
{
	struct world *w = world_new();

	(void)state;
	visit(w, 0, 1000);
	pass(w, (struct sent){ .from = CLIENT, .at = MOMENT_S, .flags = TCP_ACK, .seq = 1037, .ack = 3039,
	                      .says = "next",
	                       .not_far = true });
	pass(w, (struct sent){ .from = SERVER, .at = MOMENT_S + 2 * DELAY, .flags = TCP_ACK, .seq = 3039,
	                      .ack = 1041 });
	judge(w);
	assert_int_equal(w->all.count, 0);
	assert_int_equal(w->blind[FAR].missed, 1);
	world_free(w);
}

static void test_who_resets(void **state)
{
	struct world *w = world_new();
	const struct trouble *r;

	(void)state;
	visit(w, 0, 1000);
	pass(w, (struct sent){ .from = SERVER, .at = 20 * MOMENT_MS, .flags = TCP_RST, .seq = 3039,
	                      .not_far = true,
	                       .ttl = 64 });
	others(w, 1);
	visit(w, MOMENT_S, 9000);
	pass(w, (struct sent){ .from = SERVER, .at = MOMENT_S + 20 * MOMENT_MS, .flags = TCP_RST, .seq =
	                      27039 });
	others(w, 2);
	visit(w, 2 * MOMENT_S, 19000);
	judge(w);
	r = find(w, TROUBLE_RESET);
	assert_non_null(r);
	assert_int_equal(r->count, 1);
	assert_int_equal(r->frames[NEAR][0], 7);
	assert_int_equal(r->frame_count[FAR], 0);
	r = find(w, TROUBLE_RESET_BY_END);
	assert_non_null(r);
	assert_int_equal(r->count, 1);
	world_free(w);
}

static void test_changes(void **state)
{
	static const uint8_t no_sack[] = { 2, 4, 4, 0xb0, 1, 3, 3, 8, 1, 1, 1, 1 };       /* MSS 1200 */
	struct world *w = world_new();
	const struct trouble *r;

	(void)state;
	w->options = no_sack;
	visit(w, 0, 1000);
	pass(w, (struct sent){ .from = CLIENT, .at = MOMENT_S, .flags = TCP_ACK, .seq = 1037, .ack = 3039,
	                       .says = "Range: bytes=0-1", .says_far = "XXXXX: bytes=0-1" });
	judge(w);
	r = find(w, TROUBLE_REWRITTEN);
	assert_non_null(r);
	assert_non_null(strstr(r->text, "MSS towards the server: 1460 becomes 1200 in 1 of 1"));
	r = find(w, TROUBLE_OPTIONS_LOST);
	assert_non_null(r);
	assert_non_null(strstr(r->text, "SACK permitted towards the server: removed"));
	r = find(w, TROUBLE_PAYLOAD);
	assert_non_null(r);
	assert_int_equal(r->frames[NEAR][0], 7);
	world_free(w);
}

static void test_swapped(void **state)
{
	struct world *w = world_new();
	struct point near;

	(void)state;
	visit(w, 0, 1000);
	near = w->t.at[NEAR];
	w->t.at[NEAR] = w->t.at[FAR];
	w->t.at[FAR] = near;
	judge(w);
	assert_true(w->t.swapped);
	assert_int_equal(w->all.count, 0);
	world_free(w);
}

/* The same ends, other numbers, other words: something between stands in for the server. */
static void test_stand_in(void **state)
{
	struct world *w = world_new();
	struct sent near = { .from = CLIENT, .flags = TCP_SYN, .seq = 1000, .not_far = true };
	struct sent far = { .from = CLIENT, .flags = TCP_SYN, .seq = 770000, .not_near = true, .ttl = 64,
	                   .plain_id = true };

	(void)state;
	others(w, 9);
	visit(w, 0, 55000);
	others(w, 1);
	pass(w, near);
	pass(w, (struct sent){ .from = SERVER, .at = 1, .flags = TCP_SYN | TCP_ACK, .seq = 1, .ack = 1001,
	                      .not_far = true });
	pass(w, far);
	pass(w, (struct sent){ .from = SERVER, .at = 1, .flags = TCP_SYN | TCP_ACK, .seq = 2, .ack = 770001,
	                       .not_near = true });
	judge(w);
	assert_int_equal(w->t.relays, 1);
	assert_non_null(find(w, TROUBLE_ENDED));
	assert_null(find(w, TROUBLE_DROPPED));
	world_free(w);
}

static void test_strangers_share_nothing(void **state)
{
	struct world *w = world_new();
	static const uint8_t other[] = { 203, 0, 113, 7 };

	(void)state;
	w->client[FAR] = (struct endpoint){ addr_v4(other), 1024 };
	pass(w, (struct sent){ .from = CLIENT, .flags = TCP_SYN, .seq = 1000, .not_far = true });
	pass(w, (struct sent){ .from = CLIENT, .flags = TCP_SYN, .seq = 4711, .not_near = true });
	judge(w);
	assert_int_equal(w->t.pairs + w->t.relays, 0);
	world_free(w);
}

/* Nothing with a payload at one point: there is nothing to know packets by, and nobody is paired. */
static void test_bare_side(void **state)
{
	struct world *w = world_new();
	static const uint8_t other[] = { 203, 0, 113, 7 };

	(void)state;
	w->client[FAR] = (struct endpoint){ addr_v4(other), 1024 };
	pass(w, (struct sent){ .from = CLIENT, .flags = TCP_SYN, .seq = 1000, .not_far = true });
	pass(w, (struct sent){ .from = CLIENT, .at = DELAY, .flags = TCP_ACK | TCP_PSH, .seq = 5000,
	                       .says = "GET /selfupdate/wuident.cab HTTP/1.1", .not_near = true });
	judge(w);
	assert_int_equal(w->t.pairs, 0);
	world_free(w);
}

/* Options that contradict themselves end the list, and nothing is read beyond. */
static void test_broken_options(void **state)
{
	static const uint8_t broken[][sizeof options_of_syn] = {
		{ 2, 0 }, { 2, 1 }, { 2, 255 }, { 8, 10, 1 }, { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2 }, { 3,
		                                                                                       2,
		                                                                                       4, 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		struct world *w = world_new();

		w->options = broken[i];
		visit(w, 0, 1000);
		judge(w);
		assert_int_equal(w->t.pairs, 1);
		world_free(w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_health_is_quiet),
		cmocka_unit_test(test_clocks),
		cmocka_unit_test(test_drift),
		cmocka_unit_test(test_translation_and_new_numbers),
		cmocka_unit_test(test_dropped),
		cmocka_unit_test(test_retransmission),
		cmocka_unit_test(test_other_pieces),
		cmocka_unit_test(test_capture_missed_it),
		cmocka_unit_test(test_who_resets),
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_swapped),
		cmocka_unit_test(test_stand_in),
		cmocka_unit_test(test_strangers_share_nothing),
		cmocka_unit_test(test_bare_side),
		cmocka_unit_test(test_broken_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
