/* tests/test_addr.c - addresses as text: RFC 4291 section 2.2 in, RFC 5952 out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/addr.h"

/* What reads, and how it is written; NULL: no address. */
static const char *const addresses[][2] = {
	{ "192.0.2.1", "192.0.2.1" },
	{ "255.255.255.255", "255.255.255.255" },
	{ "::ffff:192.0.2.1", "192.0.2.1" },
	{ "[2001:DB8::1]", "2001:db8::1" },
	{ "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },
	{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
	{ "2001:0:0:1:0:0:0:1", "2001:0:0:1::1" },
	{ "::", "::" },
	{ "::1", "::1" },
	{ "1::", "1::" },
	{ "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0" },
	{ "64:ff9b::192.0.2.33", "64:ff9b::c000:221" },
	{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
	{ "", NULL }, { "1.2.3", NULL }, { "1.2.3.4.5", NULL }, { "1.2.3.256", NULL },
	{ "1.2.3.", NULL }, { "1..3.4", NULL }, { "wsus", NULL }, { "[]", NULL }, { ":", NULL },
	{ ":::", NULL }, { "1::2::3", NULL }, { "1:2:3:4:5:6:7", NULL }, { "1:2:3:4:5:6:7:8:9", NULL },
	{ "1:2:3:4:5:6:7:8::", NULL }, { "12345::", NULL }, { "::1.2.3", NULL }, { "1.2.3.4::", NULL },
	{ "1:2:3:4:5:6:7:1.2.3.4", NULL }, { "::g", NULL },
};

static void addresses_read_and_write(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
		const char *want = addresses[i][1];
		char text[ADDR_TEXT];
		struct addr a;

		if (addr_parse(span_text(addresses[i][0]), &a) != (want != NULL))
			fail_msg("'%s'", addresses[i][0]);
		if (want)
			assert_string_equal(addr_text(&a, text), want);
	}
}

static void endpoints_write(void **state)
{
	char text[ENDPOINT_TEXT];
	struct endpoint e = { .port = 65535 };

	(void)state;
	assert_true(addr_parse(SPAN("192.0.2.1"), &e.addr));
	assert_string_equal(endpoint_text(&e, text), "192.0.2.1:65535");
	assert_true(addr_parse(SPAN("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), &e.addr));
	assert_string_equal(endpoint_text(&e, text), "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535");
}

static void prefixes_hold_what_they_should(void **state)
{
	static const struct {
		const char *prefix, *inside, *outside;  /* NULL: none; no inside: no prefix */
	} rows[] = {
		{ "10.0.0.0/8", "10.255.0.1", "11.0.0.1" },
		{ "192.0.2.128/25", "192.0.2.200", "192.0.2.127" },
		{ "192.0.2.1", "192.0.2.1", "192.0.2.2" },
		{ "0.0.0.0/0", "203.0.113.9", "2001:db8::1" },
		{ "::/0", "192.0.2.1", NULL },
		{ "2001:db8::/33", "2001:db8:7fff::", "2001:db8:8000::" },
		{ "10.0.0.0/33", NULL, NULL }, { "::/129", NULL, NULL }, { "10.0.0.0/", NULL, NULL },
		{ "10.0.0.0/x", NULL, NULL }, { "/8", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct prefix p;
		struct addr a;

		assert_int_equal(prefix_parse(span_text(rows[i].prefix), &p), rows[i].inside != NULL);
		if (!rows[i].inside)
			continue;
		assert_true(addr_parse(span_text(rows[i].inside), &a));
		assert_true(prefix_holds(&p, &a));
		if (!rows[i].outside)
			continue;
		assert_true(addr_parse(span_text(rows[i].outside), &a));
		assert_false(prefix_holds(&p, &a));
	}
}

static void private_ranges_are_known(void **state)
{
	static const char *const inside[] = {
		"10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "127.0.0.1", "169.254.1.1",
		"::1", "fe80::1", "febf::1", "fd00::1",
	};
	static const char *const outside[] = {
		"172.32.0.1", "172.15.255.255", "192.169.0.1", "8.8.8.8", "2001:db8::1", "fec0::1", "::2",
	};
	struct addr a;

	(void)state;
	for (size_t i = 0; i < sizeof inside / sizeof *inside; i++)
		assert_true(addr_parse(span_text(inside[i]), &a) && addr_is_private(&a));
	for (size_t i = 0; i < sizeof outside / sizeof *outside; i++)
		assert_true(addr_parse(span_text(outside[i]), &a) && !addr_is_private(&a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_read_and_write),
		cmocka_unit_test(endpoints_write),
		cmocka_unit_test(prefixes_hold_what_they_should),
		cmocka_unit_test(private_ranges_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
