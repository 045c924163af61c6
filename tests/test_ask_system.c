/* tests/test_ask_system.c - resolv.conf(5): servers, suffixes, and what is left out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "probes/ask.h"

enum { TOLD = 1024 };

static const struct row {
	const char *text, *want;
} rows[] = {
	{ "", "" },
	{ "nameserver 192.0.2.53\n", "192.0.2.53:53" },
	{ "nameserver 192.0.2.53\nnameserver 2001:db8::53\nsearch Corp.Example branch.example.\n",
	  "192.0.2.53:53 [2001:db8::53]:53 corp.example branch.example" },
	{ "# nameserver 192.0.2.1\n; nameserver 192.0.2.2\n nameserver\t192.0.2.3 # mine\r\n",
	  "192.0.2.3:53" },
	{ "nameserver fe80::1%eth0\nnameserver wsus01\nnameserver\n", "" },
	{ "search a.example\nsearch b.example c.example\n", "b.example c.example" },
	{ "search a.example\ndomain b.example\n", "b.example" },
	{ "search .\n", "" },
	{ "nameserver 192.0.2.1", "192.0.2.1:53" },
	{ "nameservers 192.0.2.1\n", "" },
};

static void files_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct ask_system s;
		char told[TOLD] = "", text[ENDPOINT_TEXT];
		int len = 0;

		if (ask_system_parse(&s, span_text(rows[i].text)))
			assert_true(s.server_count > 0);
		else
			assert_int_equal(s.server_count, 0);
		for (unsigned j = 0; j < s.server_count; j++)
			len += snprintf(told + len, (size_t)(TOLD - len), "%s%s", len ? " " : "",
			                endpoint_text(&s.servers[j], text));
		for (unsigned j = 0; j < s.suffix_count; j++)
			len += snprintf(told + len, (size_t)(TOLD - len), "%s%s", len ? " " : "",
			                s.suffixes[j]);
		assert_string_equal(told, rows[i].want);
		assert_int_equal(s.dots, 1);
	}
}

static void what_is_too_much_is_left_out(void **state)
{
	char text[8192] = "options timeout:1 ndots:99 rotate\nsearch";
	struct ask_system s;

	(void)state;
	for (unsigned i = 0; i < 20; i++)
		snprintf(text + strlen(text), sizeof text - strlen(text), " s%u.example", i);
	for (unsigned i = 0; i < 20; i++)
		snprintf(text + strlen(text), sizeof text - strlen(text), "\nnameserver 192.0.2.%u", i);
	assert_true(ask_system_parse(&s, span_text(text)));
	assert_int_equal(s.server_count, ASK_SERVERS_MAX);
	assert_int_equal(s.suffix_count, ASK_SUFFIXES_MAX);
	assert_int_equal(s.dots, 15);
	assert_string_equal(s.suffixes[7], "s7.example");
	ask_system_read(&s);
	assert_true(s.server_count <= ASK_SERVERS_MAX);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_read),
		cmocka_unit_test(what_is_too_much_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
