/* tests/test_offers.c - challenges as RFC 9110 section 11.6.1 and proxies write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "probes/offers.h"

static const struct {
	const char *headers[3];         /* of that name */
	const char *offers;
} rows[] = {
	{ { "Basic realm=\"proxy\"" }, "Basic" },
	{ { "Negotiate", "NTLM", "Basic realm=\"x\"" }, "Negotiate, NTLM, Basic" },
	{ { "Negotiate, NTLM" }, "Negotiate, NTLM" },
	/* The example of RFC 9110 section 11.6.1: two challenges in one field */
	{ { "Basic realm=\"simple\", Newauth realm=\"apps\", type=1, title=\"Login to \\\"apps\\\"\"" },
	  "Basic, Newauth" },
	{ { "Digest realm=\"a, b\", nonce=\"x\", qop=\"auth,auth-int\", algorithm=MD5" }, "Digest" },
	{ { "Basic realm = \"with blanks\"" }, "Basic" },
	{ { "NTLM TlRMTVNTUAACAAAA==" }, "NTLM" },
	{ { "Negotiate", "negotiate" }, "Negotiate" },
	{ { "Kerberos" }, "Kerberos" },
	{ { "" }, "" },
	{ { ", ,Basic realm=x" }, "Basic" },
	{ { "\"unclosed, NTLM" }, "" },
	{ { "B\033[31m, NTLM" }, "NTLM" },
	{ { NULL }, "" },
};

static void test_offers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fetch_result result = { .header_count = 1 };
		char text[OFFERS_TEXT];

		result.headers[0] = (struct fetch_header){ SPAN("Via"), SPAN("1.1 NTLM") };
		for (size_t h = 0; h < 3 && rows[i].headers[h]; h++)
			result.headers[result.header_count++] = (struct fetch_header){
				SPAN("proxy-authenticate"),
				span_text(rows[i].headers[h]),
			};
		assert_string_equal(offers_text(&result, SPAN("Proxy-Authenticate"), text), rows[i].offers);
	}
}

static void test_no_end_of_schemes(void **state)
{
	struct fetch_result result = { .header_count = 1 };
	char text[OFFERS_TEXT], many[1200];

	(void)state;
	for (size_t i = 0; i < sizeof many; i++)
		many[i] = i % 6 == 5 ? ',' : (char)('a' + (i / 6 + i % 6 * (i / 6) % 7) % 26);
	result.headers[0] = (struct fetch_header){ SPAN("Proxy-Authenticate"), span_of(many, sizeof many) };
	offers_text(&result, SPAN("Proxy-Authenticate"), text);
	assert_in_range(strlen(text), OFFERS_TEXT / 2, OFFERS_TEXT - 1);
}

static void test_has(void **state)
{
	(void)state;
	assert_true(offers_has("Negotiate, NTLM", SPAN("ntlm")));
	assert_false(offers_has("Negotiate", SPAN("NTLM")));
	assert_false(offers_has("", SPAN("NTLM")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_offers),
		cmocka_unit_test(test_no_end_of_schemes),
		cmocka_unit_test(test_has),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
