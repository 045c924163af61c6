/* tests/test_budget.c - what strangers can make connections hold, by the allocator's own count. */
#include "base/budget.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/buf.h"
#include "decoders/coding.h"
#include "decoders/http.h"
#include "decoders/packet.h"
#include "decoders/track.h"

/* The sanitizers' own (gcc ships no header of it): what is allocated now. */
size_t __sanitizer_get_current_allocated_bytes(void);

enum { MEMORY = 4 << 20, CONNECTIONS = 6000, PIECE = 1400 };

/* Beside the budget: the table's slots while they grow, and what an allocation is rounded to. */
enum { BESIDE = MEMORY / 16 };

static void shares_are_drawn_on_the_whole(void **state)
{
	struct budget whole = { .ceiling = 100 }, share = { .ceiling = 40, .whole = &whole };

	(void)state;
	assert_true(budget_take(&share, 40));
	assert_false(budget_take(&share, 1));
	assert_int_equal(whole.refused, 0);
	assert_true(budget_take(&whole, 60));
	budget_give(&share, 10);
	assert_true(budget_take(&whole, 10));
	assert_false(budget_take(&share, 1));
	assert_false(budget_has(&share, 1));
	assert_int_equal(whole.refused, 1);
	assert_int_equal(whole.used, 100);
	assert_int_equal(share.used, 30);
	budget_add(&share, 20);
	assert_int_equal(whole.used, 120);
	assert_false(budget_take(&whole, 1));
	budget_give(&share, 50);
	assert_int_equal(whole.used, 70);
	assert_int_equal(share.used, 0);
	assert_true(budget_take(NULL, SIZE_MAX));
}

/* Others may take what one part leaves, and one part never takes all. */
static void a_part_is_no_more_than_that(void **state)
{
	struct budget whole = { .ceiling = 100 }, part = budget_part(&whole, 4), none = budget_part(NULL, 4);

	(void)state;
	assert_true(budget_take(&part, 25));
	assert_false(budget_take(&part, 1));
	assert_true(budget_take(&whole, 75));
	budget_give(&part, 25);
	assert_true(budget_take(&whole, 25));
	assert_false(budget_take(&part, 1));
	assert_true(budget_take(&none, SIZE_MAX / 2));
}

struct bench {
	struct budget budget;
	struct limits limits;
	struct fact_sink sink;
	struct stack_context context;
	struct track *track;
	struct packet packet;
	unsigned answered;              /* questions of the healthy one */
};

static void take(void *self, const struct fact *fact)
{
	struct bench *b = self;

	b->answered += fact->kind == FACT_EXCHANGE && fact->exchange->status == 200 &&
	               span_eq(fact->exchange->path, SPAN("/healthy"));
}

static void bench_begin(struct bench *b)
{
	*b = (struct bench){ .budget.ceiling = MEMORY, .sink = { b, take } };
	b->context = (struct stack_context){
		.sink = &b->sink, .limits = &b->limits, .budget = &b->budget,
		.codings = coding_pool_new(&b->limits, &b->budget), .exchanges = http_pool_new(),
	};
	b->track = track_new(&b->context);
	assert_non_null(b->context.codings);
	assert_non_null(b->context.exchanges);
	assert_non_null(b->track);
}

static void bench_end(struct bench *b)
{
	track_end(b->track);
	track_free(b->track);
	http_pool_free(b->context.exchanges);
	coding_pool_free(b->context.codings);
	assert_int_equal(b->budget.used, 0);
}

/* A packet of the connection from that client port (and address), `ahead` bytes into its side. */
static void send(struct bench *b, unsigned client, enum side from, uint8_t flags, uint32_t ahead,
                 struct span payload)
{
	struct packet *p = &b->packet;
	struct endpoint near = { .port = (uint16_t)client, .addr.bytes[15] = (uint8_t)(client >> 16) };
	struct endpoint far = { .port = 8530, .addr.bytes[15] = 200 };

	p->kind = PACKET_TCP;
	p->frame++;
	p->time += MOMENT_MS / 50;
	p->source = from == CLIENT ? near : far;
	p->target = from == CLIENT ? far : near;
	p->tcp = (struct tcp_segment){
		.flags = flags, .seq = ahead, .ack = 1, .window = 65535,
		.len = (uint32_t)payload.len, .payload = payload,
	};
	track_packet(b->track, p);
}

static void shake_hands(struct bench *b, unsigned client)
{
	send(b, client, CLIENT, TCP_SYN, 0, SPAN(""));
	send(b, client, SERVER, TCP_SYN | TCP_ACK, 0, SPAN(""));
	send(b, client, CLIENT, TCP_ACK, 1, SPAN(""));
}

/* Bytes of that side from sequence number `at` on; 1 is the first. */
static void stream(struct bench *b, unsigned client, enum side from, uint32_t at, struct span bytes)
{
	while (bytes.len) {
		struct span piece = span_take(&bytes, PIECE);

		send(b, client, from, TCP_ACK, at, piece);
		at += (uint32_t)piece.len;
	}
}

/* What a stranger sends, and never ends: `count` times `part` behind `start`. */
static const struct row {
	const char *name;
	struct span start, part;
	unsigned count;
	enum side from;
	uint32_t gap;                   /* bytes that he leaves out in front */
} rows[] = {
	{ "a head", SPAN_LIT("GET / HTTP/1.1\r\n"),
	  SPAN_LIT("X-Filler: abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\r\n"), 900, CLIENT, 0 },
	{ "an answer's head", SPAN_LIT("HTTP/1.1 200 OK\r\n"),
	  SPAN_LIT("X-Filler: abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\r\n"), 900, SERVER, 0 },
	{ "a hello", SPAN_LIT("\x16\x03\x01\x3f\xff\x01\x00\x3f\xf0\x03\x03"), SPAN_LIT("0123456789abcdef"),
	  1000, CLIENT, 0 },
	{ "what may become a request", SPAN_LIT("AAAA "), SPAN_LIT("0123456789abcdef"), 500, CLIENT, 0 },
	{ "requests", SPAN_LIT(""),
	  SPAN_LIT("POST /ClientWebService/client.asmx HTTP/1.1\r\nContent-Type: text/xml\r\n"
	           "Content-Length: 8\r\n\r\n<a></a>\n"), 100, CLIENT, 0 },
	{ "coded answers",
	  SPAN_LIT("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Encoding: gzip, br\r\n\r\n"),
	  SPAN_LIT("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"), 1, SERVER, 0 },
	{ "what follows CONNECT", SPAN_LIT("CONNECT a:443 HTTP/1.1\r\n\r\n"), SPAN_LIT("0123456789abcdef"),
	  2000, CLIENT, 0 },
	{ "bytes behind a gap", SPAN_LIT(""), SPAN_LIT("0123456789abcdef"), 1000, CLIENT, 9 },
	{ "nothing", SPAN_LIT(""), SPAN_LIT(""), 0, CLIENT, 0 },
};

static void a_healthy_one_is_read(struct bench *b, unsigned client)
{
	static const struct span question = SPAN_LIT("GET /healthy HTTP/1.1\r\nHost: a\r\n\r\n");
	static const struct span answer = SPAN_LIT("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n.");

	shake_hands(b, client);
	stream(b, client, CLIENT, 1, question);
	stream(b, client, SERVER, 1, answer);
	assert_int_equal(b->answered, 1);
}

static void strangers_share_the_budget(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *row = &rows[i];
		size_t const before = __sanitizer_get_current_allocated_bytes();
		size_t most = 0;
		struct buf bytes;
		struct bench b;

		buf_init(&bytes, 1 << 20);
		assert_true(buf_add(&bytes, row->start));
		for (unsigned n = 0; n < row->count; n++)
			assert_true(buf_add(&bytes, row->part));
		bench_begin(&b);
		for (unsigned client = 0; client < CONNECTIONS; client++) {
			size_t held;

			shake_hands(&b, client);
			stream(&b, client, row->from, 1 + row->gap, buf_span(&bytes));
			held = __sanitizer_get_current_allocated_bytes() - before - bytes.room;
			most = held > most ? held : most;
		}
		a_healthy_one_is_read(&b, CONNECTIONS);
		if (most > MEMORY + BESIDE)
			fail_msg("%s: %zu bytes of %d were held", row->name, most, MEMORY);
		if (!b.limits.count[LIMIT_FLOW_CEILING])
			fail_msg("%s: the budget never ran short", row->name);
		bench_end(&b);
		buf_release(&bytes);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(shares_are_drawn_on_the_whole),
		cmocka_unit_test(a_part_is_no_more_than_that),
		cmocka_unit_test(strangers_share_the_budget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
