/* tests/test_sitelist.c - what the user names, and the sites, proxies and ways that come of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "probes/sitelist.h"

enum { NAMES_MAX = 6, TOLD = 2048 };

static const struct environment corp = {
	.http_proxy = "http://env01:3128",
	.https_proxy = "env02:8080",
	.no_proxy = ".dmz.example,10.0.0.0/8",
};

static size_t count_of(const char *const names[NAMES_MAX])
{
	size_t count = 0;

	while (count < NAMES_MAX && names[count])
		count++;
	return count;
}

/* "URL? via PROXY, PROXY; ...": the question mark says that it was only looked for. */
static void tell(const struct plan *p, char told[TOLD])
{
	size_t len = 0;
	char text[TARGET_TEXT];

	told[0] = '\0';
	for (const struct site *site = p->sites; site; site = site->next) {
		len += (size_t)snprintf(told + len, TOLD - len, "%s%s%s%s", len ? "; " : "",
		                        target_text(&site->target, text), site->target.path,
		                        site->asked_for ? "" : "?");
		assert_non_null(site->ways);
		assert_null(site->ways->proxy);
		for (const struct way *way = site->ways; way; way = way->next) {
			assert_ptr_equal(way->site, site);
			assert_ptr_equal(way->plan, p);
			if (way->proxy)
				len += (size_t)snprintf(told + len, TOLD - len, " via %s",
				                        target_text(&way->proxy->target, text));
		}
	}
}

static const struct row {
	const char *targets[NAMES_MAX], *proxies[NAMES_MAX];
	const char *told;
} rows[] = {
	/* wsus-soap.md 1.1: a host alone is tried at these four, in this order */
	{ { "wsus01" }, { NULL },
	  "https://wsus01:8531?; http://wsus01:8530?; https://wsus01:443?; http://wsus01:80?" },
	{ { "WSUS01.corp.example" }, { NULL },
	  "https://wsus01.corp.example:8531?; http://wsus01.corp.example:8530?; "
	  "https://wsus01.corp.example:443?; http://wsus01.corp.example:80?" },
	{ { "http://wsus01" }, { NULL }, "http://wsus01:80" },
	{ { "https://wsus01/" }, { NULL }, "https://wsus01:443/" },
	{ { "http://wsus01:8531" }, { NULL }, "http://wsus01:8531" },
	{ { "wsus01:8530", "wsus02:8531", "wsus03:443", "wsus04:80", "wsus05:9000" }, { NULL },
	  "http://wsus01:8530; https://wsus02:8531; https://wsus03:443; http://wsus04:80; "
	  "http://wsus05:9000" },
	{ { "[2001:db8::1]:8530", "192.0.2.1:8531" }, { NULL },
	  "http://[2001:db8::1]:8530; https://192.0.2.1:8531" },
	/* named twice, there once; named by port, it is no longer only looked for */
	{ { "wsus01:8530", "http://WSUS01:8530/", "wsus01:8530" }, { NULL }, "http://wsus01:8530/" },
	{ { "wsus01", "other:8530", "http://wsus01:8530" }, { NULL },
	  "https://wsus01:8531?; http://wsus01:8530; https://wsus01:443?; http://wsus01:80?; "
	  "http://other:8530" },
	{ { "wsus01:8530", "other:8530", "wsus01" }, { NULL },
	  "http://wsus01:8530; https://wsus01:8531?; https://wsus01:443?; http://wsus01:80?; "
	  "http://other:8530" },
	/* -x: curl(1) takes http and port 1080 where nothing else is said */
	{ { "wsus01:8530" }, { "proxy01" }, "http://wsus01:8530 via http://proxy01:1080" },
	{ { "wsus01:8530", "wsus01:8531" }, { "proxy01:3128", "https://proxy02", "http://PROXY01:3128" },
	  "http://wsus01:8530 via http://proxy01:3128 via https://proxy02:443; "
	  "https://wsus01:8531 via http://proxy01:3128 via https://proxy02:443" },
	/* the environment's is by scheme, and spares hosts */
	{ { "wsus01:8530", "wsus01:8531", "wsus.dmz.example:8530", "10.1.1.1:8530" }, { "environment" },
	  "http://wsus01:8530 via http://env01:3128; https://wsus01:8531 via http://env02:8080; "
	  "http://wsus.dmz.example:8530; http://10.1.1.1:8530" },
	{ { "wsus01:8530" }, { "http://env01:3128", "environment" },
	  "http://wsus01:8530 via http://env01:3128" },
	{ { "user:secret@wsus01:8530" }, { "me:geheim@proxy01:3128" },
	  "http://wsus01:8530 via http://proxy01:3128" },
};

static void makes_sites_and_ways(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct probe_options o = {
			.targets = rows[i].targets, .target_count = count_of(rows[i].targets),
			.proxies = rows[i].proxies, .proxy_count = count_of(rows[i].proxies),
		};
		struct plan p = { .options = &o };
		struct fault f;
		char told[TOLD];

		assert_true(sitelist_targets(&p, &f));
		assert_true(sitelist_proxies(&p, &corp, &f));
		tell(&p, told);
		assert_string_equal(told, rows[i].told);
		plan_release(&p);
	}
}

static void keeps_logins_to_itself(void **unused)
{
	const char *targets[] = { "http://user:secret@wsus01:8530/" };
	const char *proxies[] = { "me:geheim@proxy01:3128" };
	struct probe_options o =
		{ .targets = targets, .target_count = 1, .proxies = proxies, .proxy_count = 1 };
	struct plan p = { .options = &o };
	struct fault f;

	(void)unused;
	assert_true(sitelist_targets(&p, &f) && sitelist_proxies(&p, &corp, &f));
	assert_string_equal(p.sites->target.user, "user:secret");
	assert_string_equal(p.proxies->target.user, "me:geheim");
	assert_string_equal(p.proxies->origin, "-x");
	plan_release(&p);
}

static void proxies_know_their_schemes(void **unused)
{
	const char *targets[] = { "wsus01" }, *proxies[] = { "environment", "proxy01" };
	struct probe_options o =
		{ .targets = targets, .target_count = 1, .proxies = proxies, .proxy_count = 2 };
	struct plan p = { .options = &o };
	const struct proxy *x;
	struct fault f;

	(void)unused;
	assert_true(sitelist_targets(&p, &f) && sitelist_proxies(&p, &corp, &f));
	x = p.proxies;
	assert_string_equal(x->origin, "https_proxy");
	assert_true(x->https && !x->http);
	x = x->next;
	assert_string_equal(x->origin, "http_proxy");
	assert_true(x->http && !x->https);
	x = x->next;
	assert_string_equal(x->origin, "-x");
	assert_true(x->http && x->https && !x->next);
	plan_release(&p);
}

/* A script's proxy leads to its own site. */
static void scripts_add_ways(void **unused)
{
	const char *targets[] = { "wsus01:8530", "wsus01:8531" };
	struct probe_options o = { .targets = targets, .target_count = 2 };
	struct plan p = { .options = &o };
	struct proxy *proxy = calloc(1, sizeof *proxy);
	struct step script = { 0 };
	struct fault f;

	(void)unused;
	assert_non_null(proxy);
	assert_true(sitelist_targets(&p, &f));
	proxy->script = &script;
	proxy->site = p.sites->next;
	p.proxies = proxy;
	assert_true(sitelist_scripts(&p));
	assert_null(p.sites->ways->next);
	assert_ptr_equal(p.sites->next->ways->next->proxy, proxy);
	plan_release(&p);
}

static void refuses_what_is_no_target(void **unused)
{
	static const struct {
		const char *target, *proxy;
	} wrong[] = { { "ftp://wsus01", NULL }, { "wsus01:99999", NULL }, { "wsus01", "socks5://proxy01" } };
	struct probe_options none = { 0 };
	struct plan p = { .options = &none };
	struct fault f;

	(void)unused;
	assert_false(sitelist_targets(&p, &f));
	assert_int_equal(f.kind, FAULT_USAGE);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct probe_options o = { .targets = &wrong[i].target, .target_count = 1,
			                   .proxies = &wrong[i].proxy,
			                   .proxy_count = wrong[i].proxy != NULL };

		p = (struct plan){ .options = &o };
		assert_false(sitelist_targets(&p, &f) && sitelist_proxies(&p, &corp, &f));
		assert_int_equal(f.kind, FAULT_USAGE);
		plan_release(&p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_sites_and_ways),
		cmocka_unit_test(keeps_logins_to_itself),
		cmocka_unit_test(proxies_know_their_schemes),
		cmocka_unit_test(scripts_add_ways),
		cmocka_unit_test(refuses_what_is_no_target),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
