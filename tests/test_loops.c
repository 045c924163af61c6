/* tests/test_loops.c - clients that start over without end, and servers that changed; and single times. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/judged.h"

extern const struct analyzer analyzer_loops, analyzer_changed;

#define PC(n) "192.0.2." n " > 198.51.100.1:8530 "
#define WSUS  " | Host: wsus01:8530"
#define CALL(n, method) PC(n) "CALL " method WSUS " => "
#define OK "200 OK\n"
#define FAULT(error) "500 Internal Server Error | fault " error "\n"
#define CONFIG(n, change) CALL(n, "GetConfig") "200 OK | values last_change=" change "\n"
#define AUTH(n, id) PC(n) "CALL GetAuthorizationCookie" WSUS " | values client_id=" id " => " OK
#define COOKIE(n) CALL(n, "GetCookie") OK
#define HELLO(n) CONFIG(n, "7000") AUTH(n, "aa") COOKIE(n)
#define SYNC(n) CALL(n, "SyncUpdates")
#define ROUND(n, error) HELLO(n) SYNC(n) FAULT(error)

static const struct judged loops[] = {
	{ "the configuration changes all the time", ROUND("50", "ConfigChanged") " "
	  ROUND("50", "ConfigChanged") ROUND("50", "ConfigChanged"),
	  "handshake-loop error certain 1", "up to 3 rounds" },
	{ "a cache on the way", ROUND("50", "ConfigChanged") ROUND("50", "ConfigChanged") " "
	  ROUND("50", "ConfigChanged"), "handshake-loop error certain 1",
	  "the same LastChange all the while" },
	{ "servers that disagree", CONFIG("50", "7000") AUTH("50", "aa") " "
	  CALL("50", "GetCookie") FAULT("ConfigChanged") CONFIG("50", "8000") AUTH("50", "aa") " "
	  CALL("50", "GetCookie") FAULT("ConfigChanged") CONFIG("50", "7000") AUTH("50", "aa") " "
	  CALL("50", "GetCookie") FAULT("ConfigChanged"), "handshake-loop error certain 1",
	  "another LastChange now and then" },
	{ "twice is not again and again", ROUND("50", "ConfigChanged") ROUND("50", "ConfigChanged"),
	  "", NULL },
	{ "it heals", ROUND("50", "ConfigChanged") HELLO("50") SYNC("50") OK, "", NULL },
	{ "healed each time", ROUND("50", "ConfigChanged") HELLO("50") SYNC("50") OK " "
	  ROUND("50", "ConfigChanged") HELLO("50") SYNC("50") OK, "", NULL },
	{ "it gets through in the end", ROUND("50", "CookieExpired") " "
	  ROUND("50", "CookieExpired") ROUND("50", "CookieExpired") HELLO("50") SYNC("50") OK,
	  "handshake-loop warning certain 2",
	  "until much later. SyncUpdates is answered with CookieExpired" },
	{ "of two clients one finding", ROUND("50", "InvalidCookie") " "
	  ROUND("50", "InvalidCookie") ROUND("50", "InvalidCookie") " "
	  ROUND("51", "InvalidCookie") ROUND("51", "InvalidCookie") ROUND("51", "InvalidCookie"),
	  "handshake-loop error certain 2", "192.0.2.50, 192.0.2.51" },
	{ "no fault drives it", HELLO("50") HELLO("50") HELLO("50") HELLO("50") HELLO("50"),
	  "handshake-loop error probable 1", "the reason is on the client" },
	{ "a few times prove nothing", HELLO("50") HELLO("50") HELLO("50") HELLO("50"), "", NULL },
	{ "far apart they are scans of their own", HELLO("50") "+4000\n" HELLO("50") "+4000\n"
	  HELLO("50") "+4000\n" HELLO("50") "+4000\n" HELLO("50"), "", NULL },
	{ "several machines behind one address", AUTH("50", "aa") COOKIE("50") " "
	  AUTH("50", "bb") COOKIE("50") AUTH("50", "cc") COOKIE("50") AUTH("50", "aa") " "
	  COOKIE("50") AUTH("50", "bb") COOKIE("50") AUTH("50", "cc") COOKIE("50"), "", NULL },
	{ "nodes behind one name", HELLO("50") " "
	  "192.0.2.50 > 198.51.100.2:8530 CALL SyncUpdates" WSUS " => " OK HELLO("50") " "
	  "192.0.2.50 > 198.51.100.2:8530 CALL SyncUpdates" WSUS " => " OK HELLO("50") " "
	  HELLO("50") HELLO("50") HELLO("50"), "", NULL },
	{ "errors of HTTP are other findings", HELLO("50") SYNC("50") " "
	  "503 Service Unavailable\n" HELLO("50") SYNC("50") "503 Service Unavailable\n"
	  HELLO("50") HELLO("50") HELLO("50"), "", NULL },
	{ "and so are faults that do not heal", ROUND("50", "InternalServerError") " "
	  ROUND("50", "InternalServerError") ROUND("50", "InternalServerError") " "
	  ROUND("50", "InternalServerError") ROUND("50", "InternalServerError"), "", NULL },
	{ "reports use cookies, too", HELLO("50") CALL("50", "ReportEventBatch") OK " "
	  HELLO("50") CALL("50", "ReportEventBatch") OK HELLO("50") " "
	  CALL("50", "ReportEventBatch") OK HELLO("50") HELLO("50"), "", NULL },
};

#define CHANGED(n) SYNC(n) FAULT("ServerChanged") HELLO(n) CALL(n, "RefreshCache") OK SYNC(n) OK "+9000\n"
#define MOVED(n)   HELLO(n) CALL(n, "RefreshCache") OK SYNC(n) OK "+9000\n"
#define SCAN(n)    HELLO(n) SYNC(n) OK "+9000\n"

static const struct judged changed[] = {
	{ "one client once", CHANGED("50") SCAN("50"), "", NULL },
	{ "one client once, and no more", CHANGED("50"), "", NULL },
	{ "one client each time", CHANGED("50") CHANGED("50") CHANGED("50"),
	  "server-changed warning certain 6", "happens to the same client again" },
	{ "several clients once each", CHANGED("50") CHANGED("51") CHANGED("52"),
	  "server-changed warning probable 6", "of 3 clients, find the server changed" },
	{ "few of many", CHANGED("50") CHANGED("51") SCAN("52") SCAN("53") SCAN("54"), "", NULL },
	{ "clients that were moved here", MOVED("50") MOVED("51") MOVED("52"), "", NULL },
	{ "a client that moves again and again", MOVED("50") MOVED("50") MOVED("50"),
	  "server-changed warning certain 3", NULL },
};

static void tells_loops(void **unused)
{
	static const struct analyzer *const one[] = { &analyzer_loops };

	(void)unused;
	judge_rows(one, 1, loops, sizeof loops / sizeof *loops);
}

static void tells_changed_servers(void **unused)
{
	static const struct analyzer *const one[] = { &analyzer_changed };

	(void)unused;
	judge_rows(one, 1, changed, sizeof changed / sizeof *changed);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(tells_loops),
		                            cmocka_unit_test(tells_changed_servers) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
