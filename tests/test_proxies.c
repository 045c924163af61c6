/* tests/test_proxies.c - scripted proxies: open ones, refusing ones, and those that want a login. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "probes/steps.h"
#include "tests/peer.h"
#include "tests/rehearsal.h"

enum { URL_TEXT = 64, CHECKS = 6 };

/* "probe:secret" (RFC 7617) */
#define BASIC_HEADER "Proxy-Authorization: Basic cHJvYmU6c2VjcmV0"

#define WANTS_LOGIN                                                                             \
	"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Negotiate\r\n"       \
	"Proxy-Authenticate: NTLM\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\n"             \
	"Content-Length: 0\r\n\r\n"
#define WANTS_EITHER                                                                            \
	"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Negotiate\r\n"       \
	"Proxy-Authenticate: Basic realm=\"proxy\"\r\nContent-Length: 0\r\n\r\n"
#define WANTS_BASIC                                                                             \
	"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=x\r\n"   \
	"Content-Length: 0\r\n\r\n"
#define FORBIDDEN "HTTP/1.1 403 Forbidden\r\nX-Squid-Error: ERR_ACCESS_DENIED 0\r\nContent-Length: 0\r\n\r\n"
#define UNREACHED                                                                               \
	"HTTP/1.1 503 Service Unavailable\r\nServer: squid/5.7\r\nX-Squid-Error: ERR_CONNECT_FAIL 111\r\n" \
	"Content-Length: 0\r\n\r\n"
#define NOT_FOUND "HTTP/1.1 404 Not Found\r\nServer: Microsoft-IIS/10.0\r\nContent-Length: 0\r\n\r\n"

struct expected {
	const char *name;               /* NULL: no more */
	enum check_state state;
	const char *says;
	bool unjudged;
};

#define LOGIN(refused) .wants = BASIC_HEADER, .refusal = (refused)
#define TLS   "https://wsus01.test:8531"
#define PLAIN "http://wsus01.test:8530"

static const struct case_of {
	const char *what;
	const char *url;
	struct proxy_script script;
	bool lands;                     /* tunnels lead to a listener */
	bool quick;
	const char *user;
	struct expected checks[CHECKS];
} cases[] = {
	{ "open, plain", PLAIN, { .passed = NULL }, true, false, NULL,
	  { { "request 8530", CHECK_OK, "passes requests on (200)", true },
	    { "CONNECT 443", CHECK_OK, "opens a tunnel", true },
	    { "CONNECT 8530", CHECK_OK, "opens a tunnel", true },
	    { "logins", CHECK_OK, "wants none", true },
	    { "Negotiate", CHECK_SKIPPED, "the proxy wants no login", true } } },
	{ "open, TLS", TLS, { .passed = NULL }, true, false, NULL,
	  { { "CONNECT 8531", CHECK_OK, "opens a tunnel", true },
	    { "CONNECT 80", CHECK_OK, "opens a tunnel", true } } },
	{ "the server's own errors", PLAIN, { .passed = NOT_FOUND }, true, true, NULL,
	  { { "request 8530", CHECK_OK, "(404)", true } } },
	{ "refuses one port", TLS,
	  { .blocks = "CONNECT wsus01.test:8531", .blocked = FORBIDDEN }, true, false, NULL,
	  { { "CONNECT 8531", CHECK_FAILED, "refuses a tunnel to port 8531 (403)", false },
	    { "CONNECT 443", CHECK_OK, "opens a tunnel", true } } },
	{ "refuses another port", TLS,
	  { .blocks = "CONNECT wsus01.test:443", .blocked = FORBIDDEN }, true, false, NULL,
	  { { "CONNECT 8531", CHECK_OK, "opens a tunnel", true },
	    { "CONNECT 443", CHECK_OK, "no tunnel: the proxy refuses a tunnel to port 443", true } } },
	{ "does not reach it by a tunnel", TLS, { .passed = NULL }, false, true, NULL,
	  { { "CONNECT 8531", CHECK_FAILED, "port 8531 (503); it says \"ERR_CONNECT_FAIL 111\"", false } } },
	{ "does not reach it", PLAIN, { .passed = UNREACHED }, true, true, NULL,
	  { { "request 8530", CHECK_FAILED, "port 8530 (503); it says \"ERR_CONNECT_FAIL 111\"", false } } },
	{ "wants a login, plain", PLAIN, { LOGIN(WANTS_LOGIN) }, true, true, NULL,
	  { { "request 8530", CHECK_FAILED, "wants a login (407); it offers Negotiate, NTLM, B", false },
	    { "logins", CHECK_OK, "wants one and offers Negotiate, NTLM, Basic", true },
	    { "Negotiate", CHECK_SKIPPED, "no Kerberos ticket here", true } } },
	{ "wants a login, TLS", TLS, { LOGIN(WANTS_LOGIN) }, true, true, NULL,
	  { { "CONNECT 8531", CHECK_FAILED, "wants a login (407); it offers Negotiate, NTLM, B", false } } },
	{ "wants what agents have not", TLS, { LOGIN(WANTS_BASIC) }, true, true, NULL,
	  { { "logins", CHECK_WARNING, "none that update agents have (Basic)", true },
	    { "Negotiate", CHECK_SKIPPED, "does not offer it", true } } },
	{ "takes a login", TLS, { LOGIN(WANTS_BASIC) }, true, true, "probe:secret",
	  { { "CONNECT 8531", CHECK_OK, "opens a tunnel", true },
	    { "Basic", CHECK_OK, "accepted", true },
	    { "NTLM", CHECK_SKIPPED, "does not offer it", true } } },
	{ "takes a login, plain", PLAIN, { LOGIN(WANTS_BASIC) }, true, true, "probe:secret",
	  { { "request 8530", CHECK_OK, "passes requests on", true },
	    { "Basic", CHECK_OK, "accepted", true } } },
	{ "takes the login that is at hand", TLS, { LOGIN(WANTS_EITHER) }, true, true, "probe:secret",
	  { { "CONNECT 8531", CHECK_OK, "opens a tunnel", true },
	    { "Basic", CHECK_OK, "accepted", true },
	    { "Negotiate", CHECK_SKIPPED, "no Kerberos ticket here", true } } },
	{ "refuses a login", TLS, { LOGIN(WANTS_BASIC) }, true, true, "probe:wrong",
	  { { "CONNECT 8531", CHECK_FAILED, "refuses this login (407); it offers Basic", false },
	    { "Basic", CHECK_WARNING, "refused (407)", true } } },
};

/* Accepts, and says nothing. */
static void silent(struct peer *p, int fd)
{
	(void)p;
	(void)fd;
}

static void run_case(const struct case_of *c)
{
	struct proxy_script script = c->script;
	struct peer proxy, server;
	struct rehearsal r;
	char url[URL_TEXT];

	memset(&r.options, 0, sizeof r.options);
	r.options.quick = c->quick;
	r.options.proxy_user = c->user;
	peer_start(&server, silent, NULL);
	script.to = c->lands ? server.port : 0;
	peer_start(&proxy, proxy_serve, &script);
	rehearsal_begin(&r, c->url);
	snprintf(url, sizeof url, "http://proxy.test:%u", (unsigned)proxy.port);
	assert_true(proxies_plan(&r.plan, r.direct));   /* of which it says nothing */
	assert_true(proxies_plan(&r.plan, rehearsal_proxy(&r, r.site, url)));
	rehearsal_run(&r);
	for (size_t i = 0; i < CHECKS && c->checks[i].name; i++) {
		const struct check *told = rehearsal_check(&r, c->checks[i].name, true);

		rehearsal_expect(&r, c->checks[i].name, true, c->checks[i].state, c->checks[i].says);
		if (told->unjudged != c->checks[i].unjudged)
			fail_msg("%s: %s is %sjudged", c->what, told->name, told->unjudged ? "un" : "");
		assert_null(strstr(told->detail, "secret"));
	}
	rehearsal_end(&r);
	peer_stop(&proxy);
	peer_stop(&server);
}

static void test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		run_case(&cases[i]);
}

/* Ports that were only looked for: what one serves excuses the others, and nobody is excused by nothing. */
static void look_for(const struct proxy_script *script, enum check_state tls, enum check_state plain,
                     const char *says)
{
	struct peer proxy;
	struct rehearsal r;
	struct site *second;
	char url[URL_TEXT];

	memset(&r.options, 0, sizeof r.options);
	r.options.quick = true;
	peer_start(&proxy, proxy_serve, script);
	rehearsal_begin(&r, "https://wsus01.test:8531");
	second = rehearsal_site(&r, "http://wsus01.test:8530");
	r.site->asked_for = second->asked_for = false;
	r.site->ways->reach = second->ways->reach = NULL;       /* not open without the proxy */
	snprintf(url, sizeof url, "http://proxy.test:%u", (unsigned)proxy.port);
	assert_true(proxies_plan(&r.plan, rehearsal_proxy(&r, r.site, url)));
	assert_true(proxies_plan(&r.plan, rehearsal_proxy(&r, second, url)));
	rehearsal_run(&r);
	rehearsal_expect(&r, "CONNECT 8531", true, tls, says);
	rehearsal_expect(&r, "request 8530", true, plain, "");
	assert_int_equal(rehearsal_check(&r, "CONNECT 8531", true)->unjudged, tls != CHECK_FAILED);
	rehearsal_end(&r);
	peer_stop(&proxy);
}

static void test_looked_for(void **state)
{
	(void)state;
	look_for(&(struct proxy_script){ .to = 0 }, CHECK_SKIPPED, CHECK_OK,
	         "it says \"ERR_CONNECT_FAIL 111\"; port 8530 serves instead");
	look_for(&(struct proxy_script){ .passed = UNREACHED }, CHECK_FAILED, CHECK_FAILED, "port 8531");
}

static void hears_only(struct peer *p, int fd)
{
	char bytes[512];

	(void)p;
	while (recv(fd, bytes, sizeof bytes, 0) > 0)
		;
}

/* A proxy that never answers: each step ends in its time, and all that are under way with the run's. */
static void test_silence(void **state)
{
	static const struct {
		int64_t check, run;
		enum check_state state;
	} limits[] = {
		{ MOMENT_S / 2, 0, CHECK_FAILED },
		{ 0, MOMENT_S / 2, CHECK_SKIPPED },
	};

	(void)state;
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
		struct peer proxy;
		struct rehearsal r;
		char url[URL_TEXT];

		memset(&r.options, 0, sizeof r.options);
		r.options.check_timeout = limits[i].check;
		r.options.timeout = limits[i].run;
		peer_start(&proxy, hears_only, NULL);
		rehearsal_begin(&r, TLS);
		snprintf(url, sizeof url, "http://proxy.test:%u", (unsigned)proxy.port);
		assert_true(proxies_plan(&r.plan, rehearsal_proxy(&r, r.site, url)));
		rehearsal_run(&r);
		assert_int_equal(rehearsal_check(&r, "CONNECT 8531", true)->state, limits[i].state);
		for (size_t s = 0; s < r.plan.step_count; s++)
			assert_true(r.plan.steps[s]->ended);
		rehearsal_end(&r);
		peer_stop(&proxy);
	}
}

/* Logins are the proxy's: one site asks for all; and no port is asked for twice. */
static void test_once(void **state)
{
	struct rehearsal r;
	struct site *second;
	size_t before, logins = 0, tunnels = 0;

	(void)state;
	memset(&r.options, 0, sizeof r.options);
	rehearsal_begin(&r, "https://wsus01.test:8531");
	second = rehearsal_site(&r, "http://wsus01.test:8530");
	before = r.plan.step_count;
	assert_true(proxies_plan(&r.plan, rehearsal_proxy(&r, r.site, "http://proxy.test:3128")));
	assert_true(proxies_plan(&r.plan, rehearsal_proxy(&r, second, "http://proxy.test:3128")));
	for (size_t i = before; i < r.plan.step_count; i++) {
		logins += !strcmp(r.plan.steps[i]->told.name, "logins");
		tunnels += !strncmp(r.plan.steps[i]->told.name, "CONNECT ", 8);
	}
	assert_int_equal(logins, 1);
	assert_int_equal(tunnels, 4);
	rehearsal_end(&r);
}

static int no_ticket(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	return setenv("KRB5CCNAME", "FILE:/nonexistent/ticket", 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_looked_for),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_once),
	};

	return cmocka_run_group_tests(tests, no_ticket, NULL);
}
