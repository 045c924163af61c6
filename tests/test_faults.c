/* tests/test_faults.c - faults that end a scan, lists of ids that are too long; and faults that heal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/judged.h"

extern const struct analyzer analyzer_faults, analyzer_idlimits;

#define PC(n) "192.0.2." n " > 198.51.100.1:8530 "
#define WSUS  " | Host: wsus01:8530"
#define CALL(n, method) PC(n) "CALL " method WSUS " => "
#define OK "200 OK\n"
#define FAULT(error) "500 Internal Server Error | fault " error " id=c1f5d2a0\n"
#define SYNC(n, ids) PC(n) "CALL SyncUpdates" WSUS " | values " ids " => "

static const struct judged rows[] = {
	{ "WSUS fails inside", CALL("50", "SyncUpdates") FAULT("InternalServerError"),
	  "soap-fault error certain 1",
	  "SyncUpdates of 192.0.2.50 is answered with InternalServerError. WSUS fails" },
	{ "its ID is told", CALL("50", "SyncUpdates") FAULT("InternalServerError"),
	  "soap-fault error certain 1", "log: c1f5d2a0" },
	{ "one finding for all clients", CALL("50", "SyncUpdates") " "
	  FAULT("InternalServerError") CALL("51", "SyncUpdates") FAULT("InternalServerError") " "
	  CALL("52", "SyncUpdates") FAULT("InternalServerError") CALL("53", "SyncUpdates") " "
	  FAULT("InternalServerError"), "soap-fault error certain 4", "- > 198.51.100.1:8530" },
	{ "clients are named", CALL("50", "SyncUpdates") FAULT("InternalServerError") " "
	  CALL("51", "SyncUpdates") FAULT("InternalServerError"), "soap-fault error certain 2",
	  "192.0.2.50, 192.0.2.51 is answered" },
	{ "methods are told apart", CALL("50", "SyncUpdates") FAULT("InternalServerError") " "
	  CALL("50", "GetCookie") FAULT("InternalServerError"),
	  "soap-fault error certain 1; soap-fault error certain 1", NULL },
	{ "the same call gets through later", CALL("50", "SyncUpdates") " "
	  FAULT("InternalServerError") CALL("50", "SyncUpdates") OK, "soap-fault warning certain 1",
	  "Later such calls got through." },
	{ "of another client", CALL("50", "SyncUpdates") FAULT("InternalServerError") " "
	  CALL("51", "SyncUpdates") OK, "soap-fault error certain 1", NULL },
	{ "a parameter is named", CALL("50", "GetExtendedUpdateInfo") " "
	  FAULT("InvalidParameters message=revisionIDs"), "soap-fault error certain 1",
	  "InvalidParameters (revisionIDs)" },
	{ "an ErrorCode that nobody knows", CALL("50", "SyncUpdates") FAULT("SomethingNew"),
	  "soap-fault error certain 1", "answered with SomethingNew. It does not heal" },
	{ "a busy server", CALL("50", "SyncUpdates") FAULT("ServerBusy"),
	  "server-busy error certain 1", NULL },
	{ "a fault without an ErrorCode is the server's", CALL("50", "SyncUpdates") FAULT("-"), "",
	  NULL },
	{ "registration is due once", CALL("50", "SyncUpdates") FAULT("RegistrationRequired") " "
	  CALL("50", "RegisterComputer") OK CALL("50", "SyncUpdates") OK, "", NULL },
	{ "registration is due again and again", CALL("50", "SyncUpdates") " "
	  FAULT("RegistrationRequired") CALL("50", "RegisterComputer") OK " "
	  CALL("50", "SyncUpdates") FAULT("RegistrationRequired") " "
	  CALL("50", "RegisterComputer") OK CALL("50", "SyncUpdates") FAULT("RegistrationRequired"),
	  "soap-fault error certain 3", "what it registers is not kept" },
	{ "many clients register once each", CALL("50", "SyncUpdates") " "
	  FAULT("RegistrationRequired") CALL("51", "SyncUpdates") " "
	  FAULT("RegistrationRequired") CALL("52", "SyncUpdates") " "
	  FAULT("RegistrationRequired") CALL("53", "SyncUpdates") FAULT("RegistrationRequired"), "",
	  NULL },
	{ "reports never get through", CALL("50", "ReportEventBatch") FAULT("CookieExpired") " "
	  CALL("50", "ReportEventBatch") FAULT("CookieExpired") CALL("50", "ReportEventBatch") " "
	  FAULT("CookieExpired"), "soap-fault error certain 3", NULL },
	{ "a new cookie is due", CALL("50", "SyncUpdates") FAULT("CookieExpired") " "
	  CALL("50", "SyncUpdates") FAULT("CookieExpired") CALL("50", "SyncUpdates") " "
	  FAULT("CookieExpired"), "", NULL },
	{ "calls of the console are told apart",
	  CALL("50", "Api/GetSubscription") FAULT("InternalServerError") " "
	  CALL("50", "Api/GetSubscriptionState") OK, "soap-fault error certain 1",
	  "GetSubscription of 192.0.2.50" },
	{ "calls between servers are another story", CALL("50", "GetUpdateData") " "
	  FAULT("InternalServerError"), "", NULL },
	{ "too many ids are refused", SYNC("50", "installed_ids=401") " "
	  FAULT("InvalidParameters message=parameters.InstalledNonLeafUpdateIDs"),
	  "id-limit error certain 1", "refuses 401 ids in InstalledNonLeafUpdateIDs" },
	{ "the setting is named", SYNC("50", "cached_ids=22001") " "
	  FAULT("InvalidParameters message=parameters.OtherCachedUpdateIDs"),
	  "id-limit error certain 1", "maxCachedUpdates is 22000" },
	{ "refused, the body was not read", CALL("50", "SyncUpdates") " "
	  FAULT("InvalidParameters message=parameters.OtherCachedUpdateIDs"),
	  "id-limit error certain 1", "more ids than it takes" },
	{ "nearly too many", SYNC("50", "installed_ids=320") OK, "id-limit warning certain 1",
	  "carries 320 ids in InstalledNonLeafUpdateIDs, and the server takes 400" },
	{ "far from it", SYNC("50", "installed_ids=319 cached_ids=17599") OK, "", NULL },
	{ "the limit is reached", SYNC("50", "installed_ids=400") OK, "id-limit error certain 1",
	  "limit is reached" },
	{ "the limit was raised", SYNC("50", "installed_ids=390") OK " "
	  SYNC("51", "installed_ids=450") OK, "", NULL },
	{ "nearly too many cached", SYNC("50", "cached_ids=17600") OK, "id-limit warning certain 1",
	  NULL },
};

static void tells_faults(void **unused)
{
	static const struct analyzer *const both[] = { &analyzer_faults, &analyzer_idlimits };

	(void)unused;
	judge_rows(both, 2, rows, sizeof rows / sizeof *rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(tells_faults) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
