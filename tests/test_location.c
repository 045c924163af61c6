/* tests/test_location.c - URLs of update points, and where policies name them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

#include "facts/location.h"
#include "facts/wsus.h"

static const struct url_row {
	const char *url, *want;         /* "tls host port"; "": no URL of an update point */
} urls[] = {
	{ "http://sup01.corp.example:8530", "0 sup01.corp.example 8530" },
	{ "HTTPS://SUP01:8531/", "1 SUP01 8531" },
	{ " http://sup01/selfupdate?x:1 ", "0 sup01 80" },
	{ "https://sup01", "1 sup01 443" },
	{ "http://192.0.2.1:65535", "0 192.0.2.1 65535" },
	{ "http://[2001:db8::1]:8530/", "0 [2001:db8::1] 8530" },
	{ "http://[2001:db8::1]", "0 [2001:db8::1] 80" },
	{ "http://sup01:0", "" },
	{ "http://sup01:65536", "" },
	{ "http://sup01:", "" },
	{ "http://:8530", "" },
	{ "http://", "" },
	{ "ftp://sup01", "" },
	{ "sup01:8530", "" },
	{ "", "" },
};

static void reads_urls(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
		struct update_url u;
		char told[128] = "";

		if (update_url_read(span_text(urls[i].url), &u))
			snprintf(told, sizeof told, "%d %.*s %u", u.tls, (int)u.host.len,
			        (const char *)u.host.at,
			         u.port);
		assert_string_equal(told, urls[i].want);
	}
}

static void finds_the_policys_server(void **unused)
{
	static const char *const rows[][2] = {
		{ "OSVersion=10.0;UpdateServiceUrl=http://a:8530;UpdateManagementGroup=2", "http://a:8530" },
		{ "UpdateServiceUrl=http://a:8530", "http://a:8530" },
		{ "x; updateserviceurl = http://a ;", "http://a" },
		{ "MyUpdateServiceUrl=http://a", "" },
		{ "UpdateServiceUrl", "" },
		{ "UpdateServiceUrl=;", "" },
		{ "", "" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct span found = update_service_url(span_text(rows[i][0]));

		assert_true(span_eq(found, span_text(rows[i][1])));
	}
}

static void knows_the_doors_of_distribution_points(void **unused)
{
	static const struct {
		const char *path;
		enum wsus_place place;
	} rows[] = {
		{ "/SMS_DP_SMSPKG$/Content_1/sccm?/a.cab", WSUS_SMS_DP },
		{ "/NOCERT_SMS_DP_SMSPKG$/Content_1", WSUS_SMS_DP },
		{ "/ccmtokenauth_sms_dp_smspkg$/Content_1", WSUS_SMS_DP },
		{ "/NOCERT_Content/a", WSUS_NOWHERE },
		{ "/Content/a", WSUS_CONTENT },
		{ "/Contents/a", WSUS_NOWHERE },
		{ "/ccm_system_windowsauth/request", WSUS_CCM },
		{ "", WSUS_NOWHERE },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(wsus_place(span_text(rows[i].path)), rows[i].place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_urls),
		cmocka_unit_test(finds_the_policys_server),
		cmocka_unit_test(knows_the_doors_of_distribution_points),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
