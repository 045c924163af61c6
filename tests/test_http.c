/* tests/test_http.c - the HTTP layer: both sides of a connection to exchanges, also cut byte by
 * byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "decoders/http.h"
#include "decoders/layer.h"

enum { TOLD_MAX = 4096, STEPS_MAX = 16 };

enum what { NOTHING, ASK, ANSWER, ASK_HOLE, ANSWER_HOLE, ASK_SKIP, ANSWER_SKIP, ASK_FIN, ANSWER_FIN };

struct step {                           /* each is a frame: number 1 at 100 ms, 2 at 200 ms, ... */
	enum what what;
	struct span bytes;
	uint64_t len;                   /* of holes and skips */
	unsigned time;                  /* ms; 0: as above */
};

#define ASKS(text)      ASKS_AT(0, text)
#define ANSWERS(text)   ANSWERS_AT(0, text)
#define TURN(what, len) { what, { NULL, 0 }, len, 0 }
#define ASKS_AT(time, text)     { ASK, SPAN_LIT(text), 0, time }        /* told late: it waited for a hole */
#define ANSWERS_AT(time, text)  { ANSWER, SPAN_LIT(text), 0, time }

static const struct row {
	const char *name;
	struct step steps[STEPS_MAX];
	enum { OPEN, FIN, RESET, SILENT, JOINED } how;
	const char *want;               /* one line an exchange: tell() */
} rows[] = {
	{ "one of each",
	  { ASKS("GET /a?x=1 HTTP/1.1\r\nHost: h:8530\r\n\r\n"),
	    ANSWERS("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi") }, OPEN,
	  "0 GET h:8530 /a 200 OK f1-1 f2-2 ttfb=100 body=2 'hi'\n" },
	{ "kept alive",
	  { ASKS("GET /a HTTP/1.1\r\n\r\n"),
	    ANSWERS("HTTP/1.1 304 Same\r\n\r\n"),
	    ASKS("HEAD /b HTTP/1.1\r\n\r\n"),
	    ANSWERS("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n") }, OPEN,
	  "0 GET - /a 304 Same f1-1 f2-2 ttfb=100\n"
	  "1 HEAD - /b 200 OK f3-3 f4-4 ttfb=100 idle=100\n" },
	{ "pipelined",
	  { ASKS("GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n"),
	    ANSWERS("HTTP/1.1 204 A\r\n\r\nHTTP/1.1 204 B\r\n\r\n") }, OPEN,
	  "0 GET - /a 204 A f1-1 f2-2 ttfb=100\n"
	  "1 GET - /b 204 B f1-1 f2-2 ttfb=100\n" },
	{ "100 twice",
	  { ASKS("POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\n"),
	    ANSWERS("HTTP/1.1 100 C\r\n\r\nHTTP/1.1 100 C\r\n\r\n"),
	    ASKS("ab"),
	    ANSWERS("HTTP/1.1 204 A\r\n\r\n") }, OPEN,
	  "0 POST - /a 204 A f1-3 f4-4 ttfb=100 interim=2 sent=2 sent-skipped\n" },
	{ "an answer before the request's body",
	  { ASKS("POST /a HTTP/1.1\r\nContent-Length: 4\r\nContent-Type: text/xml\r\n\r\n<a"),
	    ANSWERS("HTTP/1.1 413 Too\r\nContent-Length: 0\r\n\r\n"),
	    ASKS("/>GET /b HTTP/1.1\r\n\r\n"),
	    ANSWERS("HTTP/1.1 204 B\r\n\r\n") }, OPEN,
	  "0 POST - /a 413 Too f1-3 f2-2 sent=4 '<a/>'\n"
	  "1 GET - /b 204 B f3-3 f4-4 ttfb=100 idle=100\n" },
	{ "until the server closes",
	  { ASKS("GET /a HTTP/1.0\r\n\r\n"),
	    ANSWERS("HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<p>"),
	    ANSWERS("hi"),
	    TURN(ANSWER_FIN, 0) }, FIN,
	  "0 GET - /a 200 OK f1-1 f2-4 ttfb=100 body=5 '<p>hi'\n" },
	{ "an answer cut by its FIN",
	  { ASKS("GET /a HTTP/1.1\r\n\r\n"),
	    ANSWERS("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"),
	    TURN(ANSWER_FIN, 0) }, FIN,
	  "0 GET - /a 200 OK f1-1 f2-3 ttfb=100 body=3 skipped fin-server\n" },
	{ "an answer cut by the client's FIN, to which the server agrees",
	  { ASKS("GET /a HTTP/1.1\r\n\r\n"),
	    ANSWERS("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"),
	    TURN(ASK_FIN, 0),
	    TURN(ANSWER_FIN, 0) }, FIN,
	  "0 GET - /a 200 OK f1-1 f2-4 ttfb=100 body=3 skipped fin-client\n" },
	{ "no answer: FIN, reset, silence, end of the capture",
	  { ASKS("GET /a HTTP/1.1\r\n\r\n"),
	    TURN(ANSWER_FIN, 0) }, FIN,
	  "0 GET - /a - f1-1 fin-server\n" },
	{ "no answer: the client gives up",
	  { ASKS("GET /a HTTP/1.1\r\n\r\n"),
	    TURN(ASK_FIN, 0) }, FIN,
	  "0 GET - /a - f1-1 fin-client\n" },
	{ "no answer: a reset",
	  { ASKS("GET /a HTTP/1.1\r\n\r\n") }, RESET,
	  "0 GET - /a - f1-1 reset\n" },
	{ "no answer: silence",
	  { ASKS("GET /a HTTP/1.1\r\n\r\n") }, SILENT,
	  "0 GET - /a - f1-1 silence\n" },
	{ "no answer: the capture ends",
	  { ASKS("GET /a HTTP/1.1\r\n\r\n") }, OPEN,
	  "0 GET - /a - f1-1 open\n" },
	{ "TLS in place of an answer",
	  { ASKS("GET /a HTTP/1.1\r\n\r\n"),
	    ANSWERS("\x15\x03\x01\x00\x02\x02\x46"),
	    TURN(ANSWER_FIN, 0) }, FIN,
	  "0 GET - /a - f1-1 replaced\n" },
	{ "an unfinished head",
	  { ASKS("GET /a HTTP/1.1\r\nHost: h\r\nX-a") }, OPEN,
	  "0 GET h /a - f1-1 head-cut open\n" },
	{ "an unfinished start line",
	  { ASKS("GET /a HTTP/1.1") }, OPEN,
	  "" },
	{ "an unfinished head, closed",
	  { ASKS("GET /a HTTP/1.1\r\nHost: h\r\nX-a"),
	    TURN(ASK_FIN, 0) }, FIN,
	  "0 GET h /a - f1-2 head-cut fin-client\n" },
	{ "an unfinished head, answered",
	  { ASKS("GET /a HTTP/1.1\r\nHost: h\r\nX-a"),
	    ANSWERS("HTTP/1.1 408 Late\r\nContent-Length: 0\r\n\r\n"),
	    TURN(ASK_FIN, 0) }, FIN,
	  "0 GET h /a 408 Late f1-3 f2-2 head-cut\n" },
	{ "a joined connection",
	  { ANSWERS("rest of a body"),
	    ASKS("GET /b HTTP/1.1\r\n\r\n"),
	    ANSWERS("HTTP/1.1 204 B\r\n\r\n") }, JOINED,
	  "0 GET - /b 204 B f2-2 f3-3 ttfb=100 idle=100\n" },
	{ "an answer whose request is not in the capture",
	  { ANSWERS("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na"),
	    ASKS("GET /b HTTP/1.1\r\n\r\n"),
	    ANSWERS("HTTP/1.1 204 B\r\n\r\n") }, JOINED,
	  "0 - 200 OK f1-1 body=1 skipped\n"
	  "1 GET - /b 204 B f2-2 f3-3 ttfb=100 idle=100\n" },
	{ "a hole inside a body",
	  { ASKS("GET /a HTTP/1.1\r\n\r\n"),
	    ANSWERS("HTTP/1.1 200 OK\r\nContent-Length: 9\r\nContent-Type: text/plain\r\n\r\nabc"),
	    TURN(ANSWER_HOLE, 4),
	    ANSWERS("hi") }, OPEN,
	  "0 GET - /a 200 OK f1-1 f2-4 ttfb=100 body=9 lost=4 'abc'\n" },
	{ "a hole over an answer's end and the next",
	  { ASKS("GET /a HTTP/1.1\r\n\r\n"),
	    ANSWERS("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"),
	    TURN(ANSWER_HOLE, 40),
	    ASKS("GET /c HTTP/1.1\r\n\r\n"),
	    ANSWERS("HTTP/1.1 204 C\r\n\r\n") }, OPEN,
	  "0 GET - /a 200 OK f1-1 f2-3 ttfb=100 body=9 lost=6 skipped gap\n"
	  "1 GET - /c 204 C f4-4 f5-5 ttfb=100 idle=100\n" },
	{ "an answer in a hole",
	  { ASKS("GET /a HTTP/1.1\r\n\r\n"),
	    TURN(ANSWER_HOLE, 900),
	    ASKS("GET /c HTTP/1.1\r\n\r\n"),
	    ANSWERS("HTTP/1.1 204 C\r\n\r\n") }, OPEN,
	  "0 GET - /a - f1-1 gap\n"
	  "1 GET - /c 204 C f3-3 f4-4 ttfb=100 idle=100\n" },
	{ "an answer in a hole that is told late",
	  { ASKS("GET /a HTTP/1.1\r\n\r\n"),
	    ASKS("GET /c HTTP/1.1\r\n\r\n"),
	    TURN(ANSWER_HOLE, 900),
	    ANSWERS("HTTP/1.1 204 C\r\n\r\n") }, OPEN,
	  "0 GET - /a - f1-1 gap\n"
	  "1 GET - /c 204 C f2-2 f4-4 ttfb=200 idle=100\n" },
	{ "a request in a hole",
	  { ASKS("GET /a HTTP/1.1\r\n\r\n"),
	    ANSWERS("HTTP/1.1 204 A\r\n\r\n"),
	    TURN(ASK_HOLE, 90),
	    ANSWERS("HTTP/1.1 204 B\r\n\r\n"),
	    ASKS("GET /c HTTP/1.1\r\n\r\n"),
	    ANSWERS("HTTP/1.1 204 C\r\n\r\n") }, OPEN,
	  "0 GET - /a 204 A f1-1 f2-2 ttfb=100\n"
	  "1 - 204 B f4-4\n"
	  "2 GET - /c 204 C f5-5 f6-6 ttfb=100 idle=100\n" },
	{ "an answer in a hole, many requests told before it",
	  { ASKS_AT(100, "GET /a HTTP/1.1\r\n\r\n"),
	    ASKS_AT(300, "GET /b HTTP/1.1\r\n\r\n"),
	    ASKS_AT(500, "GET /c HTTP/1.1\r\n\r\n"),
	    TURN(ANSWER_HOLE, 900),
	    ANSWERS_AT(400, "HTTP/1.1 204 B\r\n\r\n"),
	    ANSWERS_AT(600, "HTTP/1.1 204 C\r\n\r\n") }, FIN,
	  "0 GET - /a - f1-1 gap\n"
	  "1 GET - /b 204 B f2-2 f5-5 ttfb=100 idle=200\n"
	  "2 GET - /c 204 C f3-3 f6-6 ttfb=100 idle=200\n" },
	{ "the last answer in a hole",
	  { ASKS("GET /a HTTP/1.1\r\n\r\n"),
	    ANSWERS("HTTP/1.1 204 A\r\n\r\n"),
	    ASKS("GET /b HTTP/1.1\r\n\r\n"),
	    TURN(ANSWER_HOLE, 900),
	    TURN(ANSWER_FIN, 0) }, FIN,
	  "0 GET - /a 204 A f1-1 f2-2 ttfb=100\n"
	  "1 GET - /b - f3-3 idle=100 gap\n" },
	{ "an answer of many asked at once is in a hole: whose, nobody knows",
	  { ASKS("GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\nGET /c HTTP/1.1\r\n\r\n"),
	    TURN(ANSWER_HOLE, 900),
	    ANSWERS("HTTP/1.1 204 B\r\n\r\nHTTP/1.1 204 C\r\n\r\n"),
	    TURN(ANSWER_FIN, 0) }, FIN,
	  "0 GET - /a 204 B f1-1 f3-3 ttfb=200\n"
	  "1 GET - /b 204 C f1-1 f3-3 ttfb=200\n"
	  "2 GET - /c - f1-1 gap\n" },
	{ "a request in a hole, all answers told before it",
	  { ASKS_AT(100, "GET /a HTTP/1.1\r\n\r\n"),
	    ANSWERS_AT(200, "HTTP/1.1 204 A\r\n\r\n"),
	    ANSWERS_AT(400, "HTTP/1.1 204 B\r\n\r\n"),
	    ANSWERS_AT(600, "HTTP/1.1 204 C\r\n\r\n"),
	    ANSWERS_AT(800, "HTTP/1.1 204 D\r\n\r\n"),
	    TURN(ANSWER_FIN, 0),
	    TURN(ASK_HOLE, 90),
	    ASKS_AT(500, "GET /c HTTP/1.1\r\n\r\n"),
	    ASKS_AT(700, "GET /d HTTP/1.1\r\n\r\n") }, FIN,
	  "0 GET - /a 204 A f1-1 f2-2 ttfb=100\n"
	  "1 - 204 B f3-3\n"
	  "2 GET - /c 204 C f8-8 f4-4 idle=0\n"
	  "3 GET - /d 204 D f9-9 f5-5 idle=200\n" },
	{ "a request in a hole, its answer told after the next request",
	  { ASKS_AT(100, "GET /a HTTP/1.1\r\n\r\n"),
	    ANSWERS_AT(200, "HTTP/1.1 204 A\r\n\r\n"),
	    TURN(ASK_HOLE, 90),
	    ASKS_AT(500, "GET /c HTTP/1.1\r\n\r\n"),
	    ANSWERS_AT(400, "HTTP/1.1 204 B\r\n\r\n"),
	    ANSWERS_AT(600, "HTTP/1.1 204 C\r\n\r\n") }, OPEN,
	  "0 GET - /a 204 A f1-1 f2-2 ttfb=100\n"
	  "1 GET - /c 204 C f4-4 f6-6 ttfb=100 idle=200\n"
	  "2 - 204 B f5-5\n" },
	{ "answers that the capture shows before their requests",
	  { ANSWERS_AT(120, "HTTP/1.1 204 A\r\n\r\n"),
	    ANSWERS_AT(140, "HTTP/1.1 204 B\r\n\r\n"),
	    ASKS_AT(130, "GET /a HTTP/1.1\r\n\r\n"),
	    ASKS_AT(150, "GET /b HTTP/1.1\r\n\r\n") }, OPEN,
	  "0 GET - /a 204 A f3-3 f1-1 idle=0\n"
	  "1 GET - /b 204 B f4-4 f2-2 idle=20\n" },
	{ "a download that nobody looks at",
	  { ASKS("GET /Content/a.cab HTTP/1.1\r\nRange: bytes=0-9\r\n\r\n"),
	    ANSWERS("HTTP/1.1 206 P\r\nContent-Length: 10\r\nContent-Type: text/xml\r\n\r\n"),
	    TURN(ANSWER_SKIP, 9),
	    ANSWERS("x") }, OPEN,
	  "0 GET - /Content/a.cab 206 P f1-1 f2-4 ttfb=100 body=10 skipped\n" },
	{ "through a proxy",
	  { ASKS("GET http://h:8530/a?b HTTP/1.1\r\nHost: other\r\n"
	         "Proxy-Authorization: Basic dXNlcjpwdw==\r\n\r\n"),
	    ANSWERS("HTTP/1.1 407 P\r\nProxy-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n") }, OPEN,
	  "0 GET h:8530 /a 407 P f1-1 f2-2 ttfb=100 proxy user=user\n" },
	{ "a login in the target is no part of the host",
	  { ASKS("GET http://me:secret@h:8530/a HTTP/1.1\r\n\r\n"),
	    ANSWERS("HTTP/1.1 204 N\r\n\r\n") }, OPEN,
	  "0 GET h:8530 /a 204 N f1-1 f2-2 ttfb=100 proxy\n" },
	{ "a refused tunnel, then another",
	  { ASKS("CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n"),
	    ANSWERS("HTTP/1.1 407 P\r\nContent-Length: 1\r\n\r\nx"),
	    ASKS("CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n"),
	    ANSWERS("HTTP/1.1 200 Established\r\n\r\n"),
	    ASKS("GET /in HTTP/1.1\r\nHost: i\r\n\r\n"),
	    ANSWERS("HTTP/1.1 204 I\r\n\r\n") }, OPEN,
	  "0 CONNECT h:443 407 P f1-1 f2-2 ttfb=100 proxy body=1 'x'\n"
	  "1 CONNECT h:443 200 Established f3-3 f4-4 ttfb=100 idle=100 proxy\n"
	  "0 GET i /in 204 I f5-5 f6-6 ttfb=100 proxy in=h:443\n" },
	{ "a client that does not wait for its tunnel",
	  { ASKS("CONNECT h:443 HTTP/1.1\r\n\r\nGET /in HTTP/1.1\r\n\r\n"),
	    ANSWERS("HTTP/1.1 200 E\r\n\r\nHTTP/1.1 204 I\r\n\r\n") }, OPEN,
	  "0 CONNECT h:443 200 E f1-1 f2-2 ttfb=100 proxy\n"
	  "0 GET - /in 204 I f1-1 f2-2 ttfb=100 proxy in=h:443\n" },
	{ "a client that goes on where a tunnel is refused",
	  { ASKS("CONNECT h:443 HTTP/1.1\r\n\r\nGET /out HTTP/1.1\r\n\r\n"),
	    ANSWERS("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\nHTTP/1.1 204 O\r\n\r\n") }, OPEN,
	  "0 CONNECT h:443 403 No f1-1 f2-2 ttfb=100 proxy\n"
	  "1 GET - /out 204 O f1-1 f2-2 ttfb=100 idle=0\n" },
	{ "the answer to CONNECT in a hole",
	  { ASKS_AT(100, "CONNECT h:443 HTTP/1.1\r\n\r\n"),
	    ASKS_AT(300, "\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00"),
	    TURN(ANSWER_HOLE, 90),
	    ANSWERS_AT(400, "\x15\x03\x01\x00\x02\x02\x28"),
	    TURN(ANSWER_FIN, 0) }, FIN,
	  "0 CONNECT h:443 - f1-1 proxy gap\n" },
	{ "a refusal of CONNECT in a hole",
	  { ASKS_AT(100, "CONNECT h:443 HTTP/1.1\r\n\r\n"),
	    ASKS_AT(300, "CONNECT h:443 HTTP/1.1\r\nProxy-A: b\r\n\r\n"),
	    TURN(ANSWER_HOLE, 90),
	    ANSWERS_AT(400, "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"),
	    TURN(ANSWER_FIN, 0) }, FIN,
	  "0 CONNECT h:443 - f1-1 proxy gap\n"
	  "1 CONNECT h:443 403 No f2-2 f4-4 ttfb=100 idle=0 proxy\n" },
	{ "HTTP/0.9",
	  { ASKS("GET /old\r\n"),
	    ANSWERS("<p>old"),
	    TURN(ANSWER_FIN, 0) }, FIN,
	  "0 GET - /old 0  f1-1 f2-3 ttfb=100 body=6 skipped\n" },
};

struct telling {
	FILE *out;
};

static void tell_number(FILE *out, const char *name, uint64_t value)
{
	if (value)
		fprintf(out, " %s=%u", name, (unsigned)value);
}

static const char *text(struct span s)
{
	return s.at ? (const char *)s.at : "";
}

static void tell_answer(FILE *out, const struct exchange *x)
{
	const struct http_body *body = &x->response.body;

	if (x->response.present)
		fprintf(out, " %u %.*s", x->status, (int)x->reason.len, text(x->reason));
	else
		fprintf(out, " -");
	if (x->request.present)
		fprintf(out, " f%u-%u", (unsigned)x->request.first_frame, (unsigned)x->request.last_frame);
	if (x->response.present)
		fprintf(out, " f%u-%u", (unsigned)x->response.first_frame, (unsigned)x->response.last_frame);
	if (x->ttfb >= 0)
		fprintf(out, " ttfb=%u", (unsigned)(x->ttfb / MOMENT_MS));
	if (x->idle_before >= 0)
		fprintf(out, " idle=%u", (unsigned)(x->idle_before / MOMENT_MS));
	tell_number(out, "interim", x->interim_count);
	if (x->via_proxy)
		fprintf(out, " proxy");
	if (x->proxy_auth.user.len)
		fprintf(out, " user=%.*s", (int)x->proxy_auth.user.len, text(x->proxy_auth.user));
	tell_number(out, "body", body->entity_bytes);
	tell_number(out, "lost", body->lost_bytes);
	if (body->skipped)
		fprintf(out, " skipped");
	if (body->start.len)
		fprintf(out, " '%.*s'", (int)body->start.len, text(body->start));
}

static void tell(void *self, const struct fact *fact)
{
	static const char *const ends[] = {
		[EXCHANGE_COMPLETE] = "", [EXCHANGE_OPEN] = " open", [EXCHANGE_LOST] = " gap",
		[EXCHANGE_FIN_BY_SERVER] = " fin-server", [EXCHANGE_FIN_BY_CLIENT] = " fin-client",
		[EXCHANGE_RESET] = " reset", [EXCHANGE_SILENCE] = " silence",
		[EXCHANGE_REPLACED] = " replaced",
	};
	const struct exchange *x = fact->exchange;
	struct telling *t = self;

	if (fact->kind != FACT_EXCHANGE)
		return;
	fprintf(t->out, "%u", (unsigned)x->number);
	if (x->request.present) {
		fprintf(t->out, " %.*s %.*s", (int)x->method.len, text(x->method),
		        x->host.at ? (int)x->host.len : 1, x->host.at ? text(x->host) : "-");
		if (x->path.len)
			fprintf(t->out, " %.*s", (int)x->path.len, text(x->path));
	} else {
		fprintf(t->out, " -");
	}
	/* "-" stands for the absent request and, with a request, for the absent answer */
	tell_answer(t->out, x);
	tell_number(t->out, "sent", x->request.body.entity_bytes);
	if (x->request.body.skipped)
		fprintf(t->out, " sent-skipped");
	if (x->request.body.start.len)
		fprintf(t->out, " '%.*s'", (int)x->request.body.start.len, text(x->request.body.start));
	if (x->tunnel)
		fprintf(t->out, " in=%.*s", (int)x->tunnel->host.len, text(x->tunnel->host));
	if (x->request.present && !x->request.head_complete)
		fprintf(t->out, " head-cut");
	fprintf(t->out, "%s\n", ends[x->end]);
}

static void take(void *layer, enum side from, struct span bytes, struct mark mark, size_t piece)
{
	while (bytes.len) {
		struct span part = span_take(&bytes, piece);
		uint8_t *copy = malloc(part.len);

		assert_non_null(copy);
		memcpy(copy, part.at, part.len);
		layer_http.bytes(layer, from, span_of(copy, part.len), mark);
		free(copy);
	}
}

static void run_step(void *layer, const struct step *step, struct mark mark, size_t piece)
{
	switch (step->what) {
	case NOTHING:     break;
	case ASK:         take(layer, CLIENT, step->bytes, mark, piece); break;
	case ANSWER:      take(layer, SERVER, step->bytes, mark, piece); break;
	case ASK_HOLE:    layer_http.hole(layer, CLIENT, step->len, mark); break;
	case ANSWER_HOLE: layer_http.hole(layer, SERVER, step->len, mark); break;
	case ASK_SKIP:
	case ANSWER_SKIP: {
		enum side from = step->what == ASK_SKIP ? CLIENT : SERVER;

		assert_true(layer_http.skippable(layer, from) >= step->len);
		(layer_http.skip)(layer, from, step->len, mark);
		break;
	}
	case ASK_FIN:     layer_http.close(layer, CLIENT, mark); break;
	case ANSWER_FIN:  layer_http.close(layer, SERVER, mark); break;
	}
}

static void run(const struct row *row, size_t piece, struct http_pool *pool)
{
	static const enum stack_end ends[] = {
		[OPEN] = STACK_END_CAPTURE, [FIN] = STACK_END_FIN, [RESET] = STACK_END_RESET,
		[SILENT] = STACK_END_SILENCE, [JOINED] = STACK_END_CAPTURE,
	};
	char told[TOLD_MAX] = "";
	struct telling t = { fmemopen(told, sizeof told, "w") };
	struct fact_sink sink = { &t, tell };
	struct limits limits = { { 0 } };
	struct connection conn = { .joined = row->how == JOINED };
	struct stack_context context = { .sink = &sink, .limits = &limits, .exchanges = pool };
	struct layer_env env = { .context = &context, .place = { .conn = &conn }, .joined = conn.joined };
	struct mark mark = { 0, 0 };
	void *layer = layer_http.create(&env);

	assert_non_null(layer);
	for (size_t i = 0; i < STEPS_MAX && row->steps[i].what; i++) {
		mark.frame++;
		mark.time = (row->steps[i].time ? row->steps[i].time : (int64_t)mark.frame * 100) * MOMENT_MS;
		run_step(layer, &row->steps[i], mark, piece);
	}
	layer_http.end(layer, ends[row->how], mark);
	layer_http.destroy(layer);
	fclose(t.out);
	if (strcmp(told, row->want))
		fail_msg("%s, in pieces of %zu:\ntold %s\nwant %s", row->name, piece, told, row->want);
}

static void exchanges_do_not_depend_on_the_cuts(void **state)
{
	static const size_t pieces[] = { 100000, 1, 2, 3, 7, 20 };
	struct http_pool *pool = http_pool_new();

	(void)state;
	assert_non_null(pool);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		for (size_t k = 0; k < sizeof pieces / sizeof *pieces; k++)
			run(&rows[i], pieces[k], k % 2 ? pool : NULL);
	}
	http_pool_free(pool);
}

static void count_fact(void *self, const struct fact *fact)
{
	unsigned *lost = self;

	*lost += fact->exchange->end == EXCHANGE_LOST;
}

static void a_pipeline_has_a_ceiling(void **state)
{
	enum { ASKED = 1500, KEPT = 1024 };
	unsigned lost = 0;
	struct fact_sink sink = { &lost, count_fact };
	struct limits limits = { { 0 } };
	struct connection conn = { .joined = false };
	struct stack_context context = { .sink = &sink, .limits = &limits };
	struct layer_env env = { .context = &context, .place = { .conn = &conn } };
	void *layer = layer_http.create(&env);

	(void)state;
	assert_non_null(layer);
	for (unsigned i = 0; i < ASKED; i++)
		layer_http.bytes(layer, CLIENT, SPAN("GET /a HTTP/1.1\r\n\r\n"), (struct mark){ i + 1, i });
	assert_int_equal(lost, ASKED - KEPT);
	assert_int_equal(limits.count[LIMIT_PIPELINE_CEILING], ASKED - KEPT);
	layer_http.destroy(layer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exchanges_do_not_depend_on_the_cuts),
		cmocka_unit_test(a_pipeline_has_a_ceiling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
