/* tests/test_reported.c - failures that clients report; and successes, repeats and events of no matter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "facts/soap.h"
#include "facts/wsuscall.h"
#include "tests/judged.h"
#include "tests/trial.h"

extern const struct analyzer analyzer_reported;

#define PC(n) "192.0.2." n " > 198.51.100.1:8530 "
#define REPORT(n, events) PC(n) "CALL ReportEventBatch | Host: wsus01:8530 | " events " => 200 OK\n"
#define UPDATE "id=2d8d3b20-5e7f-4ca0-9b43-8f3e409c6d03 "
#define OTHER  "id=2d8d3b20-5e7f-4ca0-9b43-8f3e409c6d04 "
#define SHA1   "747E85F5369F9ADB5E0C76BE072C10B9B705583E"
#define CAB    "/Content/3E/" SHA1 ".cab"
#define TOLD                                                                                    \
	PC("50") "CALL SyncUpdates | Host: wsus01:8530 => 200 OK | update revision_id=392 " UPDATE "\n" \
	PC("50") "CALL GetExtendedUpdateInfo | Host: wsus01:8530 => 200 OK | update revision_id=392 "   \
	         "kb=9000001 title=\"2026-03 Contoso demo update\" | file revision_id=392 sha1=" SHA1   \
	         " name=a.cab\n"
#define FAILED "event 182 hresult=80070643 " UPDATE
#define MISSING(n) PC(n) "GET " CAB " | Host: wsus01:8530 => 404 Not Found\n"

static const struct judged rows[] = {
	{ "a scan failed", REPORT("50", "event 148 hresult=80244022 text=0x80244022"),
	  "reported-error error certain 1",
	  "192.0.2.50: event 148, scan failed: 0x80244022, WU_E_PT_HTTP_STATUS_SERVICE_UNAVAIL" },
	{ "its code", REPORT("50", "event 148 hresult=80244022"), "reported-error error certain 1",
	  "codes 0x80244022" },
	{ "all is well", REPORT("50", "event 147 hresult=0 text=1 | event 183 hresult=0 " UPDATE),
	  "", NULL },
	{ "a success with a reboot", REPORT("50", "event 184 hresult=240005 " UPDATE), "", NULL },
	{ "an installation failed",
	  REPORT("50", FAILED "text=0x80070643 more=\"Contoso (KB9000001)\""),
	  "reported-error error certain 1",
	  "installation failed of \"Contoso (KB9000001)\": 0x80070643" },
	{ "the update's name was told", TOLD REPORT("50", FAILED), "reported-error error certain 1",
	  "of \"2026-03 Contoso demo update\" (KB9000001): 0x80070643" },
	{ "nothing was told of it", REPORT("50", FAILED), "reported-error error certain 1",
	  "of update 2d8d3b20-5e7f-4ca0-9b43-8f3e409c6d03" },
	{ "after the restart only a code tells", REPORT("50", "event 203 hresult=0 " UPDATE), "",
	  NULL },
	{ "and here it does", REPORT("50", "event 203 hresult=800f0922 " UPDATE),
	  "reported-error error certain 1", NULL },
	{ "a failure without a code", REPORT("50", "event 187 hresult=0 " UPDATE),
	  "reported-error error certain 1", "no code told" },
	{ "its code stands in the text", REPORT("50", "event 148 hresult=0 text=0x8024402C"),
	  "reported-error error certain 1", "codes 0x8024402C" },
	{ "cancelled is not failed", REPORT("50", "event 163 hresult=8024000b " UPDATE), "", NULL },
	{ "a download and the request that failed", TOLD MISSING("50") " "
	  REPORT("50", "event 161 hresult=80190194 " UPDATE), "reported-error error certain 1",
	  "Before that " CAB " was answered 404 (frame 6)." },
	{ "another client's request", TOLD MISSING("51") " "
	  REPORT("50", "event 161 hresult=80190194 " UPDATE), "reported-error error certain 1",
	  "\nfirst" },
	{ "another update's file", TOLD MISSING("50") " "
	  REPORT("50", "event 161 hresult=80190194 " OTHER), "reported-error error certain 1",
	  ".\nfirst" },
	{ "a scan and the call that failed", PC("50") " "
	  "CALL SyncUpdates | Host: wsus01:8530 => 503 Service Unavailable\n"
	  REPORT("50", "event 148 hresult=80244022"), "reported-error error certain 1",
	  "Before that /ClientWebService/client.asmx was answered 503 (frame 2)." },
	{ "several clients, one finding", REPORT("50", FAILED) "\n" REPORT("51", FAILED),
	  "reported-error error certain 2", "192.0.2.50, 192.0.2.51: event" },
	{ "codes are told apart", REPORT("50", FAILED) " "
	  REPORT("51", "event 182 hresult=80070005 " UPDATE),
	  "reported-error error certain 1; reported-error error certain 1", NULL },
	{ "it succeeds later", REPORT("50", FAILED) " "
	  REPORT("50", "event 183 hresult=0 " UPDATE), "reported-error warning certain 1",
	  "It succeeded later." },
	{ "another update does", REPORT("50", FAILED) " "
	  REPORT("50", "event 183 hresult=0 " OTHER), "reported-error error certain 1", NULL },
	{ "a scan succeeds later", REPORT("50", "event 148 hresult=80244022") " "
	  REPORT("50", "event 147 hresult=0"), "reported-error warning certain 1", NULL },
	{ "told late", "+400000\n" PC("50") " "
	  "CALL ReportEventBatch | Host: wsus01:8530 | values client_time=400001 | "
	  "event 148 hresult=80244022 time=3601 => 200 OK\n", "reported-error error certain 1",
	  "It happened up to 4 d 14 h before it was told." },
	{ "at an absurd time", PC("50") " "
	  "CALL ReportEventBatch | Host: wsus01:8530 | values client_time=400001 | "
	  "event 148 hresult=80244022 time=-9000000000 => 200 OK\n",
	  "reported-error error certain 1", "SERVICE_UNAVAIL" },
	{ "the same event told again",
	  REPORT("50", "event 148 hresult=80244022 instance=7a0c1d2e-1111-4222-8333-444455556601") " "
	  " "
	  REPORT("50", "event 148 hresult=80244022 instance=7a0c1d2e-1111-4222-8333-444455556601"),
	  "reported-error error certain 1", NULL },
	{ "an event of no table", REPORT("50", "event 999 hresult=80004005"), "", NULL },
	{ "two ids in a batch",
	  REPORT("50", "event 148 hresult=80244022 target=aa | event 148 hresult=80244022 target=bb"),
	  "reported-error error certain 2", NULL },
};

static void tells_reports(void **unused)
{
	static const struct analyzer *const one[] = { &analyzer_reported };

	(void)unused;
	judge_rows(one, 1, rows, sizeof rows / sizeof *rows);
}

/* What a client tells without end stays within bounds, and what was left out is counted. */
static void stays_bounded(void **unused)
{
	enum { BATCHES = 1000, EVENTS = 250 };
	static struct wsus_event events[EVENTS];
	struct wsus_call values = { .events = events, .event_count = EVENTS };
	struct soap_call soap = { .method = METHOD_REPORT_EVENT_BATCH, .values = &values };
	struct connection c = connection_at("192.0.2.50", "198.51.100.1:8530", 1);
	struct exchange x = call_on(&c, "/ReportingWebService/ReportingWebService.asmx");
	struct trial t;

	(void)unused;
	answer(&x, 200, 5);
	x.soap = &soap;
	trial_begin(&t, &analyzer_reported, NULL);
	for (uint32_t b = 0; b < BATCHES; b++) {
		for (uint32_t i = 0; i < EVENTS; i++) {
			uint32_t number = b * EVENTS + i + 1;

			events[i] = (struct wsus_event){
				.event = 182,
				.hresult = 0x80070643,
				.time = number % 2 ? INT64_MAX : 1,
			};
			memcpy(events[i].instance.bytes, &number, sizeof number);
		}
		trial_exchange(&t, &x);
	}
	assert_true(t.limits.count[LIMIT_FINDING_CEILING] > 0);
	trial_end(&t, MOMENT_S);
	trial_expect(&t, "a quarter of a million events", "reported-error error certain 250000", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_reports),
		cmocka_unit_test(stays_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
