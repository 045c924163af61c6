/* tests/test_probeupstream.c - Microsoft's hosts as a proxy of the test shows them, and without a name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "probes/steps.h"
#include "tests/peer.h"
#include "tests/rehearsal.h"

enum { URL_TEXT = 64, PATH_TEXT = 32 };

#define SOURCE "sws.update.microsoft.com 443"
#define FILES  "download.windowsupdate.com 80"
#define EXTRA  "go.microsoft.com 80"

#define NAMES "DNS:*.update.microsoft.com,DNS:*.delivery.mp.microsoft.com,DNS:download.microsoft.com"
#define BLOCKED "HTTP/1.1 403 Forbidden\r\nServer: squid/5.7\r\nX-Squid-Error: ERR_ACCESS_DENIED 0\r\n" \
	"Content-Length: 0\r\n\r\n"

struct world {
	struct identity microsoft, trusted, by_microsoft, by_trusted, inspected, misnamed;
	char trusted_file[PATH_TEXT];
};

static struct world world;

struct expected {
	const char *name;               /* NULL: no more */
	enum check_state state;
	const char *says;
	enum check_trouble trouble;
};

static void run_case(const struct proxy_script *script, const struct expected *expected)
{
	struct rehearsal r;
	struct peer proxy;
	char url[URL_TEXT];

	memset(&r.options, 0, sizeof r.options);
	r.options.upstream = true;
	r.options.authorities = world.trusted_file;
	peer_start(&proxy, proxy_serve, script);
	rehearsal_begin(&r, "http://wsus01.test:8530");
	snprintf(url, sizeof url, "http://proxy.test:%u", (unsigned)proxy.port);
	rehearsal_proxy(&r, r.site, url);
	assert_true(upstream_plan(&r.plan));
	rehearsal_run(&r);
	for (; expected->name; expected++) {
		const struct check *told = rehearsal_check(&r, expected->name, true);

		rehearsal_expect(&r, expected->name, true, expected->state, expected->says);
		assert_int_equal(told->trouble, expected->trouble);
		assert_int_equal(told->unjudged, expected->state == CHECK_OK);
		assert_int_equal(told->rung, CHECK_UPSTREAM);
	}
	rehearsal_expect(&r, SOURCE, false, CHECK_FAILED, "no address: no name server is known");
	rehearsal_expect(&r, EXTRA, false, CHECK_WARNING, "no address");
	rehearsal_end(&r);
	peer_stop(&proxy);
}

static void shown(const struct identity *own, const struct expected *expected)
{
	const struct tls_script tls = { .own = own };

	run_case(&(struct proxy_script){ .opens = &tls }, expected);
}

static void test_reached(void **state)
{
	(void)state;
	shown(&world.by_microsoft, (struct expected[]){
		{ SOURCE, CHECK_OK, "by \"Microsoft Update Secure Server CA 2.1\", which Windows trusts", 0 },
		{ FILES, CHECK_OK, "200", 0 },
		{ EXTRA, CHECK_OK, "200", 0 },
		{ NULL, 0, NULL, 0 } });
	shown(&world.by_trusted, (struct expected[]){
		{ SOURCE, CHECK_OK, "TLS 1.3, by \"Public Root\"", 0 },
		{ "dl.delivery.mp.microsoft.com 443", CHECK_OK, "TLS 1.3, by \"Public Root\"", 0 },
		{ NULL, 0, NULL, 0 } });
}

static void test_untrusted(void **state)
{
	const struct tls_script old = { .own = &world.by_trusted, .max = TLS1_1_VERSION };

	(void)state;
	shown(&world.inspected, (struct expected[]){
		{ SOURCE, CHECK_FAILED, "signed by itself", CHECK_UNTRUSTED_CHAIN },
		{ "download.microsoft.com 443", CHECK_WARNING, "signed by itself", CHECK_UNTRUSTED_CHAIN },
		{ NULL, 0, NULL, 0 } });
	shown(&world.misnamed, (struct expected[]){
		{ SOURCE, CHECK_FAILED, "not for sws.update.microsoft.com", CHECK_NO_TROUBLE },
		{ NULL, 0, NULL, 0 } });
	run_case(&(struct proxy_script){ .opens = &old }, (struct expected[]){
		{ SOURCE, CHECK_FAILED, "the TLS handshake failed", CHECK_NO_TROUBLE },
		{ NULL, 0, NULL, 0 } });
}

static void test_refused(void **state)
{
	(void)state;
	run_case(&(struct proxy_script){ .blocks = "CONNECT", .blocked = BLOCKED, .passed = BLOCKED },
	         (struct expected[]){
		{ SOURCE, CHECK_FAILED, "403", CHECK_NO_TROUBLE },
		{ FILES, CHECK_FAILED, "403", CHECK_NO_TROUBLE },
		{ EXTRA, CHECK_WARNING, "403", CHECK_NO_TROUBLE },
		{ NULL, 0, NULL, 0 } });
}

static void test_only_when_asked(void **state)
{
	struct rehearsal r;
	size_t before;

	(void)state;
	memset(&r.options, 0, sizeof r.options);
	rehearsal_begin(&r, "http://wsus01.test:8530");
	before = r.plan.step_count;
	assert_true(upstream_plan(&r.plan));
	assert_int_equal(r.plan.step_count, before);
	r.options.upstream = true;
	assert_true(upstream_plan(&r.plan));
	assert_true(r.plan.step_count > before);
	assert_null(r.plan.sites->next);        /* they are no update points */
	assert_string_equal(rehearsal_check(&r, EXTRA, false)->target, "http://go.microsoft.com:80");
	rehearsal_end(&r);
}

static struct identity made(const char *name, const char *names, const struct identity *issuer)
{
	return identity_make(&(struct identity_wish){ .name = name, .names = names, .issuer = issuer,
	                                              .authority = !names });
}

static int make_world(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	world.microsoft = made("Microsoft Update Secure Server CA 2.1", NULL, NULL);
	world.trusted = made("Public Root", NULL, NULL);
	world.by_microsoft = made("sws.update.microsoft.com", NAMES, &world.microsoft);
	world.by_trusted = made("sws.update.microsoft.com", NAMES, &world.trusted);
	world.inspected = made("Inspector", NAMES, NULL);
	world.misnamed = made("other.example", "DNS:other.example", &world.trusted);
	identity_write(&world.trusted, world.trusted_file);
	return 0;
}

static int end_world(void **state)
{
	(void)state;
	unlink(world.trusted_file);
	identity_free(&world.microsoft);
	identity_free(&world.trusted);
	identity_free(&world.by_microsoft);
	identity_free(&world.by_trusted);
	identity_free(&world.inspected);
	identity_free(&world.misnamed);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reached),
		cmocka_unit_test(test_untrusted),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_only_when_asked),
	};

	return cmocka_run_group_tests(tests, make_world, end_world);
}
