/* tests/test_fetch.c - requests to servers of the test: what is told of them, and what their tape tells. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#undef skip
#include <dirent.h>
#include <openssl/ssl.h>
#include <signal.h>

#include "facts/tls.h"
#include "tests/fetched.h"

#define OK(text) { SERVED_SAY, "HTTP/1.1 200 OK\r\nServer: Test/1\r\nContent-Length: " text }
#define HEAR { SERVED_HEAR, NULL }

struct row {
	const char *name;
	const char *url, *proxy;        /* with %u for the server's port; proxy NULL: direct */
	struct served_act acts[10];
	const struct served_tls *tls;   /* NULL: its server has none */
	void (*shape)(struct fetch_options *o);
	enum fetch_stage stage;
	unsigned status, connect_status;
	const char *error, *body, *exchanges, *connections;
	const char *heard;              /* by the server, somewhere in it; NULL: whatever */
};

static const char plain[] = "http://wsus.test:%u/x", secure[] = "https://wsus.test:%u/x";
static const char far_away[] = "http://wsus.test:8530/x", far_secure[] = "https://wsus.test:8531/x";
static const char proxy[] = "http://proxy.test:%u";
static const struct served_tls good_tls = { SERVED_GOOD, 0, false };
static const struct served_tls tls12 = { SERVED_GOOD, TLS1_2_VERSION, false };

static void run_row(const struct row *row, struct fetched *f)
{
	struct served *s = served_new(row->acts, row->tls);
	char url[128] = "", proxied[128];
	struct fetch_options o = fetched_options(url);

	snprintf(url, sizeof url, row->url, (unsigned)served_port(s));
	if (row->proxy) {
		snprintf(proxied, sizeof proxied, row->proxy, (unsigned)served_port(s));
		o.proxy = proxied;
	}
	if (row->shape)
		row->shape(&o);
	fetched_run(f, &o);
	if (row->heard && !strstr(served_heard(s), row->heard))
		fail_msg("%s: the server heard %s", row->name, served_heard(s));
	served_free(s);
}

static void same(const char *row, const char *what, const char *is, const char *due)
{
	if (due && strcmp(is, due))
		fail_msg("%s: %s is \"%s\", not \"%s\"", row, what, is, due);
}

static void check_row(const struct row *row)
{
	struct fetched f;

	run_row(row, &f);
	if (f.result.stage != row->stage || f.result.status != row->status ||
	    f.result.connect_status != row->connect_status)
		fail_msg("%s: stage %d, status %u, CONNECT %u, code %d, %s", row->name, (int)f.result.stage,
		         f.result.status, f.result.connect_status, (int)f.result.code, f.result.error);
	same(row->name, "the error", f.result.error, row->error ? row->error : "");
	same(row->name, "the body", f.body, row->body);
	same(row->name, "what was exchanged", f.exchanges, row->exchanges);
	same(row->name, "the connections", f.connections, row->connections);
	assert_int_equal(f.result.dial.fd, -1);
	assert_int_equal(f.lost, 0);
	assert_true(f.result.began <= f.result.ended);
}

static void check_rows(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		check_row(&rows[i]);
}

#define CHECK_ROWS(rows) check_rows(rows, sizeof(rows) / sizeof *(rows))

static void as_head(struct fetch_options *o)
{
	o->method = "HEAD";
}

static void as_post(struct fetch_options *o)
{
	static const char *const headers[] = { "Content-Type: text/xml", "SOAPAction: \"x\"", NULL };

	o->method = "POST";
	o->body = SPAN("<x/>");
	o->headers = headers;
}

static void as_range(struct fetch_options *o)
{
	o->range = "2-4";
}

static void cut_at_three(struct fetch_options *o)
{
	o->most = 3;
}

static void as_literal(struct fetch_options *o)
{
	o->server_login = FETCH_BASIC;
	o->server_user = "al:p%40ss";
}

/* Answers as RFC 9112 has them. */
static void answers_are_read(void **state)
{
	static const struct row rows[] = {
		{ .name = "length", .url = plain, .acts = { HEAR, OK("5\r\n\r\nhello") }, .stage = FETCH_DONE,
		  .status = 200, .body = "hello", .exchanges = "GET /x 200 hello; ",
		  .connections = "established fin; ", .heard = "User-Agent: tester/1\r\n" },
		{ .name = "byte by byte", .url = plain,
		  .acts = { HEAR, { SERVED_SLOWLY, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi" } },
		  .stage = FETCH_DONE, .status = 200, .body = "hi", .exchanges = "GET /x 200 hi; " },
		{ .name = "chunked", .url = plain,
		  .acts = { HEAR, { SERVED_SAY, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
		                                "3\r\nabc\r\n2\r\nde\r\n0\r\nX: trailer\r\n\r\n" } },
		  .stage = FETCH_DONE, .status = 200, .body = "abcde", .exchanges = "GET /x 200 abcde; " },
		{ .name = "until the end", .url = plain,
		  .acts = { HEAR, { SERVED_SAY, "HTTP/1.0 404 Not Found\r\n\r\nnowhere" } }, .stage = FETCH_DONE,
		  .status = 404, .body = "nowhere", .exchanges = "GET /x 404 nowhere; " },
		{ .name = "an answer before", .url = plain,
		  .acts = { HEAR, { SERVED_SAY, "HTTP/1.1 103 Early Hints\r\n\r\n" }, OK("2\r\n\r\nhi") },
		  .stage = FETCH_DONE, .status = 200, .body = "hi", .exchanges = "GET /x 200 hi; " },
		{ .name = "no redirect", .url = plain,
		  .acts = { HEAR, { SERVED_SAY, "HTTP/1.1 302 Found\r\nLocation: /y\r\nContent-Length: 0\r\n\r\n" } },
		  .stage = FETCH_DONE, .status = 302, .exchanges = "GET /x 302; " },
		{ .name = "HEAD", .url = plain, .acts = { HEAR, OK("99\r\n\r\n") }, .shape = as_head,
		  .stage = FETCH_DONE, .status = 200, .body = "", .exchanges = "HEAD /x 200; " },
		{ .name = "POST", .url = plain, .acts = { HEAR, OK("0\r\n\r\n") }, .shape = as_post,
		  .stage = FETCH_DONE, .status = 200, .exchanges = "POST /x 200; ",
		  .heard = "Content-Type: text/xml\r\nSOAPAction: \"x\"\r\nContent-Length: 4\r\n\r\n<x/>" },
		{ .name = "range", .url = plain, .shape = as_range,
		  .acts = { HEAR, { SERVED_SAY, "HTTP/1.1 206 Partial Content\r\nContent-Length: 3\r\n"
		                                "Content-Range: bytes 2-4/9\r\n\r\ncde" } },
		  .stage = FETCH_DONE, .status = 206, .body = "cde", .heard = "Range: bytes=2-4\r\n" },
		{ .name = "cut", .url = plain, .acts = { HEAR, OK("5\r\n\r\nhello") }, .shape = cut_at_three,
		  .stage = FETCH_DONE, .status = 200, .body = "hel" },
		{ .name = "the login as it is", .url = plain, .acts = { HEAR, OK("0\r\n\r\n") },
		  .shape = as_literal, .stage = FETCH_DONE, .status = 200,
		  /* base64 of "al:p%40ss" */
		  .heard = "Authorization: Basic YWw6cCU0MHNz\r\n" },
	};

	(void)state;
	CHECK_ROWS(rows);
}

static void in_short(struct fetch_options *o)
{
	o->connect_timeout = o->timeout = 500 * MOMENT_MS;
}

static void flood_of_body(struct fetch_options *o)
{
	o->most = 0;
	o->timeout = 500 * MOMENT_MS;
}

/* Every answer that is none, and in plain words why. */
static void bad_answers_are_told(void **state)
{
	static const struct row rows[] = {
		{ .name = "silence", .url = plain, .acts = { HEAR, { SERVED_HOLD, NULL } }, .shape = in_short,
		  .stage = FETCH_ANSWER, .error = "0.5 s went by before it answered",
		  .exchanges = "GET /x 0; ", .connections = "established open; " },
		{ .name = "half a head", .url = plain, .shape = in_short,
		  .acts = { HEAR, { SERVED_SAY, "HTTP/1.1 200 OK\r\nSer" }, { SERVED_HOLD, NULL } },
		  .stage = FETCH_ANSWER, .status = 200, .error = "0.5 s went by before it answered to the end" },
		{ .name = "closed at once", .url = plain, .acts = { HEAR }, .stage = FETCH_ANSWER,
		  .error = "the server closed the connection before it answered",
		  .connections = "established fin; " },
		{ .name = "reset at once", .url = plain, .acts = { HEAR, { SERVED_RESET, NULL } },
		  .stage = FETCH_ANSWER, .error = "the server reset the connection before it answered",
		  .connections = "established reset_by_server; " },
		{ .name = "closed in the body", .url = plain, .acts = { HEAR, OK("9\r\n\r\nhello") },
		  .stage = FETCH_BODY, .status = 200, .body = "hello",
		  .error = "the server closed the connection before all was sent" },
		{ .name = "reset in the body", .url = plain,
		  .acts = { HEAR, { SERVED_SAY, "HTTP/1.1 200 OK\r\n\r\nhello" }, { SERVED_RESET, NULL } },
		  .stage = FETCH_BODY, .status = 200,
		  .error = "the server reset the connection before all was sent" },
		{ .name = "an endless body", .url = plain, .shape = flood_of_body,
		  .acts = { HEAR, { SERVED_SAY, "HTTP/1.1 200 OK\r\n\r\n" }, { SERVED_SLOWLY, "a" },
		            { SERVED_HOLD, NULL } },
		  .stage = FETCH_BODY, .status = 200, .error = "0.5 s went by before all was sent" },
		{ .name = "a broken chunk", .url = plain,
		  .acts = { HEAR, { SERVED_SAY, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n" },
		            { SERVED_HOLD, NULL } },
		  .stage = FETCH_BODY, .status = 200, .error = "what it sends contradicts itself" },
		{ .name = "endless headers", .url = plain,
		  .acts = { HEAR, { SERVED_SAY, "HTTP/1.1 200 OK\r\n" }, { SERVED_FLOOD, "X-Long: 0123456789\r\n" } },
		  .stage = FETCH_ANSWER, .status = 200, .error = "the headers of the answer have no end" },
		{ .name = "an endless header", .url = plain,
		  .acts = { HEAR, { SERVED_SAY, "HTTP/1.1 200 OK\r\nX: " }, { SERVED_FLOOD, "0123456789" } },
		  .stage = FETCH_ANSWER, .status = 200, .error = "the headers of the answer have no end" },
		{ .name = "endless answers before", .url = plain,
		  .acts = { HEAR, { SERVED_FLOOD, "HTTP/1.1 102 Processing\r\n\r\n" } }, .stage = FETCH_ANSWER,
		  .error = "the headers of the answer have no end" },
		{ .name = "garbage", .url = plain, .acts = { HEAR, { SERVED_SAY, "220 ftp ready\r\n" } },
		  .stage = FETCH_ANSWER, .error = "the answer is not HTTP" },
	};

	(void)state;
	CHECK_ROWS(rows);
}

static void with_login(struct fetch_options *o)
{
	o->proxy_login = FETCH_BASIC;
	o->proxy_user = "al:p%40:ss";
}

static void with_any_login(struct fetch_options *o)
{
	o->proxy_login = FETCH_ANY;
	o->proxy_user = "al:secret";
}

static void by_tunnel(struct fetch_options *o)
{
	o->tunnel = true;
}

static void by_tunnel_with_login(struct fetch_options *o)
{
	o->tunnel = true;
	with_any_login(o);
}

static void tunnel_alone(struct fetch_options *o)
{
	o->tunnel = o->connect_only = true;
}

#define ASKS_LOGIN \
	"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n" \
	"Content-Length: 6\r\n\r\nlogin!"
#define TUNNEL { SERVED_SAY, "HTTP/1.1 200 Connection established\r\n\r\n" }

static void proxies_are_used(void **state)
{
	static const struct row rows[] = {
		{ .name = "plain", .url = far_away, .proxy = proxy, .acts = { HEAR, OK("2\r\n\r\nhi") },
		  .stage = FETCH_DONE, .status = 200, .exchanges = "GET http://wsus.test:8530/x 200 hi; ",
		  .heard = "GET http://wsus.test:8530/x HTTP/1.1\r\n" },
		{ .name = "login", .url = far_away, .proxy = proxy, .shape = with_login,
		  .acts = { HEAR, OK("2\r\n\r\nhi") }, .stage = FETCH_DONE, .status = 200,
		  /* base64 of "al:p%40:ss" */
		  .heard = "Proxy-Authorization: Basic YWw6cCU0MDpzcw==\r\n" },
		{ .name = "login after 407", .url = far_away, .proxy = proxy, .shape = with_any_login,
		  .acts = { HEAR, { SERVED_SAY, ASKS_LOGIN }, { SERVED_NEXT, NULL }, HEAR, OK("2\r\n\r\nhi") },
		  .stage = FETCH_DONE, .status = 200, .body = "hi",
		  .exchanges = "GET http://wsus.test:8530/x 407 login!; GET http://wsus.test:8530/x 200 hi; ",
		  .heard = "Proxy-Authorization: Basic YWw6c2VjcmV0\r\n" },
		{ .name = "407", .url = far_away, .proxy = proxy, .acts = { HEAR, { SERVED_SAY, ASKS_LOGIN } },
		  .stage = FETCH_DONE, .status = 407, .body = "login!" },
		{ .name = "a plain tunnel", .url = far_away, .proxy = proxy, .shape = by_tunnel,
		  .acts = { HEAR, TUNNEL, HEAR, OK("2\r\n\r\nhi") }, .stage = FETCH_DONE, .status = 200,
		  .connect_status = 200, .heard = "CONNECT wsus.test:8530 HTTP/1.1\r\n",
		  .exchanges = "CONNECT wsus.test:8530 200; tunnelled GET /x 200 hi; " },
		{ .name = "a tunnel alone", .url = far_secure, .proxy = proxy, .shape = tunnel_alone,
		  .acts = { HEAR, TUNNEL, { SERVED_HOLD, NULL } }, .stage = FETCH_DONE, .connect_status = 200,
		  .exchanges = "CONNECT wsus.test:8531 200; ", .connections = "established open; " },
		{ .name = "refused", .url = far_secure, .proxy = proxy,
		  .acts = { HEAR, { SERVED_SAY, "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno" } },
		  .stage = FETCH_TUNNEL, .status = 403, .connect_status = 403,
		  .error = "the proxy answered CONNECT with 403", .exchanges = "CONNECT wsus.test:8531 403 no; " },
		{ .name = "a tunnel without login", .url = far_secure, .proxy = proxy,
		  .acts = { HEAR, { SERVED_SAY, ASKS_LOGIN } }, .stage = FETCH_TUNNEL, .status = 407,
		  .connect_status = 407, .error = "the proxy answered CONNECT with 407" },
		{ .name = "a tunnel with login", .url = far_away, .proxy = proxy,
		  .acts = { HEAR, { SERVED_SAY, ASKS_LOGIN }, HEAR, TUNNEL, HEAR, OK("2\r\n\r\nhi") },
		  .shape = by_tunnel_with_login, .stage = FETCH_DONE, .status = 200, .connect_status = 200,
		  .exchanges = "CONNECT wsus.test:8530 407 login!; CONNECT wsus.test:8530 200; "
		               "tunnelled GET /x 200 hi; " },
		{ .name = "a tunnel that ends", .url = far_secure, .proxy = proxy, .acts = { HEAR },
		  .stage = FETCH_TUNNEL, .error = "the proxy closed the connection before it answered CONNECT" },
		{ .name = "a tunnel of silence", .url = far_secure, .proxy = proxy, .shape = in_short,
		  .acts = { HEAR, { SERVED_HOLD, NULL } }, .stage = FETCH_TUNNEL,
		  .error = "0.5 s went by before it answered CONNECT" },
		{ .name = "a tunnel of garbage", .url = far_secure, .proxy = proxy,
		  .acts = { HEAR, { SERVED_SAY, "220 ftp ready\r\n\r\n" } }, .stage = FETCH_TUNNEL,
		  .error = "the answer is not HTTP" },
		{ .name = "a tunnel of headers", .url = far_secure, .proxy = proxy,
		  .acts = { HEAR, { SERVED_SAY, "HTTP/1.1 200 OK\r\n" }, { SERVED_FLOOD, "X: 0123456789\r\n" } },
		  .stage = FETCH_TUNNEL, .status = 200, .error = "the headers of the answer have no end" },
	};

	(void)state;
	CHECK_ROWS(rows);
}

static void up_to_12(struct fetch_options *o)
{
	o->tls.max = TLS_1_2;
}

static void only_10(struct fetch_options *o)
{
	o->tls.min = o->tls.max = TLS_1_0;
}

static void only_13(struct fetch_options *o)
{
	o->tls.min = TLS_1_3;
}

static void tls_is_spoken(void **state)
{
	static const struct served_tls tls10 = { SERVED_GOOD, TLS1_VERSION, false };
	static const struct row rows[] = {
		{ .name = "1.3", .url = secure, .tls = &good_tls,
		  .acts = { { SERVED_TLS, NULL }, HEAR, OK("2\r\n\r\nhi") }, .stage = FETCH_DONE, .status = 200,
		  .body = "hi", .exchanges = "tls GET /x 200 hi; " },
		{ .name = "1.2", .url = secure, .tls = &tls12, .shape = up_to_12,
		  .acts = { { SERVED_TLS, NULL }, HEAR, OK("2\r\n\r\nhi") }, .stage = FETCH_DONE, .status = 200,
		  .exchanges = "tls GET /x 200 hi; " },
		{ .name = "1.0", .url = secure, .tls = &tls10, .shape = only_10,
		  .acts = { { SERVED_TLS, NULL }, HEAR, OK("2\r\n\r\nhi") }, .stage = FETCH_DONE, .status = 200,
		  .exchanges = "tls GET /x 200 hi; " },
		{ .name = "through a proxy", .url = far_secure, .proxy = proxy, .tls = &good_tls,
		  .acts = { HEAR, TUNNEL, { SERVED_TLS, NULL }, HEAR, OK("2\r\n\r\nhi") }, .stage = FETCH_DONE,
		  .status = 200, .connect_status = 200,
		  .exchanges = "CONNECT wsus.test:8531 200; tls tunnelled GET /x 200 hi; " },
		{ .name = "to a proxy", .url = far_away, .proxy = "https://wsus.test:%u", .tls = &good_tls,
		  .acts = { { SERVED_TLS, NULL }, HEAR, OK("2\r\n\r\nhi") }, .stage = FETCH_DONE, .status = 200,
		  .exchanges = "tls GET http://wsus.test:8530/x 200 hi; " },
		{ .name = "none that fits", .url = secure, .tls = &tls12, .shape = only_13,
		  .acts = { { SERVED_TLS, NULL } }, .stage = FETCH_TLS,
		  .error = "the server sent the alert protocol_version" },
		{ .name = "no TLS", .url = secure, .acts = { { SERVED_SAY, "HTTP/1.1 400 Bad Request\r\n\r\n" },
		                                             { SERVED_HOLD, NULL } },
		  .stage = FETCH_TLS, .error = "what it answers is not TLS" },
		{ .name = "the end of a handshake", .url = secure, 
		  .acts = { { SERVED_LISTEN, NULL }, { SERVED_SAY, "\x16" } },
		  .stage = FETCH_TLS, .error = "the server closed the connection before the handshake was done" },
		{ .name = "the reset of a handshake", .url = secure, 
		  .acts = { { SERVED_LISTEN, NULL }, { SERVED_RESET, NULL } },
		  .stage = FETCH_TLS, .error = "the server reset the connection before the handshake was done" },
		{ .name = "a handshake of silence", .url = secure, .acts = { { SERVED_HOLD, NULL } },
		  .shape = in_short, .stage = FETCH_TLS,
		  .error = "0.5 s went by before the handshake was done" },
	};

	(void)state;
	CHECK_ROWS(rows);
}

static void no_certificate(struct fetch_options *o)
{
	o->tls.certificate = o->tls.key = "/nowhere.pem";
}

static void no_authorities(struct fetch_options *o)
{
	o->tls.authorities = "/nowhere.pem";
}

static void no_cipher(struct fetch_options *o)
{
	o->tls.ciphers = "NONSENSE";
}

static void what_is_not_here_is_told(void **state)
{
	static const struct row rows[] = {
		{ .name = "certificate", .url = secure, .acts = { { SERVED_HOLD, NULL } }, .shape = no_certificate,
		  .stage = FETCH_TLS, .error = "the client certificate or its key cannot be used" },
		{ .name = "authorities", .url = secure, .acts = { { SERVED_HOLD, NULL } }, .shape = no_authorities,
		  .stage = FETCH_TLS, .error = "the file of trusted authorities cannot be read" },
		{ .name = "cipher", .url = secure, .acts = { { SERVED_HOLD, NULL } }, .shape = no_cipher,
		  .stage = FETCH_TLS,
		  .error = "none of the ciphers or versions asked for can be offered here" },
	};

	(void)state;
	CHECK_ROWS(rows);
}

/* X509_V_ERR_... as verify(1) lists them. */
static void certificates_are_judged(void **state)
{
	static const struct {
		enum served_certificate certificate;
		long verify;
		const char *error;
	} rows[] = {
		{ SERVED_GOOD, X509_V_OK, "" },
		{ SERVED_EXPIRED, X509_V_ERR_CERT_HAS_EXPIRED, "certificate has expired" },
		{ SERVED_OTHER_NAME, X509_V_ERR_HOSTNAME_MISMATCH, "hostname mismatch" },
		{ SERVED_UNKNOWN_AUTHORITY, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
		  "unable to get local issuer certificate" },
	};
	static const struct served_act acts[] = { { SERVED_TLS, NULL }, HEAR, OK("2\r\n\r\nhi"), { 0 } };

	(void)state;
	for (size_t i = 0; i < 2 * sizeof rows / sizeof *rows; i++) {
		bool const insecure = i & 1;
		struct served *s = served_new(acts, &(struct served_tls){ rows[i / 2].certificate, 0, false });
		char url[64] = "", due[160] = "";
		struct fetch_options o = fetched_options(url);
		struct fetched f;

		snprintf(url, sizeof url, secure, (unsigned)served_port(s));
		o.tls.insecure = insecure;
		fetched_run(&f, &o);
		assert_int_equal(f.result.verify, rows[i / 2].verify);
		assert_int_equal(f.result.chain_count, 1);
		assert_int_equal(f.result.stage, insecure || !rows[i / 2].verify ? FETCH_DONE : FETCH_TLS);
		if (f.result.stage == FETCH_TLS)
			snprintf(due, sizeof due, "the certificate is not trusted: %s", rows[i / 2].error);
		assert_string_equal(f.result.error, due);
		assert_int_equal(f.result.tls_version, TLS_1_3);
		assert_non_null(f.result.cipher);
		assert_false(f.result.certificate_asked);
		served_free(s);
	}
}

/* By address, which is in the certificate; the wrong one is a wrong name as well. */
static void addresses_are_names(void **state)
{
	static const struct served_act acts[] = { { SERVED_TLS, NULL }, HEAR, OK("2\r\n\r\nhi"), { 0 } };

	(void)state;
	for (int wrong = 0; wrong < 2; wrong++) {
		struct served *s = served_new(acts, &good_tls);
		char url[64] = "";
		struct fetch_options o = fetched_options(url);
		struct fetched f;

		snprintf(url, sizeof url, "https://127.0.0.%d:%u/x", 1 + wrong, (unsigned)served_port(s));
		fetched_run(&f, &o);
		assert_int_equal(f.result.verify, wrong ? X509_V_ERR_HOSTNAME_MISMATCH : X509_V_OK);
		assert_int_equal(f.result.stage, wrong ? FETCH_TLS : FETCH_DONE);
		served_free(s);
	}
}

static void client_certificates_are_asked_for(void **state)
{
	static const struct served_act at_once[] = { { SERVED_TLS, NULL }, HEAR, OK("2\r\n\r\nhi"), { 0 } };
	static const struct served_act later[] = {
		{ SERVED_TLS, NULL }, HEAR, { SERVED_ASK, NULL }, OK("2\r\n\r\nhi"), { 0 },
	};
	static const struct {
		int max;
		bool asks, has;
		const struct served_act *acts;
		enum fetch_stage stage;
		const char *error;
		bool asked, again;
	} rows[] = {
		/* RFC 5246 section 7.4.6: handshake_failure; RFC 8446 section 6.2: certificate_required */
		{ TLS1_2_VERSION, true, false, at_once, FETCH_TLS, "the server sent the alert handshake_failure",
		  true, false },
		{ TLS1_2_VERSION, true, true, at_once, FETCH_DONE, "", true, false },
		{ 0, true, false, at_once, FETCH_ANSWER, "the server sent the alert certificate_required", true,
		  false },
		{ 0, true, true, at_once, FETCH_DONE, "", true, false },
		{ TLS1_2_VERSION, false, false, later, FETCH_DONE, "", true, true },
		{ TLS1_2_VERSION, false, true, later, FETCH_DONE, "", true, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct served *s = served_new(rows[i].acts,
		                              &(struct served_tls){ SERVED_GOOD, rows[i].max, rows[i].asks });
		char url[64] = "";
		struct fetch_options o = fetched_options(url);
		struct fetched f;

		snprintf(url, sizeof url, secure, (unsigned)served_port(s));
		if (rows[i].has)
			o.tls.certificate = o.tls.key = served_client();
		fetched_run(&f, &o);
		assert_string_equal(f.result.error, rows[i].error);
		assert_int_equal(f.result.stage, rows[i].stage);
		if (f.result.certificate_asked != rows[i].asked)
			fail_msg("row %zu: %d", i, f.result.certificate_asked);
		assert_int_equal(f.result.asked_again, rows[i].again);
		if (rows[i].stage == FETCH_DONE)
			assert_string_equal(f.exchanges, "tls GET /x 200 hi; ");
		served_free(s);
	}
}

static void a_refused_port_is_told(void **state)
{
	char url[64] = "";
	struct fetch_options o = fetched_options(url);
	struct fetched f;

	(void)state;
	snprintf(url, sizeof url, plain, (unsigned)served_nowhere());
	fetched_run(&f, &o);
	assert_int_equal(f.result.stage, FETCH_CONNECT);
	assert_int_equal(f.result.dial.outcome, DIAL_REFUSED);
	assert_string_equal(f.result.error, "refused");
	assert_int_equal(f.result.connected, MOMENT_NONE);
	assert_string_equal(f.connections, "refused reset_by_server; ");
}

static void connect_only(struct fetch_options *o)
{
	o->connect_only = true;
}

static void connections_alone_say_nothing(void **state)
{
	static const struct row row = {
		.name = "a connection alone", .url = secure, .acts = { { SERVED_HOLD, NULL } },
		.shape = connect_only, .stage = FETCH_DONE, .exchanges = "", .connections = "established open; ",
	};

	(void)state;
	check_row(&row);
}

static void what_is_seen_is_kept(void **state)
{
	/* sha1sum(1) of "hello" */
	static const uint8_t sha1[20] = {
		0xaa, 0xf4, 0xc6, 0x1d, 0xdc, 0xc5, 0xe8, 0xa2, 0xda, 0xbe,
		0xde, 0x0f, 0x3b, 0x48, 0x2c, 0xd9, 0xae, 0xa9, 0x43, 0x4d,
	};
	static const struct served_act acts[] = { { SERVED_TLS, NULL }, HEAR, OK("5\r\n\r\nhello"), { 0 } };
	struct served *s = served_new(acts, &good_tls);
	char url[64] = "";
	struct fetch_options o = fetched_options(url);
	struct fetched f;
	const struct fetch_result *r = &f.result;

	(void)state;
	snprintf(url, sizeof url, secure, (unsigned)served_port(s));
	o.hash = true;
	o.keep = 2;
	fetched_run(&f, &o);
	assert_true(r->has_digest);
	assert_memory_equal(r->sha1, sha1, sizeof sha1);
	assert_string_equal(f.body, "he");
	assert_string_equal(f.server, "Test/1");
	assert_int_equal(r->body_bytes, 5);
	assert_int_equal(r->length, 5);
	assert_int_equal(r->dial.talk.them.port, served_port(s));
	assert_true(r->dial.talk.us.port);
	assert_true(r->began <= r->connected && r->connected <= r->secured && r->secured <= r->first_byte &&
	            r->first_byte <= r->ended);
	assert_int_equal(r->lookup, MOMENT_NONE);
	served_free(s);
}

/* 8 MiB that nobody wants: cut off where it was asked for, in the bytes and in the time. */
static void much_is_cut(void **state)
{
	static const struct served_act acts[] = {
		HEAR, { SERVED_SAY, "HTTP/1.1 200 OK\r\nContent-Length: 8388608\r\n\r\n" },
		{ SERVED_FLOOD, "0123456789012345678901234567890123456789" }, { 0 },
	};
	struct served *s = served_new(acts, NULL);
	char url[64] = "";
	struct fetch_options o = fetched_options(url);
	struct fetched f;

	(void)state;
	snprintf(url, sizeof url, plain, (unsigned)served_port(s));
	o.most = 1 << 16;
	o.hash = true;
	fetched_run(&f, &o);
	assert_int_equal(f.result.stage, FETCH_DONE);
	assert_true(f.result.cut);
	assert_false(f.result.has_digest);
	assert_int_equal(f.result.body_bytes, 1 << 16);
	assert_int_equal(f.result.length, 8388608);
	served_free(s);
}

static void no_done(void *self, const struct fetch_result *result)
{
	(void)self;
	(void)result;
	fail_msg("it was stopped");
}

static void stop(void *self)
{
	fetch_stop(self);
}

static size_t open_descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	size_t count = 0;

	while (readdir(d))
		count++;
	closedir(d);
	return count;
}

/* Before it began, in a dial, in a handshake, in an answer. */
static void it_can_be_stopped(void **state)
{
	static const struct served_act acts[] = { { SERVED_TLS, NULL }, HEAR, { SERVED_HOLD, NULL }, { 0 } };
	size_t const before = open_descriptors();

	(void)state;
	for (int64_t wait = 0; wait < 40; wait += 2) {
		struct served *s = served_new(acts, &good_tls);
		char url[64] = "";
		struct fetch_options o = fetched_options(url);
		struct loop *l = loop_new();
		struct tape *t = tape_new(1 << 20);
		struct loop_timer timer = { .fired = stop };

		snprintf(url, sizeof url, secure, (unsigned)served_port(s));
		timer.self = fetch_start(l, t, &o, no_done, NULL);
		assert_non_null(timer.self);
		loop_set(l, &timer, loop_now(l) + wait * MOMENT_MS);
		if (wait)
			loop_run(l);
		else
			loop_clear(l, &timer), fetch_stop(timer.self);
		tape_free(t);
		loop_free(l);
		served_free(s);
	}
	assert_int_equal(open_descriptors(), before);
}

static void what_makes_no_sense_is_refused(void **state)
{
	static const char *const urls[] = { "ftp://wsus.test/x", "wsus.test:8530", "http://", "" };
	struct loop *l = loop_new();

	(void)state;
	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
		struct fetch_options o = fetched_options(urls[i]);

		if (fetch_start(l, NULL, &o, no_done, NULL))
			fail_msg("%s was taken", urls[i]);
	}
	loop_free(l);
}

static void logins_are_known(void **state)
{
	(void)state;
	assert_true(fetch_can(FETCH_NO_LOGIN));
	assert_true(fetch_can(FETCH_BASIC));
	assert_true(fetch_can(FETCH_ANY));
}

/* MS-NLMP 2.2.1.2: a challenge to a client of domain TEST. */
#define CHALLENGE \
	"TlRMTVNTUAACAAAACAAIADAAAAABgoIAASNFZ4mrze8AAAAAAAAAABAAEAA4AAAAVABFAFMAVAACAAgAVABFAFMAVAAAAAAA"

static void with_ntlm(struct fetch_options *o)
{
	o->server_login = FETCH_NTLM;
	o->server_user = "TEST\\al:secret";
}

static void proxy_with_ntlm(struct fetch_options *o)
{
	o->tunnel = true;
	o->proxy_login = FETCH_NTLM;
	o->proxy_user = "TEST\\al:secret";
}

/* Its login is the connection's (MS-NTHT 1.3.1). */
static void ntlm_takes_one_connection(void **state)
{
	static const struct row rows[] = {
		{ .name = "server", .url = plain, .shape = with_ntlm,
		  .acts = { HEAR, { SERVED_SAY, "HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n"
		                                "WWW-Authenticate: NTLM " CHALLENGE "\r\n\r\nno" },
		            HEAR, OK("2\r\n\r\nhi") },
		  .stage = FETCH_DONE, .status = 200, .body = "hi", .exchanges = "GET /x 401 no; GET /x 200 hi; ",
		  .heard = "Authorization: NTLM TlRMTVNTUAAD" },
		{ .name = "tunnel", .url = far_away, .proxy = proxy, .shape = proxy_with_ntlm,
		  .acts = { HEAR, { SERVED_SAY, "HTTP/1.1 407 Login\r\nContent-Length: 2\r\n"
		                                "Proxy-Authenticate: NTLM " CHALLENGE "\r\n\r\nno" },
		            HEAR, TUNNEL, HEAR, OK("2\r\n\r\nhi") },
		  .stage = FETCH_DONE, .status = 200, .connect_status = 200, .body = "hi",
		  .heard = "Proxy-Authorization: NTLM TlRMTVNTUAAD" },
	};

	(void)state;
	if (fetch_can(FETCH_NTLM))
		CHECK_ROWS(rows);
}

static void see_done(void *self, const struct fetch_result *result)
{
	*(enum fetch_stage *)self = result->stage;
}

/* Sixteen at once, in one loop, and by IPv6 the one that nobody answers. */
static void a_tape_is_not_needed(void **state)
{
	enum { MANY = 16 };
	static const struct served_act acts[] = { { SERVED_TLS, NULL }, HEAR, OK("2\r\n\r\nhi"), { 0 } };
	struct served *servers[MANY];
	enum fetch_stage stages[MANY + 1] = { 0 };
	struct loop *l = loop_new();
	struct fetch_options o;
	char url[64];

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		servers[i] = served_new(acts, &good_tls);
		snprintf(url, sizeof url, secure, (unsigned)served_port(servers[i]));
		o = fetched_options(url);
		assert_non_null(fetch_start(l, NULL, &o, see_done, &stages[i]));
	}
	snprintf(url, sizeof url, "https://[::1]:%u/x", (unsigned)served_nowhere());
	o.at = addr_v6((const uint8_t[16]){ [15] = 1 });
	o.mss = 600;
	stages[MANY] = FETCH_DONE;
	assert_non_null(fetch_start(l, NULL, &o, see_done, &stages[MANY]));
	loop_run(l);
	loop_free(l);
	for (size_t i = 0; i < MANY; i++) {
		assert_int_equal(stages[i], FETCH_DONE);
		served_free(servers[i]);
	}
	assert_int_equal(stages[MANY], FETCH_CONNECT);
}

static int forget(void **state)
{
	(void)state;
	served_forget();
	return 0;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_read),
		cmocka_unit_test(bad_answers_are_told),
		cmocka_unit_test(proxies_are_used),
		cmocka_unit_test(tls_is_spoken),
		cmocka_unit_test(what_is_not_here_is_told),
		cmocka_unit_test(certificates_are_judged),
		cmocka_unit_test(addresses_are_names),
		cmocka_unit_test(client_certificates_are_asked_for),
		cmocka_unit_test(a_refused_port_is_told),
		cmocka_unit_test(connections_alone_say_nothing),
		cmocka_unit_test(what_is_seen_is_kept),
		cmocka_unit_test(much_is_cut),
		cmocka_unit_test(it_can_be_stopped),
		cmocka_unit_test(what_makes_no_sense_is_refused),
		cmocka_unit_test(logins_are_known),
		cmocka_unit_test(ntlm_takes_one_connection),
		cmocka_unit_test(a_tape_is_not_needed),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, forget);
}
