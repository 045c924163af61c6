/* tests/test_track.c - conversations as text, and what the tracker makes of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "decoders/track.h"
#include "tests/segments.h"
#include "tests/stack_fake.h"

/* Begin and end of an ordinary connection. */
#define SHAKE "> S 0; < SA 0 1; > A 1 1;"

static void side_text(struct recorder *r, const struct connection *c, enum side s)
{
	const struct connection_side *side = &c->side[s];
	const struct {
		const char *name;
		uint64_t value;
	} counts[] = {
		{ "", side->bytes },
		{ " lost=", side->lost_bytes },
		{ " again=", side->retransmissions },
		{ " late=", side->out_of_order },
		{ " conflicts=", side->conflicts },
		{ " cut=", side->cut_packets },
	};

	if (!side->packets)
		return;
	recorder_add(r, " %c", side_letter(s));
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		if (counts[i].value || !i)
			recorder_add(r, "%s%llu", counts[i].name, (unsigned long long)counts[i].value);
	if (side->unacked_tries)
		recorder_add(r, " acked=%u unacked=%u*%u", side->largest_acked, side->largest_unacked,
		             side->unacked_tries);
}

static void connection_text(struct recorder *r, const struct connection *c)
{
	recorder_add(r, " [%s %s", connection_outcome_name(c->outcome),
	             connection_closed_name(c->closed));
	if (c->syn_count)
		recorder_add(r, " syn=%u", c->syn_count);
	side_text(r, c, CLIENT);
	side_text(r, c, SERVER);
	if (c->joined)
		recorder_add(r, " joined");
	if (c->one_sided)
		recorder_add(r, " one-sided");
	if (c->idle_before_end >= MOMENT_S)
		recorder_add(r, " idle=%llds", (long long)(c->idle_before_end / MOMENT_S));
	if (c->reset_score)
		recorder_add(r, " score=%u", c->reset_score);
	recorder_add(r, "]\n");
	r->copy = *c;
}

static void take(void *self, const struct fact *fact)
{
	struct recorder *r = self;

	switch (fact->kind) {
	case FACT_CONNECTION:
		connection_text(r, fact->connection);
		break;
	case FACT_ICMP:
		recorder_add(r, "icmp %s\n", fact->icmp->conn ? "known" : "unknown");
		break;
	case FACT_LOOKUP:
	case FACT_LEASE:
		break;
	case FACT_EXCHANGE:
	case FACT_TLS:
		fail();
	}
}

struct bench {                          /* a tracker and what it told */
	struct recorder recorder;
	struct limits limits;
	struct budget budget;
	struct stack_context context;
	struct track *track;
	struct segments segments;
};

static struct bench *bench_new(size_t memory)
{
	struct bench *b = calloc(1, sizeof *b);

	assert_non_null(b);
	b->recorder.sink = (struct fact_sink){ &b->recorder, take };
	b->budget.ceiling = memory;
	b->context = (struct stack_context){
		.sink = &b->recorder.sink, .limits = &b->limits, .budget = &b->budget,
	};
	b->track = track_new(&b->context);
	assert_non_null(b->track);
	return b;
}

static void bench_free(struct bench *b)
{
	track_free(b->track);
	assert_int_equal(b->recorder.stacks, 0);
	assert_int_equal(b->budget.used, 0);
	assert_int_equal(b->limits.count[LIMIT_MEMORY], 0);
	free(b);
}

static void bench_play(struct bench *b)
{
	struct packet packet;
	struct icmp_error error;

	for (;;) {
		switch (segments_next(&b->segments, &packet, &error)) {
		case SEGMENT_TCP:
			track_packet(b->track, &packet);
			break;
		case SEGMENT_ICMP:
			track_icmp(b->track, &error);
			break;
		case SEGMENTS_OVER:
			return;
		}
	}
}

static struct bench *bench_run(const char *script)
{
	struct bench *b = bench_new(64 << 20);

	segments_init(&b->segments, script);
	bench_play(b);
	track_end(b->track);
	return b;
}

struct row {
	const char *name, *script, *want;
	uint64_t skippable;             /* of the server's bytes */
};

static const struct row rows[] = {
#include "tests/track_rows.def"
};

static void told_as_due(void **state)
{
	const struct row *row = *state;
	static const uint32_t firsts[][2] = {
		{ 1000, 5000 },
		{ UINT32_MAX - 2, UINT32_MAX - 50 },
		{ 0x7ffffffd, 0 },
	};

	for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++) {
		struct bench *b = bench_new(64 << 20);

		segments_init(&b->segments, row->script);
		memcpy(b->segments.first, firsts[i], sizeof firsts[i]);
		b->recorder.skippable[SERVER] = row->skippable;
		bench_play(b);
		track_end(b->track);
		assert_string_equal(b->recorder.text, row->want);
		bench_free(b);
	}
}

/* A sequence that is the same everywhere. */
static uint32_t next_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (uint32_t)(*seed >> 33);
}

enum { STREAM_LEN = 3000, CUTS_MAX = 2 * STREAM_LEN, DISORDER_WINDOW = 8 };

struct cut {
	uint32_t at, len;
};

/* The stream in random pieces, some twice, none farther from its place than the window. */
static size_t cut_up(struct cut *cuts, uint64_t *seed, uint32_t longest)
{
	size_t count = 0;

	for (uint32_t at = 0; at < STREAM_LEN;) {
		uint32_t len = 1 + next_random(seed) % longest;

		len = len < STREAM_LEN - at ? len : STREAM_LEN - at;
		cuts[count++] = (struct cut){ at, len };
		if (next_random(seed) % 4 == 0)
			cuts[count++] = (struct cut){ at, len };
		at += len;
	}
	for (size_t i = 0; i + 1 < count; i++) {
		size_t room = count - i < DISORDER_WINDOW ? count - i : DISORDER_WINDOW;
		size_t with = i + next_random(seed) % room;
		struct cut const held = cuts[i];

		cuts[i] = cuts[with];
		cuts[with] = held;
	}
	return count;
}

static void play_script(struct bench *b, const char *script)
{
	b->segments.script = script;
	bench_play(b);
}

static void any_cutting_and_order_tells_the_same(void **state)
{
	static struct cut cuts[CUTS_MAX];
	char want[STREAM_LEN + 32];
	uint64_t seed = 1;

	(void)state;
	memcpy(want, "C\"", 2);
	for (uint32_t i = 0; i < STREAM_LEN; i++)
		want[2 + i] = (char)segments_pattern(i);
	snprintf(want + 2 + STREAM_LEN, sizeof want - 2 - STREAM_LEN, "\"C.S. fin [");
	for (uint32_t longest = 1; longest <= 1460; longest = longest * 2 + 1) {
		struct bench *b = bench_new(64 << 20);
		size_t count = cut_up(cuts, &seed, longest);
		char line[128];

		segments_init(&b->segments, SHAKE);
		b->segments.first[CLIENT] = UINT32_MAX - next_random(&seed) % STREAM_LEN;
		bench_play(b);
		for (size_t i = 0; i < count; i++) {
			snprintf(line, sizeof line, "> A %u 1 *%u; +10us", cuts[i].at + 1, cuts[i].len);
			play_script(b, line);
		}
		play_script(b, "< A 1 3001; > FA 3001 1; < FA 1 3002; > A 3002 2");
		track_end(b->track);
		assert_int_equal(strncmp(b->recorder.text, want, strlen(want)), 0);
		assert_int_equal(b->recorder.copy.side[CLIENT].bytes, STREAM_LEN);
		assert_int_equal(b->recorder.copy.side[CLIENT].lost_bytes, 0);
		assert_int_equal(b->recorder.copy.side[CLIENT].conflicts, 0);
		bench_free(b);
	}
}

static void the_fact_names_frames_and_times(void **state)
{
	struct bench *b = bench_run("> S 0 mss=1460; +8ms; < SA 0 1 mss=1380 ttl=57; +2ms; > A 1 1;"
	                            "> A 1 1 \"GET /selfupdate/x\"; +5ms; < FA 1 18; > FA 18 2; < A 2 19");
	const struct connection *c = &b->recorder.copy;

	(void)state;
	assert_int_equal(c->id, 0);
	assert_int_equal(c->client.port, 50000);
	assert_int_equal(c->server.port, 8530);
	assert_true(c->client_by_syn);
	assert_int_equal(c->syn_frame, 1);
	assert_int_equal(c->synack_frame, 2);
	assert_int_equal(c->synack_time - c->syn_time, 8 * MOMENT_MS);
	assert_int_equal(c->rtt, 10 * MOMENT_MS);
	assert_int_equal(c->first_frame, 1);
	assert_int_equal(c->last_frame, 7);
	assert_int_equal(c->last_time - c->first_time, 15 * MOMENT_MS);
	assert_int_equal(c->side[CLIENT].mss, 1460);
	assert_int_equal(c->side[SERVER].mss, 1380);
	assert_int_equal(c->side[SERVER].ttl, 57);
	assert_int_equal(c->side[SERVER].fin_frame, 5);
	assert_int_equal(c->side[CLIENT].fin_frame, 6);
	assert_int_equal(c->side[CLIENT].last_data - c->first_time, 10 * MOMENT_MS);
	assert_int_equal(c->side[SERVER].last_data, MOMENT_NONE);
	assert_int_equal(c->side[CLIENT].first_len, 16);
	assert_memory_equal(c->side[CLIENT].first, "GET /selfupdate/", 16);
	bench_free(b);
}

static void a_repeated_syn_gives_no_round_trip(void **state)
{
	struct bench *b = bench_run("> S 0; +3s; > S 0; +1ms; < SA 0 1; > A 1 1");

	(void)state;
	assert_int_equal(b->recorder.copy.rtt, -1);
	bench_free(b);
}

/* "GET": the bytes 1 to 3, a FIN would be 4, and the server acknowledges up to 4 or 5. */
static void the_first_fin_may_be_unseen(void **state)
{
	struct bench *b = bench_run("> S 0; < SA 0 1; > A 1 1 \"GET\"; < FA 1 5; > A 5 2");
	struct bench *seen = bench_run("> S 0; < SA 0 1; > A 1 1 \"GET\"; < FA 1 4; > FA 4 2; < A 2 5");

	(void)state;
	assert_true(b->recorder.copy.side[CLIENT].fin_unseen);
	assert_true(connection_closed_by(&b->recorder.copy, CLIENT));
	assert_false(seen->recorder.copy.side[CLIENT].fin_unseen);
	assert_true(connection_closed_by(&seen->recorder.copy, SERVER));
	bench_free(b);
	bench_free(seen);
}

static void an_error_of_a_router_is_kept(void **state)
{
	struct bench *b = bench_run("> S 0; icmp 4 0; icmp 3 10; icmp 3 13");

	(void)state;
	assert_int_equal(b->recorder.copy.icmp_frame, 3);
	assert_int_equal(b->recorder.copy.icmp_type, 3);
	assert_int_equal(b->recorder.copy.icmp_code, 10);
	bench_free(b);
}

/* The first frame that shows a loss is named; where nothing is lost there is none. */
static void names_the_first_loss(void **unused)
{
	static const struct {
		const char *script;
		uint64_t frame;
	} losses[] = {
		{ SHAKE "> A 1 1 \"ab\"; > A 1 1 \"ab\"; > A 1 1 \"ab\"; < A 1 3", 5 },
		{ SHAKE "> A 1 1 \"ab\"; +1s; > A 1 1 \"abcd\"; < A 1 5", 5 },
		{ SHAKE "> A 1 1 \"ab\"; > A 5 1 \"ef\"; < A 1 7; +250ms; < A 1 7 \"ok\"; > A 7 3", 7 },
		{ SHAKE "> A 1 1 \"ab\"; < A 1 3", 0 },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof losses / sizeof *losses; i++) {
		struct bench *b = bench_run(losses[i].script);

		assert_int_equal(b->recorder.copy.side[CLIENT].loss_frame, losses[i].frame);
		bench_free(b);
	}
}

static void numbers_follow_the_first_frames(void **state)
{
	struct bench *b = bench_run("> S 0 port=9; > S 0 port=7; < RA 0 1 port=7; > S 0 port=8;"
	                            "< SA 0 1 port=9");

	(void)state;
	assert_int_equal(track_connections(b->track), 3);
	bench_free(b);
}

/* Many clients' SYNs; a small budget forgets the oldest and says so. */
static void a_budget_is_kept(void **state)
{
	struct bench *b = bench_new(1 << 20);
	struct packet p = { .kind = PACKET_TCP, .target.port = 8530, .tcp.flags = TCP_SYN };

	(void)state;
	for (uint32_t i = 0; i < 20000; i++) {
		p.frame = i + 1;
		p.source.port = (uint16_t)i;
		p.source.addr.bytes[15] = (uint8_t)(i >> 16);
		p.tcp.seq = i;
		track_packet(b->track, &p);
	}
	assert_true(b->limits.count[LIMIT_FLOW_CEILING] > 5000);
	assert_true(b->limits.count[LIMIT_FLOW_CEILING] < 20000);
	track_end(b->track);
	bench_free(b);
}

/* Lives that come to many attempts at once are counted as those of new connections are. */
static void a_budget_counts_attempts_that_wake(void **state)
{
	enum { ATTEMPTS = 5000 };
	struct bench *b = bench_new(1280 << 10);
	struct packet p = { .kind = PACKET_TCP, .target.port = 8530, .tcp.flags = TCP_SYN };
	struct icmp_error error = { .quotes_tcp = true, .type = 3, .code = 13, .target.port = 8530 };

	(void)state;
	for (uint16_t i = 0; i < ATTEMPTS; i++) {
		p.frame++;
		p.source.port = i;
		track_packet(b->track, &p);
	}
	assert_int_equal(b->limits.count[LIMIT_FLOW_CEILING], 0);
	for (uint16_t i = 0; i < ATTEMPTS; i++) {
		error.frame = ++p.frame;
		error.source.port = i;
		track_icmp(b->track, &error);
	}
	assert_true(b->limits.count[LIMIT_FLOW_CEILING] > ATTEMPTS / 2);
	track_end(b->track);
	bench_free(b);
}

/* Closed connections leave small records; SYNs with data make connections of them again. */
static void a_budget_counts_ports_used_again(void **state)
{
	enum { CONNECTIONS = 3000 };
	struct bench *b = bench_new(1 << 20);
	struct packet p = { .kind = PACKET_TCP, .target.port = 8530 };

	(void)state;
	for (uint16_t i = 0; i < CONNECTIONS; i++) {
		p.source.port = i;
		p.tcp = (struct tcp_segment){ .flags = TCP_ACK, .len = 1, .payload = SPAN("x") };
		for (unsigned k = 0; k < 12; k++, p.tcp.flags = TCP_RST, p.tcp.len = 0) {
			p.frame++;
			track_packet(b->track, &p);
		}
	}
	assert_int_equal(b->limits.count[LIMIT_FLOW_CEILING], 0);
	for (uint16_t i = 0; i < CONNECTIONS; i++) {
		p.source.port = i;
		p.tcp = (struct tcp_segment){ .flags = TCP_SYN, .len = 1, .payload = SPAN("x") };
		p.frame++;
		track_packet(b->track, &p);
	}
	assert_true(b->limits.count[LIMIT_FLOW_CEILING] > CONNECTIONS / 2);
	track_end(b->track);
	bench_free(b);
}

/* Numbers that fit no window, scattered over a long conversation, move nothing. */
static void strays_count_in_a_row_only(void **state)
{
	struct bench *b = bench_new(64 << 20);
	char line[64];

	(void)state;
	segments_init(&b->segments, SHAKE);
	bench_play(b);
	for (unsigned i = 0; i < 100; i++) {
		snprintf(line, sizeof line, "> A %u 1 \"x\"; < A 1 %u; > A 2000000000 1 \"y\"", 1 + i, 2 + i);
		play_script(b, line);
	}
	track_end(b->track);
	assert_int_equal(b->recorder.copy.side[CLIENT].bytes, 100);
	assert_int_equal(b->recorder.copy.side[CLIENT].lost_bytes, 0);
	bench_free(b);
}

/* A stranger who never fills the first gap. */
static void what_waits_has_a_ceiling(void **state)
{
	struct bench *b = bench_new(64 << 20);
	char line[64];

	(void)state;
	segments_init(&b->segments, SHAKE);
	bench_play(b);
	for (unsigned i = 0; i < 10000; i++) {
		snprintf(line, sizeof line, "> A %u 1 \"x\"", 3 + 2 * i);
		play_script(b, line);
	}
	track_end(b->track);
	assert_true(b->limits.count[LIMIT_REORDER_CEILING] > 0);
	assert_int_equal(b->recorder.copy.side[CLIENT].bytes, 10000);
	assert_int_equal(b->recorder.copy.side[CLIENT].lost_bytes, 10001);  /* 1, 2, 4, 6, ... */
	bench_free(b);
}

static void freed_without_an_end(void **state)
{
	struct bench *b = bench_new(64 << 20);

	(void)state;
	segments_init(&b->segments, SHAKE "> A 1 1 \"ab\"; > A 9 1 \"cd\"; > S 0 port=4");
	bench_play(b);
	bench_free(b);
}

static const struct CMUnitTest others[] = {
	cmocka_unit_test(any_cutting_and_order_tells_the_same),
	cmocka_unit_test(the_fact_names_frames_and_times),
	cmocka_unit_test(a_repeated_syn_gives_no_round_trip),
	cmocka_unit_test(the_first_fin_may_be_unseen),
	cmocka_unit_test(an_error_of_a_router_is_kept),
	cmocka_unit_test(numbers_follow_the_first_frames),
	cmocka_unit_test(a_budget_is_kept),
	cmocka_unit_test(a_budget_counts_attempts_that_wake),
	cmocka_unit_test(a_budget_counts_ports_used_again),
	cmocka_unit_test(strays_count_in_a_row_only),
	cmocka_unit_test(what_waits_has_a_ceiling),
	cmocka_unit_test(freed_without_an_end),
	cmocka_unit_test(names_the_first_loss),
};

int main(void)
{
	enum { ROWS = sizeof rows / sizeof *rows, OTHERS = sizeof others / sizeof *others };
	struct CMUnitTest tests[ROWS + OTHERS];

	for (size_t i = 0; i < ROWS; i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = told_as_due,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	memcpy(tests + ROWS, others, sizeof others);
	return _cmocka_run_group_tests("track", tests, ROWS + OTHERS, NULL, NULL);
}
