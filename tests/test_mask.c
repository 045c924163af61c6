/* tests/test_mask.c - what is hidden, and the name that a flow has in every tool. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "report/community.h"
#include "report/mask.h"
#include "tests/trial.h"

static void hides_secrets(void **unused)
{
	static const struct row {
		const char *url, *shown;
	} rows[] = {
		{ "", "" },
		{ "/Content/41/AB.cab", "/Content/41/AB.cab" },
		{ "/x?a=1&b=2", "/x?a=1&b=2" },
		{ "/x?token=abc", "/x?token=***" },
		{ "/x?access_token=abc&y=1", "/x?access_token=***&y=1" },
		{ "/x?a=1;Password=abc;b=2", "/x?a=1;Password=***;b=2" },
		{ "/f.cab?P1=1&P2=402&P3=2&P4=sig%3d", "/f.cab?P1=***&P2=***&P3=***&P4=***" },
		{ "/x?sig=", "/x?sig=***" },
		{ "/x?sign=1", "/x?sign=1" },
		{ "/x?token", "/x?token" },
		{ "http://user:pw@host/x", "http://***@host/x" },
		{ "http://user:p@w@host:81/x?key=1", "http://***@host:81/x?key=***" },
		{ "http://host/a@b", "http://host/a@b" },
		{ "http://user:pw@host", "http://***@host" },
		{ "user:pw@host:443", "***@host:443" },
		{ "user:p/w@host:443", "***@host:443" },
		{ "host:443", "host:443" },
		{ "/a@b", "/a@b" },
		{ "*", "*" },
		{ "?", "?" },
		{ "&=&", "&=&" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buf out;

		buf_init(&out, 1000);
		mask_url(&out, span_text(rows[i].url));
		buf_add_byte(&out, 0);
		assert_string_equal((const char *)out.at, rows[i].shown);
		buf_release(&out);
	}
}

static void hides_users(void **unused)
{
	struct buf out;

	(void)unused;
	buf_init(&out, 100);
	mask_user(&out, SPAN("alice"));
	mask_user(&out, SPAN(""));
	mask_user(&out, SPAN("\xc3\xb6zlem"));
	mask_user(&out, SPAN("\xb6"));
	assert_true(span_eq(buf_span(&out), SPAN("a******\xc3\xb6***\xb6***")));
	buf_release(&out);
}

/* The specification's own baseline for TCP and seed 0 (community-id-spec, baseline_deflt.json); IPv6 by its
 * reference implementation. */
static void names_flows(void **unused)
{
	static const struct row {
		const char *a, *b, *id;
	} rows[] = {
		{ "66.35.250.204:80", "128.232.110.120:34855", "1:LQU9qZlK+B5F3KDmev6m5PMibrg=" },
		{ "[2001:db8::50]:50000", "[2001:db8::10]:8530", "1:9s2wtnkkyCqIHzj1dKfK3T/jivo=" },
		{ "192.0.2.1:50000", "192.0.2.1:8530", "1:eEvNKEOITkDySCEwQi9tq289C18=" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct endpoint a = endpoint_at(rows[i].a), b = endpoint_at(rows[i].b);
		char text[COMMUNITY_TEXT];

		assert_string_equal(community_tcp(&a, &b, text), rows[i].id);
		assert_string_equal(community_tcp(&b, &a, text), rows[i].id);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hides_secrets),
		cmocka_unit_test(hides_users),
		cmocka_unit_test(names_flows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
