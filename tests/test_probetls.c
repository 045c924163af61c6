/* tests/test_probetls.c - handshakes of probes/tls.c with libssl servers, each with one thing about it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "facts/tls.h"
#include "probes/steps.h"
#include "tests/peer.h"
#include "tests/rehearsal.h"

enum { URL_TEXT = 64, PATH_TEXT = 32 };

struct world {
	struct identity root, middle, own, direct;      /* direct: signed by the root */
	struct identity inspector, forged;
	char trusted[PATH_TEXT];
};

static struct world world;

static struct identity made(const char *name, const struct identity *issuer, bool authority)
{
	const struct identity_wish wish = { .name = name, .issuer = issuer, .authority = authority };

	return identity_make(&wish);
}

static void begin(struct rehearsal *r, const struct peer *server, bool quick)
{
	char url[URL_TEXT];

	memset(&r->options, 0, sizeof r->options);
	r->options.authorities = world.trusted;
	r->options.quick = quick;
	snprintf(url, sizeof url, "https://wsus01.test:%u", (unsigned)server->port);
	rehearsal_begin(r, url);
}

static void run_direct(struct rehearsal *r)
{
	assert_true(tls_plan(&r->plan, r->direct));
	rehearsal_run(r);
}

/* One kind of server, and what the usual handshake with it comes to. */
static void usual(const struct tls_script *script, bool insecure, enum check_state state, const char *says,
                  enum check_trouble trouble)
{
	struct rehearsal r;
	struct peer server;

	peer_start(&server, tls_serve, script);
	begin(&r, &server, true);
	r.options.insecure = insecure;
	run_direct(&r);
	rehearsal_expect(&r, "handshake", false, state, says);
	assert_int_equal(rehearsal_check(&r, "handshake", false)->trouble, trouble);
	assert_false(rehearsal_check(&r, "handshake", false)->unjudged);
	if (script->own)
		assert_int_equal(rehearsal_check(&r, "handshake", false)->talk_count, 1);
	rehearsal_end(&r);
	peer_stop(&server);
}

static void test_good(void **state)
{
	const struct tls_script script = { .own = &world.own, .besides = &world.middle };
	struct rehearsal r;
	struct peer server;

	(void)state;
	peer_start(&server, tls_serve, &script);
	begin(&r, &server, true);
	run_direct(&r);
	rehearsal_expect(&r, "handshake", false, CHECK_OK, "TLS 1.3, TLS_AES_256_GCM_SHA384");
	rehearsal_expect(&r, "certificate", false, CHECK_OK, "for wsus01.test, by \"Corp Issuing\"");
	assert_int_equal(r.plan.step_count, 3);         /* with the port; quick: no versions */
	assert_int_equal(r.direct->tls_version, TLS_1_3);
	assert_true(r.direct->has_leaf);
	rehearsal_end(&r);
	peer_stop(&server);
}

static void test_bad_certificates(void **state)
{
	struct identity unknown = made("Unknown", NULL, true);
	struct identity by_unknown = made("wsus01.test", &unknown, false);
	struct identity alone = made("wsus01.test", NULL, false);
	struct identity other = made("wsus02", &world.root, false);
	const struct identity_wish past = { .name = "wsus01.test", .issuer = &world.root, .from = -9,
		                            .until = -2 };
	struct identity old = identity_make(&past);
	const struct {
		struct tls_script script;
		const char *says;
		enum check_trouble trouble;
	} rows[] = {
		{ { .own = &world.own }, "\"Corp Issuing\" is unknown here: an intermediate is missing",
		  CHECK_UNTRUSTED_CHAIN },
		{ { .own = &by_unknown, .besides = &unknown }, "\"Unknown\"", CHECK_UNTRUSTED_CHAIN },
		{ { .own = &alone }, "signed by itself", CHECK_UNTRUSTED_CHAIN },
		{ { .own = &old }, "\"wsus01.test\" expired on", CHECK_NO_TROUBLE },
		{ { .own = &other }, "it is for wsus02, not for wsus01.test", CHECK_NO_TROUBLE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		usual(&rows[i].script, false, CHECK_FAILED, rows[i].says, rows[i].trouble);
		usual(&rows[i].script, true, CHECK_WARNING, rows[i].says, rows[i].trouble);
	}
	identity_free(&unknown);
	identity_free(&by_unknown);
	identity_free(&alone);
	identity_free(&old);
	identity_free(&other);
}

static void test_refused(void **state)
{
	const struct {
		struct tls_script script;
		enum check_state expected;
		const char *says;
	} rows[] = {
		{ { .own = &world.direct, .max = TLS1_1_VERSION }, CHECK_FAILED, "protocol_version (70)" },
		{ { .own = &world.direct, .demands = true }, CHECK_FAILED,
		  "demands a client certificate, and refuses: alert certificate_required (116)" },
		{ { .own = &world.direct, .demands = true, .max = TLS1_2_VERSION }, CHECK_FAILED,
		  "demands a client certificate, and refuses: alert handshake_failure (40)" },
		{ { .own = &world.direct, .asks = true }, CHECK_OK, "asks for a client certificate" },
		{ { .own = NULL }, CHECK_FAILED, "the TLS handshake failed" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		usual(&rows[i].script, false, rows[i].expected, rows[i].says, CHECK_NO_TROUBLE);
}

static void test_versions(void **state)
{
	static const struct {
		int min, max;
		enum check_state states[4];     /* TLS 1.0 ... TLS 1.3 */
		const char *says[4];
	} rows[] = {
		{ TLS1_2_VERSION, TLS1_2_VERSION, { CHECK_OK, CHECK_OK, CHECK_OK, CHECK_OK },
		  { "not served: alert protocol_version", "not served", "served: ECDHE-", "not served" } },
		{ TLS1_3_VERSION, 0, { CHECK_OK, CHECK_OK, CHECK_WARNING, CHECK_OK },
		  { "not served", "not served", "though Windows before 11", "served: TLS_AES_" } },
		{ TLS1_VERSION, TLS1_1_VERSION, { CHECK_OK, CHECK_OK, CHECK_WARNING, CHECK_OK },
		  { "; outdated", "; outdated", "not served", "not served" } },
	};
	static const char *const names[] = { "TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3" };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct tls_script script = {
			.own = &world.direct,
			.min = rows[i].min,
			.max = rows[i].max,
		};
		struct rehearsal r;
		struct peer server;

		peer_start(&server, tls_serve, &script);
		begin(&r, &server, false);
		run_direct(&r);
		for (size_t v = 0; v < 4; v++) {
			rehearsal_expect(&r, names[v], false, rows[i].states[v], rows[i].says[v]);
			assert_true(rehearsal_check(&r, names[v], false)->unjudged);
		}
		rehearsal_end(&r);
		peer_stop(&server);
	}
}

static void compare(const struct proxy_script *script, struct peer *server, enum check_state state,
                    const char *says)
{
	struct rehearsal r;
	struct peer proxy;
	struct way *through;
	char url[URL_TEXT];

	peer_start(&proxy, proxy_serve, script);
	begin(&r, server, true);
	snprintf(url, sizeof url, "http://wsus01.test:%u", (unsigned)proxy.port);
	through = rehearsal_proxy(&r, r.site, url);
	through->reach = through->proxy->port;
	assert_true(tls_plan(&r.plan, r.direct));
	assert_true(tls_plan(&r.plan, through));
	rehearsal_run(&r);
	rehearsal_expect(&r, "interception", true, state, says);
	rehearsal_end(&r);
	peer_stop(&proxy);
}

static void test_interception(void **state)
{
	const struct tls_script own = { .own = &world.direct };
	const struct tls_script forged = { .own = &world.forged };
	struct peer server;

	(void)state;
	peer_start(&server, tls_serve, &own);
	compare(&(struct proxy_script){ .to = server.port }, &server, CHECK_OK, "the same certificate");
	compare(&(struct proxy_script){ .opens = &forged }, &server, CHECK_WARNING,
	        "through the proxy it is by \"Inspector\", else by \"Corp Root\"");
	compare(&(struct proxy_script){ .blocks = "CONNECT", .blocked = "HTTP/1.1 403 No\r\n\r\n" }, &server,
	        CHECK_SKIPPED, "through the proxy");
	peer_stop(&server);
}

static int make_world(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	world.root = made("Corp Root", NULL, true);
	world.middle = made("Corp Issuing", &world.root, true);
	world.own = made("wsus01.test", &world.middle, false);
	world.direct = made("wsus01.test", &world.root, false);
	world.inspector = made("Inspector", NULL, true);
	world.forged = made("wsus01.test", &world.inspector, false);
	identity_write(&world.root, world.trusted);
	return 0;
}

static int end_world(void **state)
{
	(void)state;
	unlink(world.trusted);
	identity_free(&world.root);
	identity_free(&world.middle);
	identity_free(&world.own);
	identity_free(&world.direct);
	identity_free(&world.inspector);
	identity_free(&world.forged);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad_certificates),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_interception),
	};

	return cmocka_run_group_tests(tests, make_world, end_world);
}
