/* tests/test_http1.c - one direction of HTTP/1: wire to events, whole, byte by byte, and at
 * every cut. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "decoders/http1.h"

enum { TOLD_MAX = 2048 };

static const struct row {
	const char *name;
	bool response;
	enum { READ, SKIP, TO_HEAD, TO_UNKNOWN, TO_BARE, TUNNEL } how;
	struct span wire;
	uint64_t hole;          /* bytes lost after `wire` */
	struct span then;       /* what comes behind the hole */
	const char *want;       /* events before the close, and after it, of `wire`, the hole, `then` */
} rows[] = {
	{ "request", false, READ, SPAN_LIT("GET /a?b HTTP/1.1\r\nHost: h\r\n\r\n"),
	  .want = "^<GET /a?b 11|Host: h>." },
	{ "pipelined requests with bodies", false, READ,
	  SPAN_LIT("POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"
	           "POST /b HTTP/1.0\r\ncontent-length:2\r\n\r\nde"),
	  .want = "^<POST /a 11|Content-Length: 3>abc.^<POST /b 10|content-length: 2>de." },
	{ "empty lines before a request are ignored", false, READ,
	  SPAN_LIT("\r\n\r\nGET / HTTP/1.1\r\n\r\n\r\n"),
	  .want = "^<GET / 11>." },
	{ "methods are any token", false, READ,
	  SPAN_LIT("CCM_POST /ccm_system/request HTTP/1.1\r\n\r\n"
	           "M-SEARCH * HTTP/1.1\r\n\r\nget / HTTP/1.1\r\n\r\n"),
	  .want = "^<CCM_POST /ccm_system/request 11>.^<M-SEARCH * 11>.^<get / 11>." },
	{ "absolute and authority form", false, READ,
	  SPAN_LIT("GET http://h:8530/x HTTP/1.1\r\n\r\nCONNECT h:443 HTTP/1.1\r\n\r\n"),
	  .want = "^<GET http://h:8530/x 11>.^<CONNECT h:443 11>." },
	{ "spaces in the target", false, READ, SPAN_LIT("GET /a b c  HTTP/1.1\r\n\r\n"),
	  .want = "^<GET /a b c 11>." },
	{ "bare line feeds", false, READ, SPAN_LIT("GET / HTTP/1.1\nHost: h\n\n"),
	  .want = "^<GET / 11|Host: h !BARE_LF>." },
	{ "folded header", false, READ,
	  SPAN_LIT("GET / HTTP/1.1\r\nA: b \r\n \t c\r\n  d\r\nE: f\r\n\r\n"),
	  .want = "^<GET / 11|A: b c d|E: f !FOLDED>." },
	{ "header without a colon, without a name, before any other folded", false, READ,
	  SPAN_LIT("GET / HTTP/1.1\r\n x\r\nnocolon\r\n: v\r\nA : b\r\n\r\n"),
	  .want = "^<GET / 11|A: b !BAD_HEADER>." },
	{ "odd bytes in names and values", false, READ,
	  SPAN_LIT("GET / HTTP/1.1\r\nA\x01" "B(): \xff\r\nC:\r\n\r\n"),
	  .want = "^<GET / 11|A\x01" "B(): \xff|C: >." },
	{ "a start line with a blank missing", false, READ,
	  SPAN_LIT("POST /HTTP/1.1\r\nA: b\r\n\r\nPUT HTTP/1.1\r\n\r\n"),
	  .want = "^<POST /HTTP/1.1 10|A: b !BAD_START_LINE>.^<PUT HTTP/1.1 10 !BAD_START_LINE>." },
	{ "HTTP/0.9", false, READ, SPAN_LIT("GET /old\r\n"), .want = "^<GET /old 9>." },
	{ "HTTP/2 preface", false, READ, SPAN_LIT("PRI * HTTP/2.0\r\n\r\n"),
	  .want = "^<PRI * 20 !VERSION_ODD>." },
	{ "no HTTP, then a request", false, READ, SPAN_LIT("hello world\r\nGET / HTTP/1.1\r\n\r\n"),
	  .want = "^!BAD_START_LINE ^<GET / 11>." },
	{ "TLS where a request is due", false, READ,
	  SPAN_LIT("\x16\x03\x01\x02\x00\x01\r\n\x03\x03"),
	  .want = "^!BAD_START_LINE " },
	{ "chunked with extensions and trailers", false, READ,
	  SPAN_LIT("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
	           "3;a=\"b\"\r\nabc\r\n 0A \r\n0123456789\r\n000\r\nX: y\r\n\r\nGET / HTTP/1.1\r\n\r\n"),
	  .want = "^<POST / 11|Transfer-Encoding: chunked>abc0123456789.^<GET / 11>." },
	{ "chunked and skipped", false, SKIP,
	  SPAN_LIT("POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\nabc\r\n2\nde\n0\n\n"),
	  .want = "^<POST / 11|Transfer-Encoding: Chunked>(5)." },
	{ "bad chunk size, then a request", false, READ,
	  SPAN_LIT("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nGET /n HTTP/1.1\r\n\r\n"),
	  .want = "^<POST / 11|Transfer-Encoding: chunked>!BAD_CHUNK /^<GET /n 11>." },
	{ "chunk size beyond all numbers", false, READ,
	  SPAN_LIT("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000000\r\n"),
	  .want = "^<POST / 11|Transfer-Encoding: chunked>!BAD_CHUNK /" },
	{ "bytes behind a chunk", false, READ,
	  SPAN_LIT("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n"),
	  .want = "^<POST / 11|Transfer-Encoding: chunked>a!BAD_CHUNK /" },
	{ "length and chunked", false, READ,
	  SPAN_LIT("POST / HTTP/1.1\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n"
	           "1\r\na\r\n0\r\n\r\n"),
	  .want = "^<POST / 11|Content-Length: 9|Transfer-Encoding: chunked !LENGTH_AND_CHUNKED>a." },
	{ "the same length twice", false, READ,
	  SPAN_LIT("POST / HTTP/1.1\r\nContent-Length: 2, 2\r\nContent-Length: 2\r\n\r\nab"),
	  .want = "^<POST / 11|Content-Length: 2, 2|Content-Length: 2>ab." },
	{ "two lengths", true, READ,
	  SPAN_LIT("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\nab"),
	  .want = "^<200 11 OK|Content-Length: 2|Content-Length: 5 !LENGTH_CONFLICT>ab." },
	{ "a length that is no number ends with the connection", true, READ,
	  SPAN_LIT("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nabc"),
	  .want = "^<200 11 OK|Content-Length: -1 !BAD_LENGTH>abc." },
	{ "answers follow each other", true, READ,
	  SPAN_LIT("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na"
	           "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
	  .want = "^<200 11 OK|Content-Length: 1>a.^<404 11 Not Found|Content-Length: 0>." },
	{ "several 100 before the answer", true, READ,
	  SPAN_LIT("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"
	           "HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\n"),
	  .want = "^<100 11 Continue>.^<100 11 Continue>.^<204 11 No|Content-Length: 5>." },
	{ "304 has no body", true, READ,
	  SPAN_LIT("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"),
	  .want = "^<304 11 Not Modified|Content-Length: 5>." },
	{ "the answer to HEAD has no body", true, TO_HEAD,
	  SPAN_LIT("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"),
	  .want = "^<200 11 OK|Content-Length: 5>.^<200 11 OK>." },
	{ "until the connection closes", true, READ, SPAN_LIT("HTTP/1.0 200 OK\r\n\r\nabc"),
	  .want = "^<200 10 OK>abc." },
	{ "a coding other than chunked lasts until the close", true, READ,
	  SPAN_LIT("HTTP/1.1 200 ok\r\nTransfer-Encoding: gzip\r\n\r\nabc"),
	  .want = "^<200 11 ok|Transfer-Encoding: gzip !UNKNOWN_CODING>abc." },
	{ "status lines of all sorts", true, TO_HEAD,
	  SPAN_LIT("HTTP/1.1 200\r\n\r\nHTTP/1.1  301   Moved  there \r\n\r\n"
	           "ICY 200 OK\r\n\r\nHTTP/1.1 200 \r\n\r\n"),
	  .want = "^<200 11 >.^<301 11 Moved  there>.^<200 10 OK>.^<200 11 >." },
	{ "no status", true, READ, SPAN_LIT("HTTP/1.1 abc\r\n\r\n"), .want = "^!BAD_START_LINE " },
	{ "a status that ends in two CR", true, READ, SPAN_LIT("HTTP/1.1 200\r\r\n\r\n"),
	  .want = "^!BAD_START_LINE " },
	{ "a TLS alert in place of an answer", true, READ, SPAN_LIT("\x15\x03\x01\x00\x02\x02\x0a"),
	  .want = "^!BAD_START_LINE " },
	{ "more bytes than announced, then an answer", true, READ,
	  SPAN_LIT("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nabc"
	           "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"),
	  .want = "^<200 11 OK|Content-Length: 1>a.^!BAD_START_LINE ^<201 11 Created|Content-Length: 0>." },
	{ "an answer without a head", true, TO_BARE, SPAN_LIT("<html>old</html>"),
	  .want = "^<0 9 ><html>old</html>." },
	{ "an answer without a head that begins like one", true, TO_BARE, SPAN_LIT("HTTP/old\nab"),
	  .want = "^<0 9 >HTTP/old\nab." },
	{ "a tunnel keeps its bytes", true, TUNNEL,
	  SPAN_LIT("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc"),
	  .want = "^<200 11 OK|Content-Length: 5>." },
	{ "head cut by the close", false, READ, SPAN_LIT("GET / HTTP/1.1\r\nHost: h\r\nUser-A"),
	  .want = "^#<~GET / 11|Host: h>/" },
	{ "start line cut by the close", false, READ, SPAN_LIT("GET / HTTP"), .want = "^#/" },
	{ "body cut by the close", true, READ,
	  SPAN_LIT("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"),
	  .want = "^<200 11 OK|Content-Length: 5>ab#/" },
	{ "chunked body cut by the close", true, READ,
	  SPAN_LIT("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab"),
	  .want = "^<200 11 OK|Transfer-Encoding: chunked>ab#/" },
	{ "hole inside a counted body", true, READ,
	  SPAN_LIT("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab"), 6,
	  SPAN_LIT("cdHTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"),
	  "^<200 11 OK|Content-Length: 10>ab?cd.^<404 11 No|Content-Length: 0>." },
	{ "hole up to the end of a counted body", true, SKIP,
	  SPAN_LIT("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab"), 8,
	  SPAN_LIT("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"),
	  "^<200 11 OK|Content-Length: 10>(2)?.^<404 11 No|Content-Length: 0>." },
	{ "hole beyond a counted body", true, READ,
	  SPAN_LIT("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab"), 500,
	  SPAN_LIT("remains of another HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"),
	  "^<200 11 OK|Content-Length: 10>ab?/^<404 11 No|Content-Length: 0>." },
	{ "hole inside a chunk", true, READ,
	  SPAN_LIT("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\nab"), 6,
	  SPAN_LIT("cd\r\n0\r\n\r\n"), "^<200 11 OK|Transfer-Encoding: chunked>ab?cd." },
	{ "hole over chunk framing", true, READ,
	  SPAN_LIT("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\na\r\nab"), 9,
	  SPAN_LIT("cd\r\n0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
	  "^<200 11 OK|Transfer-Encoding: chunked>ab?/^<200 11 OK|Content-Length: 0>." },
	{ "hole inside a head", true, READ, SPAN_LIT("HTTP/1.1 200 OK\r\nServer: a\r\nConte"), 60,
	  SPAN_LIT("body\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"),
	  "^?<~200 11 OK|Server: a>/^<201 11 Created|Content-Length: 0>." },
	{ "hole before a request, that stands behind a body", false, READ,
	  SPAN_LIT("POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"), 700,
	  SPAN_LIT("<x/>\n</s:Envelope>POST /n b HTTP/1.1\r\nContent-Length: 1\r\n\r\nz"),
	  "^<POST / 11|Content-Length: 3>abc.?^<POST /n b 11|Content-Length: 1>z." },
	{ "hole in a body that lasts until the close", true, READ,
	  SPAN_LIT("HTTP/1.0 200 OK\r\n\r\nabc"), 9, SPAN_LIT("def"),
	  "^<200 10 OK>abc?def." },
	{ "an answer of unknown method with a length and no body", true, TO_UNKNOWN,
	  SPAN_LIT("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"), 0,
	  SPAN_LIT("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"),
	  "^<200 11 OK|Content-Length: 5>.^<200 11 OK|Content-Length: 1>x." },
};

static void tell_head(FILE *out, const struct httphead *head)
{
#define X(symbol, text) #symbol,
	static const char *const anomalies[] = { HTTP_ANOMALIES(X) };
#undef X

	fprintf(out, "<%s", head->complete ? "" : "~");
	if (head->response)
		fprintf(out, "%u %u %.*s", head->status, head->version, (int)head->reason.len,
		        head->reason.at ? (const char *)head->reason.at : "");
	else
		fprintf(out, "%.*s %.*s %u", (int)head->method.len, (const char *)head->method.at,
		        (int)head->target.len, (const char *)head->target.at, head->version);
	for (size_t i = 0; i < head->header_count; i++) {
		uint8_t value[128];
		struct span name = head->headers[i].name, told = head->headers[i].value;

		memcpy(value, told.at, told.len);
		fprintf(out, "|%.*s: %.*s", (int)name.len, (const char *)name.at,
		        (int)httphead_unfold(value, told.len), (const char *)value);
	}
	for (size_t a = 0; a < HTTP_ANOMALY_COUNT; a++)
		if (head->anomalies & 1u << a)
			fprintf(out, " !%s", anomalies[a]);
	fputc('>', out);
}

struct reading {
	const struct row *row;
	struct http1 dec;
	FILE *out;
	uint64_t skipped;
};

static void tell(struct reading *r, const struct http1_event *ev)
{
	static const enum http1_follows follows[] = {
		[READ] = HTTP1_BODY, [SKIP] = HTTP1_BODY, [TO_HEAD] = HTTP1_NO_BODY,
		[TO_UNKNOWN] = HTTP1_MAYBE_BODY, [TO_BARE] = HTTP1_BODY, [TUNNEL] = HTTP1_TUNNEL,
	};

	if (ev->kind == HTTP1_SKIPPED) {
		r->skipped += ev->skipped;
		return;
	}
	if (r->skipped)
		fprintf(r->out, "(%u)", (unsigned)r->skipped);
	r->skipped = 0;
	switch (ev->kind) {
	case HTTP1_BEGIN:   fputc('^', r->out); break;
	case HTTP1_PIECE:   fwrite(ev->piece.at, 1, ev->piece.len, r->out); break;
	case HTTP1_END:     fputc('.', r->out); break;
	case HTTP1_CUT:     fputc('/', r->out); break;
	case HTTP1_SKIPPED: break;
	case HTTP1_ANOMALY:
		fprintf(r->out, "!%s ", ev->anomaly == HTTP_BAD_CHUNK ? "BAD_CHUNK" : "BAD_START_LINE");
		break;
	case HTTP1_HEAD:
		tell_head(r->out, &ev->head);
		http1_body(&r->dec, follows[r->row->how], r->row->how != SKIP);
		break;
	}
}

static void drain(struct reading *r, struct span piece)
{
	struct http1_event ev;

	while (http1_next(&r->dec, &piece, &ev))
		tell(r, &ev);
}

/* Heap copies of exact length, so that a read past the end is seen. */
static void feed(struct reading *r, struct span wire, size_t first, size_t step)
{
	size_t len = first;

	while (wire.len) {
		struct span piece = span_take(&wire, len);
		uint8_t *copy = malloc(piece.len);

		assert_non_null(copy);
		memcpy(copy, piece.at, piece.len);
		drain(r, span_of(copy, piece.len));
		free(copy);
		len = step;
	}
}

static void check(const struct row *row, size_t first, size_t step)
{
	char told[TOLD_MAX] = "";
	struct reading r = { .row = row, .out = fmemopen(told, sizeof told, "w") };
	long before;

	http1_init(&r.dec, row->response, false, NULL);
	if (row->how == TO_BARE)
		http1_bare(&r.dec);
	feed(&r, row->wire, first, step);
	if (row->hole) {
		if (r.skipped)
			fprintf(r.out, "(%u)", (unsigned)r.skipped);
		r.skipped = 0;
		fputc('?', r.out);
		http1_hole(&r.dec, row->hole);
		drain(&r, SPAN(""));
	}
	feed(&r, row->then, first, step);
	before = ftell(r.out);
	http1_close(&r.dec);
	drain(&r, SPAN(""));
	fclose(r.out);
	http1_release(&r.dec);
	/* '#' in what is wanted marks where the close came */
	if (strchr(row->want, '#')) {
		memmove(told + before + 1, told + before, sizeof told - (size_t)before - 1);
		told[before] = '#';
	}
	if (strcmp(told, row->want))
		fail_msg("%s, cut at %zu, then by %zu:\n  told %s\n  want %s", row->name, first, step,
		         told, row->want);
}

static void events_do_not_depend_on_the_cuts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		size_t len = rows[i].wire.len > rows[i].then.len ? rows[i].wire.len : rows[i].then.len;

		check(&rows[i], len, len);
		if (rows[i].how == TO_UNKNOWN)
			continue;       /* judged by the piece at hand */
		for (size_t step = 1; step < 8; step++)
			check(&rows[i], step, step);
		for (size_t cut = 1; cut < len; cut++)
			check(&rows[i], cut, len);
	}
}

static void a_head_beyond_the_ceiling_is_told_at_its_end(void **state)
{
	static const size_t steps[] = { 1, 1000, 70000, 1 << 20 };
	unsigned const due = 1u << HTTP_HEAD_TOO_LONG | 1u << HTTP_TOO_MANY_HEADERS;
	struct buf wire;

	(void)state;
	buf_init(&wire, 1 << 20);
	assert_true(buf_printf(&wire, "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n"));
	for (unsigned i = 0; i < 300; i++)
		assert_true(buf_printf(&wire, "Cookie-%u: %0*u\r\n", i, 300, i));
	assert_true(buf_printf(&wire, "\r\nabGET /next HTTP/1.1\r\n\r\n"));
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		struct http1 dec;
		struct http1_event ev;
		struct span left = buf_span(&wire);
		unsigned heads = 0;

		http1_init(&dec, false, false, NULL);
		while (left.len) {
			struct span piece = span_take(&left, steps[i]);

			while (http1_next(&dec, &piece, &ev)) {
				if (ev.kind != HTTP1_HEAD)
					continue;
				assert_true(ev.head.complete);
				assert_int_equal(ev.head.anomalies, heads ? 0 : due);
				assert_int_equal(ev.head.header_count, heads ? 0 : HTTPHEAD_HEADERS_MAX);
				heads++;
			}
		}
		assert_int_equal(heads, 2);
		http1_release(&dec);
	}
	buf_release(&wire);
}

static void a_joined_stream_finds_its_first_message(void **state)
{
	static const struct row row = { .how = READ };
	struct span const wire = SPAN("...\"/></head>\r\nnot HTTP/1.1 here\r\n\0\xff\r\n"
	                              "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na");

	(void)state;
	for (size_t step = 1; step <= wire.len; step++) {
		char told[TOLD_MAX] = "";
		struct reading r = { .row = &row, .out = fmemopen(told, sizeof told, "w") };

		http1_init(&r.dec, true, true, NULL);
		feed(&r, wire, step, step);
		fclose(r.out);
		http1_release(&r.dec);
		assert_string_equal(told, "^<200 11 OK|Content-Length: 1>a.");
	}
}

static void skipping_counts_what_is_not_seen(void **state)
{
	struct span wire = SPAN("HTTP/1.1 206 Partial\r\nContent-Length: 1000\r\n\r\n");
	struct http1 dec;
	struct http1_event ev;

	(void)state;
	http1_init(&dec, true, false, NULL);
	while (http1_next(&dec, &wire, &ev)) {
		if (ev.kind == HTTP1_HEAD)
			assert_int_equal(http1_body(&dec, HTTP1_BODY, false), HTTP1_LENGTH);
	}
	assert_int_equal(http1_skippable(&dec), 1000);
	http1_skip(&dec, 999);
	assert_false(http1_next(&dec, &wire, &ev));
	assert_int_equal(http1_skippable(&dec), 1);
	http1_skip(&dec, 1);
	assert_true(http1_next(&dec, &wire, &ev));
	assert_int_equal(ev.kind, HTTP1_END);
	assert_int_equal(dec.counts.entity, 1000);
	assert_int_equal(dec.counts.lost, 0);
	assert_false(http1_searching(&dec));
	http1_release(&dec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_do_not_depend_on_the_cuts),
		cmocka_unit_test(a_head_beyond_the_ceiling_is_told_at_its_end),
		cmocka_unit_test(a_joined_stream_finds_its_first_message),
		cmocka_unit_test(skipping_counts_what_is_not_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
