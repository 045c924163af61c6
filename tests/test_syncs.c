/* tests/test_syncs.c - servers that synchronise, and the step that fails; and such that a retry mends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/judged.h"

extern const struct analyzer analyzer_syncs;

#define DSS "198.51.100.20 > 198.51.100.1:8530 "
#define CALL(method) DSS "CALL " method " | Host: wsus00:8530 => "
#define OK "200 OK\n"
#define FAULT(error) "500 Internal Server Error | fault " error " id=c1f5\n"

static const struct judged rows[] = {
	{ "all is well", CALL("GetAuthConfig") OK CALL("DssAuth/GetAuthorizationCookie") OK " "
	  CALL("ServerSync/GetCookie") OK CALL("GetConfigData") OK CALL("GetRevisionIdList") " "
	  OK CALL("GetUpdateData") OK, "", NULL },
	{ "authorization is refused", CALL("DssAuth/GetAuthorizationCookie") "403 Forbidden\n",
	  "sync-failed error certain 1",
	  "198.51.100.20 fails at authorizing itself: GetAuthorizationCookie is answered with "
	  "403 Forbidden." },
	{ "a login whose end is not seen", CALL("DssAuth/GetAuthorizationCookie") "401 Unauthorized\n", "",
	  NULL },
	{ "a login, and then a failure", CALL("GetConfigData") "401 Unauthorized\n" CALL("GetConfigData") " "
	  FAULT("InternalServerError"), "sync-failed error certain 1", "InternalServerError" },
	{ "a login that succeeds", CALL("DssAuth/GetAuthorizationCookie") "401 Unauthorized\n"
	  CALL("DssAuth/GetAuthorizationCookie") OK, "", NULL },
	{ "versions that do not fit", CALL("ServerSync/GetCookie") " "
	  FAULT("IncompatibleProtocolVersion"), "sync-failed error certain 1",
	  "ErrorCode IncompatibleProtocolVersion. ID in the upstream server's log: c1f5" },
	{ "data fails half way", CALL("GetRevisionIdList") " "
	  "200 OK | values new_revisions=1200\n" DSS " "
	  "CALL GetUpdateData | values updates_asked=100 => 200 OK\n" DSS " "
	  "CALL GetUpdateData | values updates_asked=100 => 500 Internal Server Error | fault "
	  "InternalServerError\n", "sync-failed error certain 1",
	  "It had asked for 100 of 1200 updates." },
	{ "a cookie runs out", CALL("GetUpdateData") FAULT("CookieExpired") " "
	  CALL("ServerSync/GetCookie") OK CALL("GetUpdateData") OK, "", NULL },
	{ "and stays so", CALL("GetUpdateData") FAULT("InvalidCookie"),
	  "sync-failed error certain 1", "InvalidCookie" },
	{ "a retry gets through", CALL("GetRevisionIdList") "503 Service Unavailable\n"
	  CALL("GetRevisionIdList") OK, "sync-failed warning certain 1", "Later it succeeded." },
	{ "a fault of the infrastructure", CALL("GetConfigData") FAULT("- text=Boom"),
	  "sync-failed error certain 1", "a fault without an ErrorCode, \"Boom\"" },
	{ "the rollup fails", CALL("GetRollupConfiguration") FAULT("InternalServerError"),
	  "sync-failed error certain 1", "reporting its clients' status" },
	{ "no answer", DSS "CALL GetUpdateData | end reset\n", "sync-failed error certain 1",
	  "no answer" },
	{ "clients' calls are another story", CALL("SyncUpdates") FAULT("InternalServerError"), "",
	  NULL },
};

static void tells_failed_steps(void **unused)
{
	static const struct analyzer *const one[] = { &analyzer_syncs };

	(void)unused;
	judge_rows(one, 1, rows, sizeof rows / sizeof *rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(tells_failed_steps) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
