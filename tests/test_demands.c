/* tests/test_demands.c - servers that ask for client certificates, in every way, of who has one or none. */
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

#define CLIENT "client certificate: ClientWebService"
#define REPORT "client certificate: ReportingWebService"

struct world {
	struct identity own, client;
	char trusted[PATH_TEXT], client_file[PATH_TEXT];
};

static struct world world;

struct case_of {
	struct tls_script script;
	bool certificate;               /* --cert is given */
	bool quick;
	struct {
		const char *name;       /* NULL: no more */
		enum check_state state;
		const char *says;
		bool unjudged;
	} checks[3];
};

static void run_case(const struct case_of *c)
{
	struct rehearsal r;
	struct peer server;
	char url[URL_TEXT];

	memset(&r.options, 0, sizeof r.options);
	peer_start(&server, tls_serve, &c->script);
	snprintf(url, sizeof url, "https://wsus01.test:%u", (unsigned)server.port);
	r.options.authorities = world.trusted;
	r.options.quick = c->quick;
	if (c->certificate)
		r.options.certificate = r.options.key = world.client_file;
	rehearsal_begin(&r, url);
	assert_true(tls_plan(&r.plan, r.direct));
	assert_true(demands_plan(&r.plan, r.direct));
	rehearsal_run(&r);
	for (size_t i = 0; i < 3 && c->checks[i].name; i++) {
		const char *name = c->checks[i].name;

		rehearsal_expect(&r, name, false, c->checks[i].state, c->checks[i].says);
		assert_int_equal(rehearsal_check(&r, name, false)->unjudged, c->checks[i].unjudged);
	}
	rehearsal_end(&r);
	peer_stop(&server);
}

#define ASKED "client certificate"

static void test_none(void **state)
{
	(void)state;
	run_case(&(struct case_of){
		.script = { .own = &world.own },
		.checks = {
			{ ASKED, CHECK_OK, "none is asked for in the handshake", true },
			{ CLIENT, CHECK_OK, "TLS 1.2 without a certificate: 200; TLS 1.3: 200", true },
			{ REPORT, CHECK_OK, "none is asked for", true },
		},
	});
	run_case(&(struct case_of){
		.script = { .own = &world.own, .max = TLS1_2_VERSION },
		.certificate = true,
		.checks = {
			{ ASKED, CHECK_OK, "none is asked for", true },
			{ CLIENT, CHECK_OK, "none is asked for; TLS 1.2 without a certificate: 200", true },
		},
	});
}

static void test_handshake(void **state)
{
	(void)state;
	run_case(&(struct case_of){
		.script = { .own = &world.own, .asks = true },
		.checks = {
			{ ASKED, CHECK_FAILED, "update agents stop; without a certificate: 200", false },
			{ CLIENT, CHECK_SKIPPED, "needs tls client certificate", false },
		},
	});
	run_case(&(struct case_of){
		.script = { .own = &world.own, .demands = true, .max = TLS1_2_VERSION },
		.certificate = true,
		.quick = true,
		.checks = {
			{ "handshake", CHECK_OK, "TLS 1.2", false },
			{ ASKED, CHECK_FAILED, "; with \"pc01\": 200", false },
		},
	});
	run_case(&(struct case_of){
		.script = { .own = &world.own, .demands = true },
		.certificate = true,
		.quick = true,
		.checks = { { ASKED, CHECK_FAILED, "; with \"pc01\": 200", false } },
	});
	run_case(&(struct case_of){
		.script = { .own = &world.own, .demands = true },
		.checks = {
			{ "handshake", CHECK_FAILED, "demands a client certificate", false },
			{ ASKED, CHECK_FAILED, "asked for in the handshake", false },
		},
	});
}

/* By directory: TLS 1.2 shows it by a second handshake, TLS 1.3 by a reset. */
static void test_directories(void **state)
{
	(void)state;
	run_case(&(struct case_of){
		.script = { .own = &world.own, .asks_later = "/ReportingWebService/", .max = TLS1_2_VERSION },
		.certificate = true,
		.checks = {
			{ ASKED, CHECK_OK, "none is asked for", true },
			{ CLIENT, CHECK_OK, "none is asked for", true },
			{ REPORT, CHECK_FAILED, "with \"pc01\": asked after the request, 200", false },
		},
	});
	run_case(&(struct case_of){
		.script = { .own = &world.own, .asks_later = "/ReportingWebService/", .resets_later = true },
		.checks = {
			{ ASKED, CHECK_OK, "none is asked for", true },
			{ CLIENT, CHECK_OK, "TLS 1.3: 200", true },
			{ REPORT, CHECK_FAILED, "a certificate: asked after the request, no answer", false },
		},
	});
}

/* Resets without a question have other reasons as well. */
static void test_only_resets(void **state)
{
	(void)state;
	run_case(&(struct case_of){
		.script = { .own = &world.own, .asks_later = "/ReportingWebService/", .resets_later = true,
		            .min = TLS1_3_VERSION },
		.checks = {
			{ CLIENT, CHECK_OK, "TLS 1.2 without a certificate: the TLS handshake failed", true },
			{ REPORT, CHECK_WARNING, "TLS 1.3 breaks off", false },
		},
	});
}

static void test_plain_sites_have_none(void **state)
{
	struct rehearsal r;

	(void)state;
	memset(&r.options, 0, sizeof r.options);
	rehearsal_begin(&r, "http://wsus01.test:8530");
	assert_true(tls_plan(&r.plan, r.direct));
	assert_true(demands_plan(&r.plan, r.direct));
	assert_int_equal(r.plan.step_count, 1);
	rehearsal_end(&r);
}

static int make_world(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	world.own = identity_make(&(struct identity_wish){ .name = "wsus01.test", .authority = true });
	world.client = identity_make(&(struct identity_wish){ .name = "pc01", .usage = "clientAuth" });
	identity_write(&world.own, world.trusted);
	identity_write(&world.client, world.client_file);
	return 0;
}

static int end_world(void **state)
{
	(void)state;
	unlink(world.trusted);
	unlink(world.client_file);
	identity_free(&world.own);
	identity_free(&world.client);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_handshake),
		cmocka_unit_test(test_directories),
		cmocka_unit_test(test_only_resets),
		cmocka_unit_test(test_plain_sites_have_none),
	};

	return cmocka_run_group_tests(tests, make_world, end_world);
}
