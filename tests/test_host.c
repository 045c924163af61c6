/* tests/test_host.c - hosts in their forms: names and both families, with ports and without. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "base/host.h"

static void takes_ports_off(void **unused)
{
	static const struct {
		const char *host, *name;
	} rows[] = {
		{ "wsus01:8530", "wsus01" },
		{ "wsus01.corp.example", "wsus01.corp.example" },
		{ "198.51.100.10:80", "198.51.100.10" },
		{ "[2001:db8::10]:8530", "[2001:db8::10]" },
		{ "[2001:db8::10]", "[2001:db8::10]" },
		{ "wsus01:", "wsus01" },
		{ ":8530", "" },
		{ "[2001", "[2001" },   /* nothing closes it */
		{ "", "" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_true(span_eq(host_name(span_text(rows[i].host)), span_text(rows[i].name)));
}

static void finds_hosts_of_urls(void **unused)
{
	static const struct {
		const char *url, *host;
	} rows[] = {
		{ "http://wsus01:8530/Content/AB/CD.cab", "wsus01:8530" },
		{ "https://[2001:db8::10]:8531", "[2001:db8::10]:8531" },
		{ "http:///Content", "" },
		{ "http://alice:secret@wsus01:8530/Content", "wsus01:8530" },
		{ "http://alice@corp.example:p@ss@wsus01", "wsus01" },
		{ "http://wsus01?mail=a@b", "wsus01" },
		{ "http://wsus01/a@b", "wsus01" },
		{ "http://wsus01#a@b", "wsus01" },
		{ "http://alice@", "" },
		{ "/Content/AB/CD.cab", "" },
		{ "wsus01:8530", "" },
		{ "", "" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_true(span_eq(url_host(span_text(rows[i].url)), span_text(rows[i].host)));
}

static void leaves_logins_out(void **unused)
{
	static const struct {
		const char *url, *rest;
	} rows[] = {
		{ "http://alice:secret@wsus01:8530/a@b?c", "wsus01:8530/a@b?c" },
		{ "http://wsus01/a@b", "wsus01/a@b" },
		{ "/a@b", "" },
		{ "", "" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_true(span_eq(url_from_host(span_text(rows[i].url)), span_text(rows[i].rest)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_ports_off),
		cmocka_unit_test(finds_hosts_of_urls),
		cmocka_unit_test(leaves_logins_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
