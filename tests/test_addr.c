/* tests/test_addr.c - addresses, prefixes and moments, to text and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/addr.h"
#include "base/moment.h"

/* RFC 5952 sections 4 and 5. */
static void writes_addresses_in_one_way(void **unused)
{
	static const struct row {
		const char *given, *text;
	} rows[] = {
		{ "192.0.2.1", "192.0.2.1" },
		{ "::ffff:192.0.2.1", "192.0.2.1" },
		{ "2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1" },
		{ "2001:DB8::A", "2001:db8::a" },
		{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
		{ "2001:0:0:1:0:0:0:1", "2001:0:0:1::1" },
		{ "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },
		{ "::", "::" },
		{ "::1", "::1" },
		{ "1::", "1::" },
		{ "[fe80::1]", "fe80::1" },
		{ "64:ff9b::192.0.2.33", "64:ff9b::c000:221" },
		{ "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8" },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct addr a;
		char text[ADDR_TEXT];

		assert_true(addr_parse(span_text(rows[i].given), &a));
		assert_string_equal(addr_text(&a, text), rows[i].text);
	}
}

static void refuses_what_is_no_address(void **unused)
{
	static const char *const rows[] = { "", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4 ", "1..2.3", "0001.2.3.4",
		                            ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::", "1::2::3",
		                            "::1.2.3", "1:2:3:4:5:6:7:1.2.3.4", "[::1", "::1]", "wsus01", "fe80::1%eth0" };

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct addr a;

		if (addr_parse(span_text(rows[i]), &a))
			fail_msg("\"%s\" passes for an address", rows[i]);
	}
}

static void writes_endpoints(void **unused)
{
	struct endpoint e = { .port = 8530 };
	char text[ENDPOINT_TEXT];

	(void)unused;
	assert_true(addr_parse(SPAN("192.0.2.1"), &e.addr));
	assert_string_equal(endpoint_text(&e, text), "192.0.2.1:8530");
	assert_true(addr_parse(SPAN("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe"), &e.addr));
	e.port = 65535;
	assert_string_equal(endpoint_text(&e, text), "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe]:65535");
}

static void knows_prefixes(void **unused)
{
	static const struct row {
		const char *prefix, *addr;
		bool good, holds;
	} rows[] = {
		{ "192.0.2.0/24", "192.0.2.255", true, true },  { "192.0.2.0/24", "192.0.3.0", true, false },
		{ "192.0.2.7", "192.0.2.7", true, true },       { "192.0.2.7/32", "192.0.2.6", true, false },
		{ "10.0.0.0/9", "10.127.0.1", true, true },     { "10.0.0.0/9", "10.128.0.1", true, false },
		{ "0.0.0.0/0", "203.0.113.1", true, true },     { "0.0.0.0/0", "2001:db8::1", true, false },
		{ "2001:db8::/33", "2001:db8:7fff::1", true, true }, { "2001:db8::/33", "2001:db8:8000::1", true, false },
		{ "::/0", "192.0.2.1", true, true },            { "192.0.2.0/33", "", false, false },
		{ "2001:db8::/129", "", false, false },         { "192.0.2.0/", "", false, false },
		{ "192.0.2.0/x", "", false, false },            { "/24", "", false, false },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct prefix p;
		struct addr a;

		assert_int_equal(prefix_parse(span_text(rows[i].prefix), &p), rows[i].good);
		if (!rows[i].good)
			continue;
		assert_true(addr_parse(span_text(rows[i].addr), &a));
		if (prefix_holds(&p, &a) != rows[i].holds)
			fail_msg("%s and %s", rows[i].prefix, rows[i].addr);
	}
}

/* RFC 1918, 4193, 4291, 3927. */
static void knows_private_addresses(void **unused)
{
	static const struct row {
		const char *addr;
		bool private;
	} rows[] = {
		{ "10.0.0.1", true },      { "172.15.0.1", false }, { "172.16.0.1", true },  { "172.31.255.1", true },
		{ "172.32.0.1", false },   { "192.168.1.1", true }, { "192.169.1.1", false }, { "127.0.0.1", true },
		{ "169.254.9.9", true },   { "198.51.100.1", false }, { "::1", true },        { "fc00::1", true },
		{ "fdff::1", true },       { "fe80::1", true },     { "fec0::1", false },     { "2001:db8::1", false },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct addr a;

		assert_true(addr_parse(span_text(rows[i].addr), &a));
		if (addr_is_private(&a) != rows[i].private)
			fail_msg("%s", rows[i].addr);
	}
}

/* RFC 3339; seconds by date(1): date -u -d '...' +%s. */
static void writes_moments(void **unused)
{
	static const struct row {
		int64_t seconds, ns;
		const char *text;
	} rows[] = {
		{ 0, 0, "1970-01-01T00:00:00.000000000Z" },
		{ 784111777, 0, "1994-11-06T08:49:37.000000000Z" },
		{ 951782400, 1, "2000-02-29T00:00:00.000000001Z" },
		{ 951868799, 999999999, "2000-02-29T23:59:59.999999999Z" },
		{ 951868800, 0, "2000-03-01T00:00:00.000000000Z" },
		{ 4107542400, 0, "2100-03-01T00:00:00.000000000Z" },
		{ -1, 999999999, "1969-12-31T23:59:59.999999999Z" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int64_t ns = rows[i].seconds * MOMENT_S + rows[i].ns;
		char text[MOMENT_TEXT], clock[CLOCK_TEXT];

		assert_string_equal(moment_text(ns, text), rows[i].text);
		moment_clock(ns, clock);
		assert_memory_equal(clock, rows[i].text + 11, 8);
	}
	{
		char text[MOMENT_TEXT];

		assert_string_equal(moment_text(MOMENT_NONE, text), "");
		moment_text(INT64_MAX, text);
		moment_text(INT64_MIN + 1, text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_addresses_in_one_way), cmocka_unit_test(refuses_what_is_no_address),
		cmocka_unit_test(writes_endpoints),            cmocka_unit_test(knows_prefixes),
		cmocka_unit_test(knows_private_addresses),     cmocka_unit_test(writes_moments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
