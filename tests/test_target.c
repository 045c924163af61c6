/* tests/test_target.c - what users name, and what is refused (RFC 3986, RFC 1123). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "probes/target.h"

#define LABEL_63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define TEN(text) text text text text text text text text text text

static const struct row {
	const char *text, *want;        /* the target's text | path | user */
} taken[] = {
	{ "wsus01", "wsus01||" },
	{ "WSUS01.Corp.Example", "wsus01.corp.example||" },
	{ "wsus01.", "wsus01||" },
	{ "wsus_01:8530", "wsus_01:8530||" },
	{ "http://wsus01", "http://wsus01||" },
	{ "HTTPS://wsus01:8531/", "https://wsus01:8531|/|" },
	{ "http://wsus01:8530/Content/A0/x.cab?a=b#top", "http://wsus01:8530|/Content/A0/x.cab?a=b|" },
	{ "http://wsus01?x", "http://wsus01|/?x|" },
	{ "http://wsus01#x", "http://wsus01||" },
	{ "192.0.2.1", "192.0.2.1||" },
	{ "http://192.0.2.1:80/a", "http://192.0.2.1:80|/a|" },
	{ "[2001:DB8::1]:8530", "[2001:db8::1]:8530||" },
	{ "https://[2001:db8:0:0::1]", "https://[2001:db8::1]||" },
	{ "http://alice:pa%3Ass@proxy01:3128", "http://proxy01:3128||alice:pa:ss" },
	{ "alice@proxy01:3128", "proxy01:3128||alice:" },
	{ "http://a@b:c@proxy01", "http://proxy01||a@b:c" },
	{ "http://:@proxy01", "http://proxy01||:" },
	{ "http://@proxy01", "http://proxy01||" },
	{ "http://CORP%5Calice:p%C3%A4ss@proxy01:3128", "http://proxy01:3128||CORP\\alice:p\xc3\xa4ss" },
	{ "http://wsus01/a://b", "http://wsus01|/a://b|" },
	{ "wsus01/a://b", "wsus01|/a://b|" },
	{ "xn--bcher-kva.example:65535", "xn--bcher-kva.example:65535||" },
	{ "1.example", "1.example||" },
	{ LABEL_63 ".example", LABEL_63 ".example||" },
};

static const struct refusal {
	struct span text;
	const char *says;
} refused[] = {
	{ SPAN_LIT(""), "no host" },
	{ SPAN_LIT("http://"), "no host" },
	{ SPAN_LIT("http:///path"), "no host" },
	{ SPAN_LIT(":8530"), "no host" },
	{ SPAN_LIT("."), "no host" },
	{ SPAN_LIT("ftp://wsus01"), "scheme" },
	{ SPAN_LIT("socks5://proxy01:1080"), "scheme" },
	{ SPAN_LIT("://wsus01"), "scheme" },
	{ SPAN_LIT("http:/wsus01"), "port" },
	{ SPAN_LIT("wsus01:"), "port" },
	{ SPAN_LIT("wsus01:0"), "port" },
	{ SPAN_LIT("wsus01:65536"), "port" },
	{ SPAN_LIT("wsus01:+80"), "port" },
	{ SPAN_LIT("wsus01:8530x"), "port" },
	{ SPAN_LIT("wsus01:00000080"), "port" },
	{ SPAN_LIT("2001:db8::1"), "brackets" },
	{ SPAN_LIT("[2001:db8::1"), "bracket" },
	{ SPAN_LIT("[2001:db8::1]8530"), "follows" },
	{ SPAN_LIT("[fe80::1%eth0]:8530"), "zone" },
	{ SPAN_LIT("[192.0.2.1]"), "IPv6" },
	{ SPAN_LIT("[]"), "IPv6" },
	{ SPAN_LIT("192.0.2.256"), "IPv4" },
	{ SPAN_LIT("192.0.2"), "IPv4" },
	{ SPAN_LIT("3221225985"), "IPv4" },
	{ SPAN_LIT("b\xc3\xbc" "cher.example"), "xn--" },
	{ SPAN_LIT("wsus 01"), "no name" },
	{ SPAN_LIT("-wsus01"), "no name" },
	{ SPAN_LIT("wsus01-.example"), "no name" },
	{ SPAN_LIT("wsus01..example"), "no name" },
	{ SPAN_LIT(".example"), "no name" },
	{ SPAN_LIT("wsus01.."), "dot" },
	{ SPAN_LIT("wsus01\0.example"), "no name" },
	{ SPAN_LIT("wsus01\r\nHost: evil"), "no name" },
	{ SPAN_LIT("a" LABEL_63 ".example"), "no name" },
	{ SPAN_LIT(LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_63), "253" },
	{ SPAN_LIT("http://wsus01/a b"), "percent" },
	{ SPAN_LIT("http://wsus01/\xff"), "percent" },
	{ SPAN_LIT("http://wsus01/\n"), "percent" },
	{ SPAN_LIT("http://wsus01/" TEN(TEN(TEN("x")) TEN("y"))), "1023" },
	{ SPAN_LIT("http://alice:hunter2%@proxy01"), "user and password" },
	{ SPAN_LIT("http://alice:hunter2%zz@proxy01"), "user and password" },
	{ SPAN_LIT("http://alice:hunter2%0d%0a@proxy01"), "user and password" },
	{ SPAN_LIT("http://alice:hunter2%00@proxy01"), "user and password" },
	{ SPAN_LIT("http://alice:hunter2" TEN(TEN("xyz")) "@proxy01"), "user and password" },
	{ SPAN_LIT("ftp://alice:hunter2@proxy01"), "...@proxy01" },
	{ SPAN_LIT("http://alice:hunter2@proxy01:99999"), "...@proxy01:99999" },
	{ SPAN_LIT("http://alice:hunter2/x@proxy01"), "port" },
	{ SPAN_LIT("http://alice:hunter2#x@proxy01"), "port" },
	{ SPAN_LIT("alice:hunter2@proxy01@:x"), "no host" },
	{ SPAN_LIT("http://alice:hunter2@pro xy"), "no name" },
};

static void what_is_meant_is_taken(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
		struct fault fault = { .kind = FAULT_NONE };
		char said[TARGET_TEXT + TARGET_PATH_MAX + TARGET_USER_MAX + 4], text[TARGET_TEXT];
		struct target t;

		assert_true(target_parse(span_text(taken[i].text), &t, &fault));
		assert_int_equal(fault.kind, FAULT_NONE);
		snprintf(said, sizeof said, "%s|%s|%s", target_text(&t, text), t.path, t.user);
		assert_string_equal(said, taken[i].want);
	}
}

static void what_is_odd_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		struct fault fault = { .kind = FAULT_NONE };
		struct target t;

		if (target_parse(refused[i].text, &t, &fault))
			fail_msg("%.*s is taken", (int)refused[i].text.len, (const char *)refused[i].text.at);
		assert_int_equal(fault.kind, FAULT_USAGE);
		if (!strstr(fault.text, refused[i].says))
			fail_msg("%s: says nothing of %s", fault.text, refused[i].says);
		assert_null(strstr(fault.text, "hunter2"));
		assert_null(strpbrk(fault.text, "\r\n"));
	}
}

static void addresses_are_known_as_such(void **state)
{
	struct fault fault;
	struct target t;
	char text[TARGET_TEXT];
	struct addr a;

	(void)state;
	assert_true(target_parse(SPAN("http://[2001:db8::1]/x"), &t, &fault));
	assert_true(addr_parse(SPAN("2001:db8::1"), &a));
	assert_true(t.is_addr && addr_eq(&t.addr, &a));
	assert_string_equal(t.host, "2001:db8::1");
	assert_string_equal(target_host_port(&t, text), "[2001:db8::1]");
	assert_true(t.has_scheme && !t.has_port && !t.https);
	assert_true(target_parse(SPAN("wsus01:8531"), &t, &fault));
	assert_true(!t.is_addr && !t.has_scheme && t.has_port && t.port == 8531 && !t.https);
	assert_string_equal(target_host_port(&t, text), "wsus01:8531");
}

/* The longest of everything still has room for its text. */
static void the_longest_text_fits(void **state)
{
	static const char host[] = LABEL_63 "." LABEL_63 "." LABEL_63 "."
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
	char whole[400], text[TARGET_TEXT];
	struct fault fault;
	struct target t;

	(void)state;
	assert_int_equal(sizeof host - 1, 253);
	snprintf(whole, sizeof whole, "https://%s:65535", host);
	assert_true(target_parse(span_text(whole), &t, &fault));
	assert_string_equal(target_text(&t, text), whole);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_meant_is_taken),
		cmocka_unit_test(what_is_odd_is_refused),
		cmocka_unit_test(addresses_are_known_as_such),
		cmocka_unit_test(the_longest_text_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
