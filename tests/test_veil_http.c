/* tests/test_veil_http.c - HTTP under the veil: what goes, what stays, whole, byte by byte and at every cut.
 *
 * Values are planted; none of them may be in what comes out, and readers have to find the same messages in
 * it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>
#include <zlib.h>

#include "base/base64.h"
#include "veil/find.h"
#include "veil/streams.h"

enum { PIECES_MAX = 8, STREAM_MAX = 16 * 1024, WORDS_MAX = 8 };

struct piece {                          /* bytes of one side; hole: so many are missing before them */
	enum side from;
	struct span bytes;
	size_t hole;
};

struct stage {
	uint8_t in[2][STREAM_MAX], out[2][STREAM_MAX];
	bool decided[2][STREAM_MAX];
	size_t len[2];
};

static void keep(void *self, enum side from, uint64_t at, uint64_t len)
{
	struct stage *s = self;

	assert_true(at + len <= s->len[from]);
	for (uint64_t i = at; i < at + len; i++) {
		assert_false(s->decided[from][i]);
		s->decided[from][i] = true;
		s->out[from][i] = s->in[from][i];
	}
}

static void put(void *self, enum side from, uint64_t at, struct span bytes)
{
	struct stage *s = self;

	assert_true(at + bytes.len <= s->len[from]);
	for (size_t i = 0; i < bytes.len; i++) {
		assert_false(s->decided[from][at + i]);
		s->decided[from][at + i] = true;
		s->out[from][at + i] = bytes.at[i];
	}
}

static void fill(void *self, enum side from, uint64_t at, uint64_t len, uint8_t byte)
{
	struct stage *s = self;

	assert_true(at + len <= s->len[from]);
	for (uint64_t i = at; i < at + len; i++) {
		assert_false(s->decided[from][i]);
		s->decided[from][i] = true;
		s->out[from][i] = byte;
	}
}

static void nothing(void *self, enum side from, uint64_t at, uint64_t len)
{
	(void)self;
	(void)from;
	(void)at;
	(void)len;
}

static void nothing_put(void *self, enum side from, uint64_t at, struct span bytes)
{
	nothing(self, from, at, bytes.len);
}

static void nothing_fill(void *self, enum side from, uint64_t at, uint64_t len, uint8_t byte)
{
	(void)byte;
	nothing(self, from, at, len);
}

/* One reading; `step` bytes at a time, the first piece of a side `first` long (0: as the others). */
static void read_all(struct stream_shared *shared, struct lane lane, const struct piece *pieces, size_t first,
                     size_t step)
{
	struct stream_env env = { .shared = shared, .lane = lane, .port = 8530 };
	void *self = rewriter_http.create(&env);
	uint64_t at[2] = { 0, 0 };

	assert_non_null(self);
	for (size_t i = 0; i < PIECES_MAX && (pieces[i].bytes.len || pieces[i].hole); i++) {
		struct span rest = pieces[i].bytes;
		enum side from = pieces[i].from;

		if (pieces[i].hole)
			rewriter_http.hole(self, from, at[from], pieces[i].hole);
		at[from] += pieces[i].hole;
		while (rest.len) {
			struct span some = span_take(&rest, first && !at[from] ? first : step);
			/* Of its own size, so that reading beyond it is noticed. */
			uint8_t *copy = malloc(some.len);

			assert_non_null(copy);
			memcpy(copy, some.at, some.len);
			rewriter_http.bytes(self, from, at[from], span_of(copy, some.len));
			free(copy);
			at[from] += some.len;
		}
	}
	rewriter_http.end(self);
	rewriter_http.destroy(self);
}

static void set_up(struct stage *s, const struct piece *pieces)
{
	memset(s, 0, sizeof *s);
	for (size_t i = 0; i < PIECES_MAX && (pieces[i].bytes.len || pieces[i].hole); i++) {
		size_t *len = &s->len[pieces[i].from];

		*len += pieces[i].hole;
		assert_true(*len + pieces[i].bytes.len <= STREAM_MAX);
		memcpy(s->in[pieces[i].from] + *len, pieces[i].bytes.at, pieces[i].bytes.len);
		*len += pieces[i].bytes.len;
	}
}

/* Both readings.  Returns how many bodies were given up. */
static uint64_t veil(struct stage *s, const struct piece *pieces, size_t first, size_t step)
{
	static const uint8_t key[NAMES_KEY] = { 7 };
	struct budget budget = { .ceiling = 64 << 20 };
	struct stream_shared shared = { .budget = &budget };
	struct lane none = { NULL, nothing, nothing_put, nothing_fill }, lane = { s, keep, put, fill };
	struct finder *finder;

	set_up(s, pieces);
	shared.names = names_new(key, true, &budget);
	assert_non_null(shared.names);
	read_all(&shared, none, pieces, first, step);
	names_seal(shared.names);
	finder = finder_new(shared.names, &budget);
	assert_non_null(finder);
	shared.finder = finder;
	shared.blanked = 0;
	read_all(&shared, lane, pieces, first, step);
	finder_free(finder);
	names_free(shared.names);
	assert_int_equal(budget.used, 0);
	return shared.blanked;
}

#define TEXT(from, text) { from, SPAN_LIT(text), 0 }

static const struct row {
	const char *name;
	struct piece pieces[PIECES_MAX];
	const char *goes[WORDS_MAX];    /* planted; in any case of letters */
	const char *stays[WORDS_MAX];
} rows[] = {
	{ "a request and its answer",
	  { TEXT(CLIENT, "GET /selfupdate/wuident.cab?2601 HTTP/1.1\r\nHost: intra01.secret.example:8530\r\n"
	                 "User-Agent: Windows-Update-Agent/10.0\r\nCookie: sid=planted99; lang=de\r\n\r\n"),
	    TEXT(SERVER, "HTTP/1.1 302 Found\r\nLocation: http://intra01.secret.example/x/planted77.html\r\n"
	                 "Set-Cookie: sid=planted98; Path=/; Domain=secret.example\r\nContent-Length: 0\r\n"
	                 "Via: 1.1 intra02.secret.example:3128 (squid/5.7)\r\nX-Unknown: "
	                 "planted55\r\n\r\n") },
	  { "intra01", "secret", "planted", "intra02" },
	  { "GET /selfupdate/wuident.cab?2601 HTTP/1.1\r\nHost: ", ":8530\r\nUser-Agent: "
		    "Windows-Update-Agent/10.0"
	    "\r\nCookie: sid=", "HTTP/1.1 302 Found\r\nLocation: "
	    "http://", ".example/x/", ".html\r\nSet-Cookie: sid=",
	    "; Path=/; Domain=", ":3128 (squid/5.7)\r\nX-Unknown: " } },
	{ "chunks, extensions and trailers",
	  { TEXT(CLIENT, "POST /ClientWebService/client.asmx HTTP/1.1\r\nHost: intra01\r\nContent-Type: "
		    "text/xml\r\n"
	                 "Transfer-Encoding: chunked\r\n\r\n1a;x=planted\r\n<DnsName>pc17.secret.examp\r\n"
	                 "12\r\nle</DnsName><a/>\r\n\r\n0\r\nX-Trail: planted\r\n\r\n"
	                 "GET /planted2 HTTP/1.1\r\nHost: intra01\r\n\r\n") },
	  { "planted", "pc17", "secret", "intra01" },
	  { "\r\n\r\n1a;", "\r\n<DnsName>", "\r\n12\r\nle</DnsName><a/>\r\n\r\n0\r\n", "\r\n\r\nGET /" } },
	{ "values in a page",
	  { TEXT(CLIENT, "GET http://intra01.secret.example/ HTTP/1.1\r\nHost: "
		    "intra01.secret.example\r\n\r\n"),
	    TEXT(SERVER, "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html\r\nContent-Length: "
		    "148\r\n\r\n"
	                 "<html><title>ERROR: The requested URL could not be retrieved</title>"
	                 "<a href=\"http://intra01.secret.example/\">intra01 at 10.20.30.40</a> "
	                 "mailto:a1@secret.e") },
	  { "intra01", "secret", "10.20.30.40", "a1@" },
	  { "<title>ERROR: The requested URL could not be retrieved</title><a href=\"http://", "</a> "
		    "mailto:" } },
	{ "bodies that nobody reads",
	  { TEXT(CLIENT, "POST /up HTTP/1.1\r\nHost: h\r\nContent-Type: image/png\r\nContent-Length: "
		    "9\r\n\r\nplanted12"),
	    TEXT(SERVER, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n"
	                 "{\"u\":\"planted\"}HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\nplanted34") },
	  { "planted" },
	  { "Content-Length: 9\r\n\r\n", "Content-Length: 15\r\n\r\nxxxxxxxxxxxxxxxHTTP/1.1 200 OK\r\n" } },
	{ "an update file stays, a page in its place does not",
	  { TEXT(CLIENT, "GET /Content/39/4CE17872A8B350F34144001D77FD10A32A117D39.cab HTTP/1.1\r\nHost: "
		    "h\r\n\r\n"
	                 "GET /Content/39/4CE17872A8B350F34144001D77FD10A32A117D39.cab HTTP/1.1\r\nHost: "
	                 "planted1\r\n"
	                 "\r\n"),
	    TEXT(SERVER, "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: "
		    "4\r\n\r\nMSCF"
	                 "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: "
	                 "15\r\n\r\n"
	                 "<html>planted1<") },
	  { "planted" },
	  { "GET /Content/39/4CE17872A8B350F34144001D77FD10A32A117D39.cab HTTP/1.1", "\r\n\r\nMSCFHTTP/1.1 "
		    "200 OK",
	    "\r\n\r\n<html>" } },
	{ "a tunnel, and requests in it",
	  { TEXT(CLIENT, "CONNECT intra01.secret.example:8530 HTTP/1.1\r\nHost: "
		    "intra01.secret.example:8530\r\n\r\n"),
	    TEXT(SERVER, "HTTP/1.1 200 OK\r\n\r\n"),
	    TEXT(CLIENT, "GET /selfupdate/x.cab HTTP/1.1\r\nHost: intra01.secret.example:8530\r\n\r\n"),
	    TEXT(SERVER, "HTTP/1.1 404 Not Found\r\nContent-Length: 14\r\n\r\nintra01 has no") },
	  { "intra01", "secret" },
	  { "CONNECT ", ".example:8530 HTTP/1.1\r\nHost: ",
	    "\r\n\r\nGET /selfupdate/x.cab HTTP/1.1\r\nHost: ",
	    "HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 14\r\n\r\n", " has no" } },
	{ "a tunnel that is refused",
	  { TEXT(CLIENT, "CONNECT intra01:443 HTTP/1.1\r\n\r\nGET http://intra01/ HTTP/1.1\r\nHost: "
		    "intra01\r\n\r\n"),
	    TEXT(SERVER, "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: "
		    "0\r\n\r\n") },
	  { "intra01" },
	  { "CONNECT ", ":443 HTTP/1.1\r\n\r\nGET http://", "HTTP/1.1 403 No\r\n", "HTTP/1.1 200 OK\r\n" } },
	{ "no body after HEAD",
	  { TEXT(CLIENT, "HEAD /a1b2c3 HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n"),
	    TEXT(SERVER, "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n") },
	  { "a1b2c3" },
	  { "HEAD /", "\r\n\r\nGET / HTTP/1.1", "Content-Length: 99\r\n\r\nHTTP/1.1 204 No "
		    "Content\r\n\r\n" } },
	{ "logins",
	  { TEXT(CLIENT, "GET / HTTP/1.1\r\nHost: h\r\nProxy-Authorization: Basic "
		    "cGxhbnRlZDpzZWNyZXRwYXNz\r\n\r\n"
	                 "GET / HTTP/1.1\r\nHost: h\r\nAuthorization: Digest username=\"planted\", realm=\"a "
	                 "realm\", "
	                 "nonce=\"deadbeef01\", uri=\"/\", response=\"0123456789abcdef0123456789abcdef\", "
	                 "qop=auth\r\n\r\n"
	                 "GET / HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer planted.token.part\r\n\r\n"),
	    TEXT(SERVER, "HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\n"
	                 "Proxy-Authenticate: Basic realm=\"Squid proxy-caching web server\"\r\n"
	                 "Content-Length: 0\r\n\r\n") },
	  { "cGxhbnRlZDpzZWNyZXRwYXNz", "planted", "deadbeef01", "0123456789abcdef", "token", "secretpass" },
	  { "Proxy-Authorization: Basic ", "Authorization: Digest username=\"", "\", realm=\"a realm\", "
		    "nonce=\"",
	    "\", uri=\"/\", response=\"", "\", qop=auth\r\n", "Authorization: Bearer ",
	    "Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\nProxy-Authenticate: Basic "
	    "realm=\"Squid "
	    "proxy-caching web server\"\r\n" } },
	{ "a hole in a body, one over messages",
	  { TEXT(CLIENT, "POST / HTTP/1.1\r\nHost: intra01\r\nContent-Type: text/xml\r\nContent-Length: "
		    "40\r\n\r\n"
	                 "<DnsName>"),
	    { CLIENT, SPAN_LIT("</DnsName><a/>"), 17 },
	    { CLIENT, SPAN_LIT("garbage planted\r\nGET /planted HTTP/1.1\r\nHost: intra01\r\n\r\n"), 100 } },
	  { "intra01", "planted", "garbage" },
	  { "\r\n\r\n<DnsName>", "</DnsName><a/>", "GET /" } },
	{ "a head without an end",
	  { TEXT(CLIENT, "GET /planted HTTP/1.1\r\nHost: intra01\r\nCookie: a=planted\r\nX-Half: plant") },
	  { "planted", "intra01" }, { "GET /", " HTTP/1.1\r\nHost: " } },
	{ "a script for proxies",
	  { TEXT(CLIENT, "GET /wpad.dat HTTP/1.1\r\nHost: wpad\r\n\r\n"),
	    TEXT(SERVER, "HTTP/1.1 200 OK\r\nContent-Type: application/x-ns-proxy-autoconfig\r\n\r\n"
	                 "function FindProxyForURL(url, host) { if (dnsDomainIs(host, \".secret.example\")) "
	                 "return "
	                 "\"DIRECT\"; return \"PROXY planted07.secret.example:3128; DIRECT\"; }") },
	  { "planted07", "secret" },
	  { "GET /wpad.dat HTTP/1.1\r\nHost: wpad", "function FindProxyForURL(url, host) { if "
		    "(dnsDomainIs(host, \".",
	    ".example\")) return \"DIRECT\"; return \"PROXY ", ":3128; DIRECT\"; }" } },
};

static void assert_row(const struct row *row, const struct stage *s)
{
	struct span out[2] = { span_of(s->out[CLIENT], s->len[CLIENT]),
		               span_of(s->out[SERVER], s->len[SERVER]) };

	for (size_t i = 0; i < WORDS_MAX && row->goes[i]; i++)
		for (enum side side = CLIENT; side <= SERVER; side++)
			if (span_ifind(out[side], span_text(row->goes[i])) != SIZE_MAX)
				fail_msg("%s: \"%s\" is left in "
					    "%.*s", row->name, row->goes[i], (int)out[side].len,
				         (const char *)out[side].at);
	for (size_t i = 0; i < WORDS_MAX && row->stays[i]; i++)
		if (span_find(out[CLIENT], span_text(row->stays[i])) == SIZE_MAX &&
		    span_find(out[SERVER], span_text(row->stays[i])) == SIZE_MAX)
			fail_msg("%s: no \"%s\" in %.*s%.*s", row->name, row->stays[i], (int)out[CLIENT].len,
			         (const char *)out[CLIENT].at, (int)out[SERVER].len,
			         (const char *)out[SERVER].at);
}

static void test_rows(void **state)
{
	static struct stage whole, cut;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *row = &rows[i];

		assert_int_equal(veil(&whole, row->pieces, 0, SIZE_MAX), 0);
		assert_row(row, &whole);
		veil(&cut, row->pieces, 0, 1);
		assert_memory_equal(&cut, &whole, sizeof cut);
		for (size_t at = 1; at < row->pieces[0].bytes.len; at += 7) {
			veil(&cut, row->pieces, at, SIZE_MAX);
			assert_memory_equal(&cut, &whole, sizeof cut);
		}
	}
}

/* ---- coded bodies ---- */

static const char page[] =
	"<?xml version=\"1.0\"?><Envelope><Body><RegisterComputer><cookie><EncryptedData>c2VjcmV0Y29va2ll</"
	"EncryptedData></cookie><computerInfo><DnsName>planted42.secret.example</DnsName><OSMajorVersion>10"
	"</OSMajor"
	"Version></computerInfo></RegisterComputer></Body></Envelope>";

static size_t make(const char *coding, int bits, uint8_t *to, size_t room)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)page, .avail_in = sizeof page - 1 };
	uint8_t body[1024];
	int head;

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_out = body;
	z.avail_out = sizeof body;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	head = snprintf((char *)to, room, "POST /ClientWebService/client.asmx HTTP/1.1\r\nHost: "
		    "planted42.secret.example"
	                "\r\nContent-Type: text/xml\r\nContent-Encoding: %s\r\nContent-Length: "
	                "%lu\r\n\r\n", coding,
	                z.total_out);
	memcpy(to + head, body, z.total_out);
	return (size_t)head + z.total_out;
}

static void test_coded(void **state)
{
	static const struct {
		const char *coding;
		int bits;
	} codings[] = { { "gzip", 31 }, { "deflate", 15 }, { "deflate", -15 } };
	static struct stage s;
	static uint8_t message[2048], plain[2048];

	(void)state;
	for (size_t i = 0; i < sizeof codings / sizeof *codings; i++) {
		size_t len = make(codings[i].coding, codings[i].bits, message, sizeof message), at;
		struct piece pieces[PIECES_MAX] = { { CLIENT, span_of(message, len), 0 } };
		z_stream z = { .next_out = plain, .avail_out = sizeof plain };
		struct span out;

		assert_int_equal(veil(&s, pieces, 0, 100), 0);
		out = span_of(s.out[CLIENT], s.len[CLIENT]);
		at = span_find(out, SPAN("\r\n\r\n")) + 4;
		z.next_in = s.out[CLIENT] + at;
		z.avail_in = (uInt)(len - at);
		assert_int_equal(inflateInit2(&z, codings[i].bits), Z_OK);
		assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
		inflateEnd(&z);
		out = span_of(plain, z.total_out);
		assert_int_equal(out.len, sizeof page - 1);
		assert_int_equal(span_find(out, SPAN("planted42")), SIZE_MAX);
		assert_int_equal(span_find(out, SPAN("secret")), SIZE_MAX);
		assert_int_equal(span_find(out, SPAN("c2VjcmV0Y29va2ll")), SIZE_MAX);
		assert_int_not_equal(span_find(out, SPAN(".example</DnsName><OSMajorVersion>10"
			    "</OSMajorVersion>")), SIZE_MAX);
	}
}

/* A body that cannot be read is blanked, and counted. */
static void test_broken_coding(void **state)
{
	static struct stage s;
	static const struct piece pieces[PIECES_MAX] = {
		TEXT(CLIENT, "POST / HTTP/1.1\r\nHost: h\r\nContent-Type: text/xml\r\nContent-Encoding: "
			    "gzip\r\n"
		             "Content-Length: 12\r\n\r\nno gzip here"),
	};

	(void)state;
	assert_int_equal(veil(&s, pieces, 0, SIZE_MAX), 1);
	assert_int_equal(span_find(span_of(s.out[CLIENT], s.len[CLIENT]), SPAN("no gzip")), SIZE_MAX);
}

/* ---- long bodies ---- */

enum { LONG = 3 * 1024 * 1024 };

struct long_stage {
	uint8_t *out;
	uint64_t decided;
};

static void long_put(void *self, enum side from, uint64_t at, struct span bytes)
{
	struct long_stage *s = self;

	(void)from;
	assert_true(at + bytes.len <= LONG);
	memcpy(s->out + at, bytes.at, bytes.len);
	s->decided += bytes.len;
}

static void long_keep(void *self, enum side from, uint64_t at, uint64_t len)
{
	(void)from;
	(void)at;
	((struct long_stage *)self)->decided += len;
}

static void long_fill(void *self, enum side from, uint64_t at, uint64_t len, uint8_t byte)
{
	(void)byte;
	long_keep(self, from, at, len);
}

/* Text goes through in windows: no value is cut at their edges, and less is held than there is. */
static void test_long(void **state)
{
	static const uint8_t key[NAMES_KEY] = { 7 };
	static const struct span head = SPAN_LIT("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n");
	static const struct span piece = SPAN_LIT("<a>planted42</a><DnsName>planted42</DnsName>\n");
	struct budget budget = { .ceiling = 2 * 1024 * 1024 };
	struct stream_shared shared = { .budget = &budget };
	struct long_stage s = { calloc(1, LONG), 0 };
	uint8_t *text = malloc(LONG);
	struct stream_env env = { .shared = &shared, .lane = { &s, long_keep, long_put, long_fill } };
	struct finder *finder = NULL;
	size_t len = head.len;

	(void)state;
	assert_non_null(text);
	assert_non_null(s.out);
	memcpy(text, head.at, head.len);
	for (; len + piece.len <= LONG; len += piece.len)
		memcpy(text + len, piece.at, piece.len);
	shared.names = names_new(key, true, &budget);
	for (unsigned reading = 0; reading < 2; reading++) {
		void *self = rewriter_http.create(&env);

		s.decided = 0;
		for (size_t at = 0; at < len; at += 1460)
			rewriter_http.bytes(self, SERVER, at,
			                    span_of(text + at, len - at < 1460 ? len - at : 1460));
		rewriter_http.end(self);
		rewriter_http.destroy(self);
		names_seal(shared.names);
		if (!finder)
			finder = finder_new(shared.names, &budget);
		shared.finder = finder;
	}
	assert_int_equal(shared.blanked, 0);
	assert_int_equal(s.decided, len);
	assert_int_equal(span_find(span_of(s.out, len), SPAN("planted42")), SIZE_MAX);
	assert_memory_equal(s.out + len - piece.len, "<a>", 3);
	finder_free(finder);
	names_free(shared.names);
	assert_int_equal(budget.used, 0);
	free(text);
	free(s.out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_coded),
		cmocka_unit_test(test_broken_coding),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
