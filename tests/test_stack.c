/* tests/test_stack.c - which layer a conversation gets, and which bytes.
 *
 * Two layers of our own stand in for HTTP and TLS: they write down what they are told, pieces of one
 * turn run together, so that the transcript is the same for every cut.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#undef skip                             /* a layer has one, too */

#include "base/buf.h"
#include "decoders/layer.h"
#include "tests/tls_bytes.h"

enum { TURNS = 8 };

struct notes {
	struct buf text;
	const struct layer *layer;      /* who spoke last ... */
	enum side from;                 /* ... to whom, of which frame */
	uint64_t frame;
};

struct mock {
	struct notes *notes;
	const struct layer *layer;
};

static void *create(const struct layer_env *env, const struct layer *layer)
{
	struct mock *m = malloc(sizeof *m);

	m->notes = env->context->sink->self;
	m->layer = layer;
	m->notes->layer = NULL;
	assert_true(buf_printf(&m->notes->text, "[%s%s]", layer->name, env->joined ? " joined" : ""));
	return m;
}

static void *create_http(const struct layer_env *env)
{
	return create(env, &layer_http);
}

static void *create_tls(const struct layer_env *env)
{
	return create(env, &layer_tls);
}

/* ' C1:' and the bytes: client, frame 1. */
static void speak(struct mock *m, enum side from, uint64_t frame)
{
	struct notes *n = m->notes;

	if (n->layer == m->layer && n->from == from && n->frame == frame)
		return;
	n->layer = m->layer;
	n->from = from;
	n->frame = frame;
	assert_true(buf_printf(&n->text, " %c%c%d:", m->layer->name[0], "CS"[from], (int)frame));
}

static void on_bytes(void *self, enum side from, struct span bytes, struct mark mark)
{
	struct mock *m = self;

	speak(m, from, mark.frame);
	for (size_t i = 0; i < bytes.len; i++) {
		bool visible = bytes.at[i] >= ' ' && bytes.at[i] < 0x7f;

		assert_true(buf_add_byte(&m->notes->text, visible ? bytes.at[i] : '.'));
	}
}

static void on_hole(void *self, enum side from, uint64_t len, struct mark mark)
{
	struct mock *m = self;

	speak(m, from, mark.frame);
	assert_true(buf_printf(&m->notes->text, "(%d lost)", (int)len));
}

static void on_skip(void *self, enum side from, uint64_t len, struct mark mark)
{
	struct mock *m = self;

	speak(m, from, mark.frame);
	assert_true(buf_printf(&m->notes->text, "(%d skipped)", (int)len));
}

static uint64_t skippable(const void *self, enum side from)
{
	const struct mock *m = self;

	(void)from;
	return m->layer == &layer_http ? 10 : 7;
}

static void on_close(void *self, enum side from, struct mark mark)
{
	struct mock *m = self;

	speak(m, from, mark.frame);
	assert_true(buf_printf(&m->notes->text, "(closed)"));
}

static void on_end(void *self, enum stack_end how, struct mark mark)
{
	struct mock *m = self;

	(void)how;
	(void)mark;
	assert_true(buf_printf(&m->notes->text, " %c:end", m->layer->name[0]));
}

const struct layer layer_http = { "http", create_http, free, on_bytes, on_hole, skippable,
	                          on_skip, on_close, on_end };
const struct layer layer_tls = { "tls", create_tls, free, on_bytes, on_hole, skippable,
	                         on_skip, on_close, on_end };

struct turn {
	enum side from;
	struct span bytes;              /* at NULL: a hole of that length, or when 0 the end of the turns */
};

#define C(text) { CLIENT, SPAN_LIT(text) }
#define S(text) { SERVER, SPAN_LIT(text) }
#define HOLE(side, length) { side, { NULL, length } }

static const struct row {
	const char *name;
	enum { ANY_CUT, WHOLE, JOINED } how;    /* amid others, messages are found where a piece begins;
	                                         * and two layers hear a turn's pieces in turn */
	uint16_t port;
	struct turn turns[TURNS];
	const char *want;
} rows[] = {
	{ "HTTP on any port", ANY_CUT, 4711, { C("GET /a HTTP/1.1\r\n\r\n"), S("HTTP/1.1 200\r\n\r\n") },
	  "[http] hC1:GET /a HTTP/1.1.... hS2:HTTP/1.1 200.... h:end" },
	{ "a method nobody knows", ANY_CUT, 4711, { C("CCM_PULL /a HTTP/1.1\r\n\r\n") },
	  "[http] hC1:CCM_PULL /a HTTP/1.1.... h:end" },
	{ "empty lines before a request", ANY_CUT, 80, { C("\r\n\r\nget / HTTP/1.0\r\n") },
	  "[http] hC1:....get / HTTP/1.0.. h:end" },
	{ "HTTP/0.9", ANY_CUT, 80, { C("GET /\r\n"), S("<html>") }, "[http] hC1:GET /.. hS2:<html> h:end" },
	{ "CONNECT", ANY_CUT, 4711, { C("CONNECT a:443 HTTP/1.1\r\n") },
	  "[http] hC1:CONNECT a:443 HTTP/1.1.. h:end" },
	{ "an answer without a question", ANY_CUT, 4711, { S("HTTP/1.1 408 Timeout\r\n") },
	  "[http] hS1:HTTP/1.1 408 Timeout.. h:end" },
	{ "a request in two turns", ANY_CUT, 4711, { C("FOO /a HT"), C("TP/1.1\r\n") },
	  "[http] hC1:FOO /a HT hC2:TP/1.1.. h:end" },
	{ "turns of both sides before the choice", ANY_CUT, 4711, { C("FOO /a "), S("HTT"), C("HTTP/1.1\n") },
	  "[http] hC1:FOO /a  hS2:HTT hC3:HTTP/1.1. h:end" },
	{ "TLS on any port", ANY_CUT, 4711, { C("\x16\3\1\0\x46\1\0"), S("\x16\3\3\0\4\2") },
	  "[tls] tC1:....F.. tS2:...... t:end" },
	{ "a hello in SSL 2.0's clothes", ANY_CUT, 4711,
	  { C("\x80\x2e\1\3\1abc") }, "[tls] tC1:.....abc t:end" },
	{ "an alert first of all", ANY_CUT, 4711, { S(ALERT("\2", "\x28")) }, "[tls] tS1:......( t:end" },
	{ "the first bytes of a hello and no more", ANY_CUT, 4711, { C("\x16\3\1") }, "[tls] tC1:... t:end" },
	{ "a web server that is spoken to in TLS", WHOLE, 8530,
	  { C("\x16\3\1\0\x46\1\0"), S("HTTP/1.1 400 Bad\r\n\r\n"), C("x"), S("y") },
	  "[tls] tC1:....F..[http] tS2:HTTP/1.1 400 Bad.... hS2:HTTP/1.1 400 Bad.... tC3:x tS4:y hS4:y "
	  "t:end h:end" },
	{ "a TLS server that is spoken to in clear text", WHOLE, 8531,
	  { C("GET / HTTP/1.1\r\n\r\n"), S(ALERT("\2", "\x28")) },
	  "[http] hC1:GET / HTTP/1.1....[tls] tC1:GET / HTTP/1.1.... hS2:......( tS2:......( h:end t:end" },
	{ "SMTP", WHOLE, 25, { S("220 mail ESMTP\r\n"), C("EHLO me\r\n"), S("250 hello\r\n") }, "" },
	{ "STARTTLS", WHOLE, 25,
	  { S("220 mail\r\n"), C("STARTTLS\r\n"), S("220 go\r\n"), C("\x16\3\1\0\4\1") },
	  "[tls joined] tC4:...... t:end" },
	{ "SIP and RTSP", WHOLE, 5060,
	  { C("OPTIONS sip:a SIP/2.0\r\n"), C("OPTIONS * RTSP/1.0\r\n"), C("SETUP /a RTSP/1.0\r\n") }, "" },
	{ "HTTP/2", ANY_CUT, 4711, { C("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") }, "" },
	{ "SOCKS, then HTTP", WHOLE, 1080,
	  { C("\5\1\0"), S("\5\0"), C("\5\1\0\1aaaa\0\x50"), S("\5\0\0\1aaaa\0\x50"),
	    C("GET / HTTP/1.1\r\n") },
	  "[http joined] hC5:GET / HTTP/1.1.. h:end" },
	{ "what is no TLS on a port of TLS", WHOLE, 8531, { C("\5\1\0"), S("\5\0") },
	  "[tls] tC1:... tS2:.. t:end" },
	{ "joined midway on a port of HTTP", JOINED, 8530, { S("(ody of something"), C("more") },
	  "[http joined] hS1:(ody of something hC2:more h:end" },
	{ "joined midway elsewhere", JOINED, 4711, { S("(ody of something"), C("GET / HTTP/1.1\r\n") },
	  "[http joined] hC2:GET / HTTP/1.1.. h:end" },
	{ "joined in application data", JOINED, 4711, { S("\x17\3\3\0\x20zzz") },
	  "[tls joined] tS1:.... zzz t:end" },
	{ "a hole first", WHOLE, 4711, { HOLE(CLIENT, 9), C("GET / HTTP/1.1\r\n"), HOLE(CLIENT, 5) },
	  "[http joined] hC2:GET / HTTP/1.1.. hC3:(5 lost) h:end" },
	{ "a hole after half a method on a port of HTTP", ANY_CUT, 80,
	  { C("FOO /"), HOLE(CLIENT, 9), C("x") },
	  "[http] hC1:FOO / hC2:(9 lost) hC3:x h:end" },
};

struct bench {                          /* a stack and what surrounds it */
	struct connection conn;
	struct limits limits;
	struct notes notes;
	struct fact_sink sink;
	struct stack_context context;
	struct stack *stack;
};

static void bench_init(struct bench *b, uint16_t port, bool joined)
{
	*b = (struct bench){ .conn = { .server.port = port, .joined = joined } };
	buf_init(&b->notes.text, 1 << 20);
	b->sink.self = &b->notes;
	b->context.sink = &b->sink;
	b->context.limits = &b->limits;
	b->stack = stack_new(&b->context, &(struct stack_place){ .conn = &b->conn });
	assert_non_null(b->stack);
}

static void bench_end(struct bench *b)
{
	stack_end(b->stack, STACK_END_CAPTURE, (struct mark){ 99, 0 });
	stack_free(b->stack);
	assert_true(buf_add_byte(&b->notes.text, 0));
}

static void run(const struct row *row, size_t step)
{
	struct bench b;
	struct mark mark = { 0, 0 };

	bench_init(&b, row->port, row->how == JOINED);
	for (size_t i = 0; i < TURNS && row->turns[i].bytes.len; i++) {
		struct span bytes = row->turns[i].bytes;

		mark.frame++;
		if (!bytes.at)
			stack_hole(b.stack, row->turns[i].from, bytes.len, mark);
		while (bytes.at && bytes.len)
			stack_bytes(b.stack, row->turns[i].from, span_take(&bytes, step), mark);
	}
	bench_end(&b);
	if (strcmp((const char *)b.notes.text.at, row->want))
		fail_msg("%s, %zu:\n%s\n%s", row->name, step, (const char *)b.notes.text.at, row->want);
	buf_release(&b.notes.text);
}

static void every_cut_chooses_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t last = rows[i].how == ANY_CUT ? 30 : 0;

		for (size_t step = 1; step <= last; step++)
			run(&rows[i], step);
		run(&rows[i], SIZE_MAX);
	}
}

/* The answer's other layer comes as soon as the answer tells itself, wherever it is cut. */
static void an_answer_in_pieces(void **state)
{
	static const struct span answer = SPAN_LIT("HTTP/1.1 400 Bad");

	(void)state;
	for (size_t step = 1; step < answer.len; step++) {
		struct bench b;
		struct span bytes = answer;

		bench_init(&b, 8530, false);
		stack_bytes(b.stack, CLIENT, SPAN("\x16\3\1\0\x46\1\0"), (struct mark){ 1, 0 });
		for (uint64_t frame = 2; bytes.len; frame++)
			stack_bytes(b.stack, SERVER, span_take(&bytes, step), (struct mark){ frame, 0 });
		assert_int_equal(stack_skippable(b.stack, SERVER), 7);
		assert_int_equal(stack_skippable(b.stack, CLIENT), 7);
		bench_end(&b);
		assert_non_null(strstr((const char *)b.notes.text.at, " hS2:"));
		buf_release(&b.notes.text);
	}
}

static void opaque_is_left_alone(void **state)
{
	static const uint8_t noise[4096] = { 1, 2, 3 };
	struct bench b;
	struct mark mark = { 1, 0 };

	(void)state;
	bench_init(&b, 4711, false);
	for (unsigned i = 0; i < 16; i++) {
		assert_int_equal(stack_skippable(b.stack, SERVER), 0);
		stack_bytes(b.stack, SERVER, span_of(noise, sizeof noise), mark);
	}
	assert_true(stack_skippable(b.stack, SERVER) == UINT64_MAX);
	stack_bytes(b.stack, SERVER, SPAN("HTTP/1.1 200 OK\r\n"), mark);
	assert_int_equal(b.notes.text.len, 0);
	stack_hole(b.stack, SERVER, 100, mark);
	assert_int_equal(stack_skippable(b.stack, SERVER), 0);
	stack_bytes(b.stack, SERVER, SPAN("HTTP/1.1 200 OK\r\n"), mark);
	assert_int_equal(stack_skippable(b.stack, SERVER), 10);
	stack_skip(b.stack, SERVER, 10, mark);
	bench_end(&b);
	assert_string_equal((const char *)b.notes.text.at,
	                    "[http joined] hS1:HTTP/1.1 200 OK..(10 skipped) h:end");
	buf_release(&b.notes.text);
}

static void a_line_without_end_is_no_request(void **state)
{
	static uint8_t line[20000];
	struct bench b;
	struct mark mark = { 1, 0 };

	(void)state;
	memset(line, 'a', sizeof line);
	line[3] = ' ';
	for (size_t step = 100; step < sizeof line; step *= 3) {
		struct span bytes = { line, sizeof line };

		bench_init(&b, 4711, false);
		while (bytes.len)
			stack_bytes(b.stack, CLIENT, span_take(&bytes, step), mark);
		bench_end(&b);
		assert_int_equal(b.notes.text.len, 1);
		buf_release(&b.notes.text);
	}
}

static void closed_before_the_choice(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b, 4711, false);
	stack_bytes(b.stack, CLIENT, SPAN("\5\1"), (struct mark){ 1, 0 });
	stack_close(b.stack, CLIENT, (struct mark){ 2, 0 });
	stack_bytes(b.stack, SERVER, SPAN("HTTP/1.1 400\r\n"), (struct mark){ 3, 0 });
	bench_end(&b);
	assert_string_equal((const char *)b.notes.text.at,
	                    "[http joined] hC2:(closed) hS3:HTTP/1.1 400.. h:end");
	buf_release(&b.notes.text);
}

static void tunnels_have_ports_and_a_depth(void **state)
{
	static const struct {
		const char *target, *want;
	} cases[] = {
		{ "a:8531", "[tls] tC1:.. t:end" }, { "[::1]:443", "[tls] tC1:.. t:end" },
		{ "a:22", "" }, { "a", "" }, { "", "" },
	};
	struct bench b;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct exchange tunnel = { .target = span_text(cases[i].target) };

		bench_init(&b, 3128, true);
		stack_free(b.stack);
		b.stack = stack_new(&b.context, &(struct stack_place){
			.conn = &b.conn, .tunnel = &tunnel, .depth = STACK_DEPTH_MAX - 1,
		});
		stack_bytes(b.stack, CLIENT, SPAN("\5\1"), (struct mark){ 1, 0 });
		bench_end(&b);
		assert_string_equal((const char *)b.notes.text.at, cases[i].want);
		assert_null(stack_new(&b.context, &(struct stack_place){
			.conn = &b.conn, .depth = STACK_DEPTH_MAX,
		}));
		buf_release(&b.notes.text);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cut_chooses_the_same),
		cmocka_unit_test(an_answer_in_pieces),
		cmocka_unit_test(opaque_is_left_alone),
		cmocka_unit_test(a_line_without_end_is_no_request),
		cmocka_unit_test(closed_before_the_choice),
		cmocka_unit_test(tunnels_have_ports_and_a_depth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
