/* tests/test_environment.c - http_proxy and its kin, by what curl(1) says (ENVIRONMENT, --noproxy). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "probes/environment.h"

#define P "http://proxy01:3128"
#define S "http://secure01:3128"
#define E "socks.example:8080"

static const struct row {
	const char *http, *https, *all, *no, *target, *want;
} rows[] = {
	{ P, S, E, NULL, "http://wsus01", P },
	{ P, S, E, NULL, "https://wsus01", S },
	{ P, NULL, E, NULL, "https://wsus01", E },
	{ NULL, S, NULL, NULL, "http://wsus01", NULL },
	{ NULL, NULL, NULL, NULL, "http://wsus01", NULL },
	{ "", NULL, E, NULL, "http://wsus01", E },
	{ "", "", "", "", "http://wsus01", NULL },
	/* a list of hosts, or only an asterisk, which matches all */
	{ P, NULL, NULL, "*", "http://wsus01", NULL },
	{ P, NULL, NULL, "", "http://wsus01", P },
	{ P, NULL, NULL, "*.corp.example", "http://wsus01.corp.example", P },
	/* local.com would match local.com, local.com:80, and www.local.com, but not www.notlocal.com */
	{ P, NULL, NULL, "local.com", "http://local.com", NULL },
	{ P, NULL, NULL, "local.com", "http://local.com:80", NULL },
	{ P, NULL, NULL, "local.com", "http://www.local.com", NULL },
	{ P, NULL, NULL, "local.com", "http://www.notlocal.com", P },
	{ P, NULL, NULL, "www.local.com", "http://local.com", P },
	{ P, NULL, NULL, "LOCAL.com", "http://Local.COM", NULL },
	{ P, NULL, NULL, ".local.com", "http://local.com", NULL },
	{ P, NULL, NULL, ".local.com", "http://www.local.com", NULL },
	{ P, NULL, NULL, ".local.com", "http://notlocal.com", P },
	{ P, NULL, NULL, "local.com.", "http://www.local.com", NULL },
	{ P, NULL, NULL, "other.example, local.com", "http://local.com", NULL },
	{ P, NULL, NULL, "other.example local.com", "http://local.com", NULL },
	{ P, NULL, NULL, ",, ,", "http://local.com", P },
	{ P, NULL, NULL, ".", "http://local.com", P },
	/* IP addresses, and networks since 7.86.0 */
	{ P, NULL, NULL, "192.0.2.1", "http://192.0.2.1:8530", NULL },
	{ P, NULL, NULL, "192.0.2.1", "http://192.0.2.11", P },
	{ P, NULL, NULL, "2.1", "http://192.0.2.1", P },
	{ P, NULL, NULL, "192.0.2.0/24", "http://192.0.2.200", NULL },
	{ P, NULL, NULL, "192.0.2.0/25", "http://192.0.2.200", P },
	{ P, NULL, NULL, "192.0.2.0/33", "http://192.0.2.0", P },
	{ P, NULL, NULL, "2001:db8::1", "http://[2001:db8::1]:8530", NULL },
	{ P, NULL, NULL, "2001:db8::/32", "http://[2001:db8::1]", NULL },
	{ P, NULL, NULL, "2001:db8::/32", "http://[2001:db9::1]", P },
	{ P, NULL, NULL, "192.0.2.0/24", "http://wsus01", P },
};

static void proxies_are_those_of_curl(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *r = &rows[i];
		struct environment e = { r->http, r->https, r->all, r->no };
		struct fault fault;
		struct target t;
		const char *got;

		assert_true(target_parse(span_text(r->target), &t, &fault));
		got = environment_proxy(&e, &t);
		if (!got != !r->want || (got && strcmp(got, r->want) != 0))
			fail_msg("row %zu: %s past \"%s\" is %s, not %s", i, r->target, r->no ? r->no : "",
			         got ? got : "direct", r->want ? r->want : "direct");
	}
}

/* Lower case comes first, and HTTP_PROXY counts for nothing. */
static void the_environment_is_read(void **state)
{
	static const char *const names[] = { "http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY",
		                             "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY" };
	struct environment e;

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		setenv(names[i], names[i], 1);
	e = environment_read();
	assert_string_equal(e.http_proxy, "http_proxy");
	assert_string_equal(e.https_proxy, "https_proxy");
	assert_string_equal(e.all_proxy, "all_proxy");
	assert_string_equal(e.no_proxy, "no_proxy");
	for (size_t i = 0; i < sizeof names / sizeof *names; i += 2)
		setenv(names[i], "", 1);
	e = environment_read();
	assert_string_equal(e.http_proxy, "");
	assert_string_equal(e.https_proxy, "HTTPS_PROXY");
	assert_string_equal(e.all_proxy, "ALL_PROXY");
	assert_string_equal(e.no_proxy, "NO_PROXY");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unsetenv(names[i]);
	e = environment_read();
	assert_true(!e.http_proxy && !e.https_proxy && !e.all_proxy && !e.no_proxy);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(proxies_are_those_of_curl),
		cmocka_unit_test(the_environment_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
