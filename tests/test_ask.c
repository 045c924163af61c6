/* tests/test_ask.c - one question to one name server: what is told of it, and what the tape says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "decoders/lookups.h"
#include "decoders/peel.h"
#include "probes/ask.h"
#include "tests/nameserver.h"

enum { A = 1, AAAA = 28, TOLD = 1024, OWNER = 7, PORT_DNS = 53 };

static const struct nameserver_row served[] = {
	{ .name = "wsus01.corp.example", .addresses = { "192.0.2.1", "192.0.2.2", "2001:db8::1" } },
	{ .name = "empty.corp.example" },
	{ .name = "busy.corp.example", .rcode = 2 },
	{ .name = "refused.corp.example", .rcode = 5 },
	{ .name = "alias.corp.example", .aliases = { "second.corp.example", "third.example" },
	  .addresses = { "192.0.2.3" } },
	{ .name = "lost.corp.example", .aliases = { "nobody.example" }, .rcode = 3 },
	{ .name = "silent.corp.example", .how = NAMESERVER_SILENT },
	{ .name = "late.corp.example", .how = NAMESERVER_SECOND, .addresses = { "192.0.2.4" } },
	{ .name = "garbage.corp.example", .how = NAMESERVER_GARBAGE },
	{ .name = "cut.corp.example", .how = NAMESERVER_CUT, .addresses = { "192.0.2.5", "192.0.2.6" } },
	{ .name = "long.corp.example", .how = NAMESERVER_OVER_TCP,
	  .addresses = { "192.0.2.7", "192.0.2.8" } },
	{ .name = NULL },
};

static const struct row {
	const char *name;
	uint16_t type;
	int64_t timeout;        /* ms */
	const char *want;
	bool unlike;            /* the tape has more to say: what c-ares threw away */
} rows[] = {
	{ "wsus01.corp.example", A, 5000,
	  "wsus01.corp.example 1: NOERROR 192.0.2.1 192.0.2.2, 1 tries", false },
	{ "WSUS01.Corp.Example", AAAA, 5000, "wsus01.corp.example 28: NOERROR 2001:db8::1, 1 tries", false },
	{ "nobody.corp.example", A, 5000, "nobody.corp.example 1: NXDOMAIN, 1 tries", false },
	{ "empty.corp.example", A, 5000, "empty.corp.example 1: NOERROR, 1 tries", false },
	{ "busy.corp.example", A, 5000, "busy.corp.example 1: SERVFAIL, 1 tries", false },
	{ "refused.corp.example", A, 5000, "refused.corp.example 1: REFUSED, 1 tries", false },
	{ "alias.corp.example", A, 5000,
	  "alias.corp.example 1: NOERROR 192.0.2.3, as third.example, 1 tries", false },
	{ "lost.corp.example", A, 5000, "lost.corp.example 1: NXDOMAIN, as nobody.example, 1 tries", false },
	{ "silent.corp.example", A, 1500, "silent.corp.example 1: silence, 2 tries", false },
	{ "late.corp.example", A, 3000, "late.corp.example 1: NOERROR 192.0.2.4, 2 tries", false },
	{ "garbage.corp.example", A, 1500, "garbage.corp.example 1: silence, 2 tries", false },
	{ "cut.corp.example", A, 5000, "cut.corp.example 1: NOERROR 192.0.2.5, cut, 1 tries", false },
	{ "long.corp.example", A, 5000,
	  "long.corp.example 1: NOERROR 192.0.2.7 192.0.2.8, 1 tries, over TCP", true },
};

static void say(const struct lookup *l, char text[static TOLD])
{
	char word[ADDR_TEXT];
	int len = snprintf(text, TOLD, "%s %u: %s", l->name, l->type,
	                   l->answered ? lookup_rcode_text(l->rcode, word) : "silence");

	for (unsigned i = 0; i < l->answer_count; i++)
		len += snprintf(text + len, (size_t)(TOLD - len), " %s", addr_text(&l->answers[i], word));
	if (l->canonical[0])
		len += snprintf(text + len, (size_t)(TOLD - len), ", as %s", l->canonical);
	snprintf(text + len, (size_t)(TOLD - len), "%s, %u tries%s", l->malformed ? ", cut" : "", l->tries,
	         l->over_tcp ? ", over TCP" : "");
}

static void keep(void *self, const struct lookup *l)
{
	struct lookup *to = self;

	assert_int_equal(to->tries, 0);
	*to = *l;
}

/* ---- the tape, read as a capture ---- */

static void keep_fact(void *self, const struct fact *f)
{
	if (f->kind == FACT_LOOKUP)
		*(struct lookup *)self = *f->lookup;
}

/* The server of the test has no right to port 53: it gets it here. */
static struct endpoint as_usual(struct endpoint e, const struct endpoint *server)
{
	if (endpoint_eq(&e, server))
		e.port = PORT_DNS;
	return e;
}

static void read_tape(const struct tape *t, const struct endpoint *server, struct lookup *last)
{
	struct limits limits = { 0 };
	struct fact_sink sink = { .take = keep_fact, .self = last };
	struct lookups *lookups = lookups_new(&sink, &limits, NULL);
	struct peel *peel = peel_new(&limits);
	struct packet packet;
	struct frame frame;
	unsigned owner;
	size_t at = 0;

	while (tape_next(t, &at, &frame, &owner)) {
		assert_int_equal(owner, OWNER);
		assert_true(peel_frame(peel, &frame, &packet));
		packet.source = as_usual(packet.source, server);
		packet.target = as_usual(packet.target, server);
		if (packet.kind == PACKET_UDP)
			lookups_packet(lookups, &packet);
	}
	lookups_end(lookups);
	lookups_free(lookups);
	peel_free(peel);
}

static void ask_row(const struct row *row, struct nameserver *n)
{
	struct loop *loop = loop_new();
	struct tape *tape = tape_new(1 << 20);
	struct lookup told = { .tries = 0 }, taped = { .tries = 0 };
	struct ask_options o = { .name = row->name, .type = row->type, .server = nameserver_at(n),
		                 .owner = OWNER, .timeout = row->timeout * MOMENT_MS };
	char said[TOLD], read[TOLD];
	int64_t began = loop_clock(loop);

	assert_non_null(ask_start(loop, tape, &o, keep, &told));
	loop_run(loop);
	say(&told, said);
	assert_string_equal(said, row->want);
	assert_true(loop_clock(loop) - began < (row->timeout + 5000) * MOMENT_MS);
	assert_true(told.ask_time >= began);
	assert_true(told.answered ? told.answer_time >= told.ask_time : told.answer_time == MOMENT_NONE);
	assert_int_equal(tape_lost(tape), 0);
	if (!row->unlike) {
		read_tape(tape, &o.server, &taped);
		say(&taped, read);
		assert_string_equal(read, said);
		assert_true(addr_eq(&taped.client, &told.client));
		assert_int_equal(taped.ask_time, told.ask_time);
	}
	tape_free(tape);
	loop_free(loop);
}

static void answers_are_told_and_taped(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct nameserver *n = nameserver_start("127.0.0.1", served);

		ask_row(&rows[i], n);
		nameserver_stop(n);
	}
}

/* Over UDP that it is too long, then a connection with question, answer and an end. */
static void a_long_answer_comes_over_tcp(void **state)
{
	struct nameserver *n = nameserver_start("127.0.0.1", served);
	struct loop *loop = loop_new();
	struct tape *tape = tape_new(1 << 20);
	struct limits limits = { 0 };
	struct peel *peel = peel_new(&limits);
	struct lookup told = { .tries = 0 };
	struct ask_options o = { .name = "long.corp.example", .type = A, .server = nameserver_at(n),
		                 .timeout = 2 * MOMENT_S };
	unsigned owner, datagrams = 0, flags = 0, payload[2] = { 0 };
	struct packet packet;
	struct frame frame;
	size_t at = 0;

	(void)state;
	assert_non_null(ask_start(loop, tape, &o, keep, &told));
	loop_run(loop);
	while (tape_next(tape, &at, &frame, &owner)) {
		assert_true(peel_frame(peel, &frame, &packet));
		datagrams += packet.kind == PACKET_UDP;
		if (packet.kind != PACKET_TCP)
			continue;
		flags |= packet.tcp.flags;
		payload[packet.source.port == o.server.port] += packet.tcp.len;
	}
	assert_int_equal(datagrams, 2);
	assert_int_equal(flags, TCP_SYN | TCP_ACK | TCP_PSH | TCP_FIN);
	/* Two bytes of length, 12 of head, name, type and class (RFC 1035 section 4.2.2). */
	assert_int_equal(payload[0], 2 + 12 + 19 + 4);
	assert_int_equal(payload[1], 2 + 12 + 19 + 4 + 2 * (19 + 10 + 4));
	peel_free(peel);
	tape_free(tape);
	loop_free(loop);
	nameserver_stop(n);
}

static void never(void *self, const struct lookup *l)
{
	(void)self;
	(void)l;
	fail();
}

static void a_stopped_question_says_nothing(void **state)
{
	struct nameserver *n = nameserver_start("127.0.0.1", served);
	struct loop *loop = loop_new();
	struct tape *tape = tape_new(1 << 20);
	struct ask_options o = { .name = "silent.corp.example", .type = A, .server = nameserver_at(n),
		                 .timeout = MOMENT_S };

	(void)state;
	ask_stop(ask_start(loop, tape, &o, never, NULL));
	loop_run(loop);
	ask_stop(NULL);
	tape_free(tape);
	loop_free(loop);
	nameserver_stop(n);
}

/* Nobody at that port, and a name that is none: over at once, unanswered. */
static void what_cannot_be_asked_ends(void **state)
{
	static const char *const names[] = { "wsus01.corp.example", "a..b", "" };
	struct loop *loop = loop_new();
	struct tape *tape = tape_new(1 << 20);
	struct ask_options o = { .type = A, .timeout = 5 * MOMENT_S };

	(void)state;
	assert_true(addr_parse(SPAN("127.0.0.1"), &o.server.addr));
	o.server.port = 1;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct lookup told = { .tries = 0 };
		int64_t began = loop_clock(loop);

		o.name = names[i];
		assert_non_null(ask_start(loop, tape, &o, keep, &told));
		loop_run(loop);
		assert_false(told.answered);
		assert_true(loop_clock(loop) - began < 10 * MOMENT_S);
	}
	tape_free(tape);
	loop_free(loop);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_told_and_taped),
		cmocka_unit_test(a_long_answer_comes_over_tcp),
		cmocka_unit_test(a_stopped_question_says_nothing),
		cmocka_unit_test(what_cannot_be_asked_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
