/* tests/test_rungs.c - which rung an exchange climbs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "analyzers/rungs.h"
#include "tests/trial.h"

#define AGENT "Windows-Update-Agent"
#define CAB "/2016/07/21692112_00.cab"

/* At Microsoft: paths and agents as scans of Windows 7 and of Delivery Optimization have them. */
static void knows_rungs_by_where_they_lead(void **unused)
{
	static const struct row {
		const char *host, *path, *agent;
		enum rung_name rung;
	} rows[] = {
		{ "wsus01:8530", "/Content/41/AB.cab", "Microsoft BITS/7.8", RUNG_CONTENT },
		{ "wsus01:8530", "/selfupdate/wuident.cab", AGENT, RUNG_SELFUPDATE },
		{ "wsus01:8530", "/d/msdownload/update/others" CAB, AGENT, RUNG_COUNT },
		{ "download.windowsupdate.com", "/d/msdownload/update/others" CAB, AGENT, RUNG_CONTENT },
		{ "au.download.windowsupdate.com", "/msdownload/update/software/secu" CAB,
		  "Microsoft BITS/7.5", RUNG_CONTENT },
		{ "2.tlu.dl.delivery.mp.microsoft.com", "/filestreamingservice/files/12a42582?P1=1",
		  "Microsoft-Delivery-Optimization/10.0", RUNG_CONTENT },
		{ "ds.download.windowsupdate.com",
		  "/v11/3/windowsupdate/selfupdate/WSUS3/x86/Win7SP1/wsus3setup.cab?1607", AGENT,
		  RUNG_SELFUPDATE },
		{ "ds.download.windowsupdate.com", "/v11/2/windowsupdate/redir/v6-win7sp1-wuredir.cab", AGENT,
		  RUNG_COUNT },
		/* Lists of trusted roots come from there too, but nobody updates by them. */
		{ "ctldl.windowsupdate.com", "/msdownload/update/v3/static/trustedr/en/authrootstl.cab",
		  "Microsoft-CryptoAPI/6.1", RUNG_COUNT },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct connection c = connection_at("192.0.2.50", "198.51.100.1:80", 0);
		struct http_header agent = { SPAN("User-Agent"), span_text(rows[i].agent) };
		struct exchange x = call_on(&c, rows[i].path);

		x.host = span_text(rows[i].host);
		x.request.headers = &agent;
		x.request.header_count = 1;
		answer(&x, 200, 5);
		if (rung_of_exchange(&x) != rows[i].rung)
			fail_msg("%s%s: rung %d", rows[i].host, rows[i].path, (int)rung_of_exchange(&x));
	}
}

static void knows_what_is_no_climb(void **unused)
{
	static const char *const paths[] = { "/ccm_system/request", "/ccm_system_windowsauth/request",
		                             "/SMS_MP/.sms_aut?MPLIST" };
	struct connection c = connection_at("192.0.2.50", "198.51.100.1:80", 0);
	struct exchange x = call_on(&c, "/ClientWebService/client.asmx");

	(void)unused;
	assert_true(rung_is_way(&x));
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		x = call_on(&c, paths[i]);
		assert_false(rung_is_way(&x));
	}
}

/* Who leaves before it has asked is not refused. */
static void silence_is_no_answer(void **unused)
{
	struct connection c = connection_at("192.0.2.50", "198.51.100.1:8530", 0);
	struct exchange x = call_on(&c, "/ClientWebService/client.asmx");

	(void)unused;
	x.end = EXCHANGE_FIN_BY_CLIENT;
	assert_int_equal(rung_state_of(&x, RUNG_SYNC), RUNG_FAILED);
	assert_int_equal(rung_state_of(&x, RUNG_CONTENT), RUNG_UNSEEN);
	x.request.body.complete = false;
	assert_int_equal(rung_state_of(&x, RUNG_SYNC), RUNG_UNSEEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_rungs_by_where_they_lead),
		cmocka_unit_test(knows_what_is_no_climb),
		cmocka_unit_test(silence_is_no_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
