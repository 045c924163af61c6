/* tests/test_fetchask.c - what servers and proxies hear, and what is told of answers as they should be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#undef skip
#include <signal.h>
#include <stdlib.h>

#include "tests/fetched.h"

#define FAR_AWAY "http://wsus.test:8530/x"
#define FAR_SECURE "https://wsus.test:8531/x"

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
	static const struct fetched_row rows[] = {
		{ .name = "length", .url = FETCHED_PLAIN, .acts = { HEAR, OK("5\r\n\r\nhello") },
		  .stage = FETCH_DONE, .status = 200, .body = "hello",
		  .exchanges = "GET /x 200 hello; ", .connections = "established fin; ",
		  .heard = "User-Agent: tester/1\r\n" },
		{ .name = "byte by byte", .url = FETCHED_PLAIN,
		  .acts = { HEAR, { SERVED_SLOWLY, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi" } },
		  .stage = FETCH_DONE, .status = 200, .body = "hi", .exchanges = "GET /x 200 hi; " },
		{ .name = "chunked", .url = FETCHED_PLAIN,
		  .acts = { HEAR, SAY("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
		               "3\r\nabc\r\n2\r\nde\r\n0\r\nX: trailer\r\n\r\n") }, .stage = FETCH_DONE,
		  .status = 200, .body = "abcde", .exchanges = "GET /x 200 abcde; " },
		{ .name = "until the end", .url = FETCHED_PLAIN,
		  .acts = { HEAR, SAY("HTTP/1.0 404 Not Found\r\n\r\nnowhere") }, .stage = FETCH_DONE,
		  .status = 404, .body = "nowhere", .exchanges = "GET /x 404 nowhere; " },
		{ .name = "an answer before", .url = FETCHED_PLAIN,
		  .acts = { HEAR, SAY("HTTP/1.1 103 Early Hints\r\n\r\n"), OK("2\r\n\r\nhi") },
		  .stage = FETCH_DONE, .status = 200, .body = "hi", .exchanges = "GET /x 200 hi; " },
		{ .name = "no redirect", .url = FETCHED_PLAIN,
		  .acts = { HEAR,
		            SAY("HTTP/1.1 302 Found\r\nLocation: /y\r\nContent-Length: 0\r\n\r\n") },
		  .stage = FETCH_DONE, .status = 302, .exchanges = "GET /x 302; " },
		{ .name = "HEAD", .url = FETCHED_PLAIN, .acts = { HEAR, OK("99\r\n\r\n") },
		  .shape = as_head, .stage = FETCH_DONE, .status = 200, .body = "",
		  .exchanges = "HEAD /x 200; " },
		{ .name = "POST", .url = FETCHED_PLAIN, .acts = { HEAR, OK("0\r\n\r\n") },
		  .shape = as_post, .stage = FETCH_DONE, .status = 200, .exchanges = "POST /x 200; ",
		  .heard = "Content-Type: text/xml\r\nSOAPAction: \"x\"\r\nContent-Length: 4\r\n\r\n<x/>" },
		{ .name = "range", .url = FETCHED_PLAIN, .shape = as_range,
		  .acts = { HEAR, SAY("HTTP/1.1 206 Partial Content\r\nContent-Length: 3\r\n"
		               "Content-Range: bytes 2-4/9\r\n\r\ncde") }, .stage = FETCH_DONE,
		  .status = 206, .body = "cde", .heard = "Range: bytes=2-4\r\n" },
		{ .name = "cut", .url = FETCHED_PLAIN, .acts = { HEAR, OK("5\r\n\r\nhello") },
		  .shape = cut_at_three, .stage = FETCH_DONE, .status = 200, .body = "hel" },
		{ .name = "the login as it is", .url = FETCHED_PLAIN, .acts = { HEAR, OK("0\r\n\r\n") },
		  .shape = as_literal, .stage = FETCH_DONE, .status = 200,
		  /* base64 of "al:p%40ss" */
		  .heard = "Authorization: Basic YWw6cCU0MHNz\r\n" },
	};

	(void)state;
	FETCHED_CHECK(rows);
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

static void proxies_are_used(void **state)
{
	static const struct fetched_row rows[] = {
		{ .name = "plain", .url = FAR_AWAY, .proxy = FETCHED_PROXY,
		  .acts = { HEAR, OK("2\r\n\r\nhi") }, .stage = FETCH_DONE, .status = 200,
		  .exchanges = "GET http://wsus.test:8530/x 200 hi; ",
		  .heard = "GET http://wsus.test:8530/x HTTP/1.1\r\n" },
		{ .name = "login", .url = FAR_AWAY, .proxy = FETCHED_PROXY, .shape = with_login,
		  .acts = { HEAR, OK("2\r\n\r\nhi") }, .stage = FETCH_DONE, .status = 200,
		  /* base64 of "al:p%40:ss" */
		  .heard = "Proxy-Authorization: Basic YWw6cCU0MDpzcw==\r\n" },
		{ .name = "login after 407", .url = FAR_AWAY, .proxy = FETCHED_PROXY,
		  .shape = with_any_login,
		  .acts = { HEAR, SAY(ASKS_LOGIN), { SERVED_NEXT, NULL }, HEAR, OK("2\r\n\r\nhi") },
		  .stage = FETCH_DONE, .status = 200, .body = "hi",
		  .exchanges = "GET http://wsus.test:8530/x 407 login!; GET http://wsus.test:8530/x 200 hi; ",
		  .heard = "Proxy-Authorization: Basic YWw6c2VjcmV0\r\n" },
		{ .name = "407", .url = FAR_AWAY, .proxy = FETCHED_PROXY,
		  .acts = { HEAR, SAY(ASKS_LOGIN) }, .stage = FETCH_DONE, .status = 407,
		  .body = "login!" },
		{ .name = "a plain tunnel", .url = FAR_AWAY, .proxy = FETCHED_PROXY, .shape = by_tunnel,
		  .acts = { HEAR, TUNNEL, HEAR, OK("2\r\n\r\nhi") }, .stage = FETCH_DONE, .status = 200,
		  .connect_status = 200, .heard = "CONNECT wsus.test:8530 HTTP/1.1\r\n",
		  .exchanges = "CONNECT wsus.test:8530 200; tunnelled GET /x 200 hi; " },
		{ .name = "a tunnel alone", .url = FAR_SECURE, .proxy = FETCHED_PROXY,
		  .shape = tunnel_alone, .acts = { HEAR, TUNNEL, HOLD }, .stage = FETCH_DONE,
		  .connect_status = 200, .exchanges = "CONNECT wsus.test:8531 200; ",
		  .connections = "established fin; " },
	};

	(void)state;
	FETCHED_CHECK(rows);
}

static void tunnels_may_be_refused(void **state)
{
	static const struct fetched_row rows[] = {
		{ .name = "refused", .url = FAR_SECURE, .proxy = FETCHED_PROXY,
		  .acts = { HEAR, SAY("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno") },
		  .stage = FETCH_TUNNEL, .status = 403, .connect_status = 403,
		  .error = "the proxy answered CONNECT with 403",
		  .exchanges = "CONNECT wsus.test:8531 403 no; " },
		{ .name = "a tunnel without login", .url = FAR_SECURE, .proxy = FETCHED_PROXY,
		  .acts = { HEAR, SAY(ASKS_LOGIN) }, .stage = FETCH_TUNNEL, .status = 407,
		  .connect_status = 407, .error = "the proxy answered CONNECT with 407" },
		{ .name = "a tunnel with login", .url = FAR_AWAY, .proxy = FETCHED_PROXY,
		  .acts = { HEAR, SAY(ASKS_LOGIN), HEAR, TUNNEL, HEAR, OK("2\r\n\r\nhi") },
		  .shape = by_tunnel_with_login, .stage = FETCH_DONE, .status = 200,
		  .connect_status = 200,
		  .exchanges = "CONNECT wsus.test:8530 407 login!; CONNECT wsus.test:8530 200; "
		               "tunnelled GET /x 200 hi; " },
		{ .name = "a tunnel that ends", .url = FAR_SECURE, .proxy = FETCHED_PROXY,
		  .acts = { HEAR }, .stage = FETCH_TUNNEL,
		  .error = "the proxy closed the connection before it answered CONNECT" },
		{ .name = "a tunnel of silence", .url = FAR_SECURE, .proxy = FETCHED_PROXY,
		  .shape = fetched_in_short, .acts = { HEAR, HOLD }, .stage = FETCH_TUNNEL,
		  .error = "1.0 s went by before it answered CONNECT" },
		{ .name = "a tunnel of garbage", .url = FAR_SECURE, .proxy = FETCHED_PROXY,
		  .acts = { HEAR, SAY("220 ftp ready\r\n\r\n") }, .stage = FETCH_TUNNEL,
		  .error = "the answer is not HTTP" },
		{ .name = "a tunnel of headers", .url = FAR_SECURE, .proxy = FETCHED_PROXY,
		  .acts = { HEAR, SAY("HTTP/1.1 200 OK\r\n"), { SERVED_FLOOD, "X: 0123456789\r\n" } },
		  .stage = FETCH_TUNNEL, .status = 200,
		  .error = "the headers of the answer have no end" },
	};

	(void)state;
	FETCHED_CHECK(rows);
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
	static const struct fetched_row rows[] = {
		{ .name = "server", .url = FETCHED_PLAIN, .shape = with_ntlm,
		  .acts = { HEAR, SAY("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n"
		               "WWW-Authenticate: NTLM " CHALLENGE "\r\n\r\nno"), HEAR,
		            OK("2\r\n\r\nhi") }, .stage = FETCH_DONE, .status = 200, .body = "hi",
		  .exchanges = "GET /x 401 no; GET /x 200 hi; ",
		  .heard = "Authorization: NTLM TlRMTVNTUAAD" },
		{ .name = "tunnel", .url = FAR_AWAY, .proxy = FETCHED_PROXY, .shape = proxy_with_ntlm,
		  .acts = { HEAR, SAY("HTTP/1.1 407 Login\r\nContent-Length: 2\r\n"
		               "Proxy-Authenticate: NTLM " CHALLENGE "\r\n\r\nno"), HEAR, TUNNEL, HEAR,
		            OK("2\r\n\r\nhi") }, .stage = FETCH_DONE, .status = 200,
		  .connect_status = 200, .body = "hi",
		  .heard = "Proxy-Authorization: NTLM TlRMTVNTUAAD" },
	};

	(void)state;
	if (fetch_can(FETCH_NTLM))
		FETCHED_CHECK(rows);
}

static void with_ticket(struct fetch_options *o)
{
	o->server_login = FETCH_NEGOTIATE;
	o->server_user = ":";
}

/* Then the refusal stands. */
static void there_may_be_no_ticket(void **state)
{
	static const struct fetched_row row = {
		.name = "no ticket", .url = FETCHED_PLAIN, .shape = with_ticket, .stage = FETCH_DONE,
		.acts = { HEAR, SAY("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Negotiate\r\n"
		                    "Content-Length: 0\r\n\r\n") },
		.status = 401, .exchanges = "GET /x 401; ",
	};

	(void)state;
	setenv("KRB5CCNAME", "FILE:/nowhere/ticket", 1);
	setenv("KRB5_CONFIG", "/dev/null", 1);
	if (fetch_can(FETCH_NEGOTIATE))
		fetched_check(&row, 1);
}

static void logins_are_known(void **state)
{
	(void)state;
	assert_true(fetch_can(FETCH_NO_LOGIN));
	assert_true(fetch_can(FETCH_BASIC));
	assert_true(fetch_can(FETCH_ANY));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_read),
		cmocka_unit_test(proxies_are_used),
		cmocka_unit_test(tunnels_may_be_refused),
		cmocka_unit_test(ntlm_takes_one_connection),
		cmocka_unit_test(there_may_be_no_ticket),
		cmocka_unit_test(logins_are_known),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, fetched_forget);
}
