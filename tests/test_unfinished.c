/* tests/test_unfinished.c - scans that stop half way, each beside one that may. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/judged.h"

extern const struct analyzer analyzer_unfinished, analyzer_busy;

#define PC     "192.0.2.50 > 198.51.100.1:8530 "
#define BEGUN  PC "CALL GetConfig => 200 OK\n" PC "CALL GetAuthorizationCookie => 200 OK\n" \
	       PC "CALL GetCookie => 200 OK\n"
#define PAGE   PC "CALL SyncUpdates => 200 OK | values new_updates=30 truncated=true\n"
#define END    PC "CALL SyncUpdates => 200 OK | values new_updates=0 truncated=false\n"
#define FOUND  "scan-incomplete error probable 1"

static const struct judged rows[] = {
	{ "left after the cookie", BEGUN "+900\n", FOUND, "up to cookie and then" },
	{ "scanned", BEGUN END "+900\n", "", NULL },
	{ "the capture ends soon", BEGUN "+200\n", "", NULL },
	{ "left between pages", BEGUN PAGE PAGE "+900\n", FOUND, "the next SyncUpdates must follow" },
	{ "all pages", BEGUN PAGE PAGE END "+900\n", "", NULL },
	{ "pages that nobody read", BEGUN PC "CALL SyncUpdates | unread => 200 OK\n+900\n", "", NULL },
	{ "reports, and has no more to ask", BEGUN PC "CALL ReportEventBatch => 200 OK\n+900\n", "", NULL },
	{ "told to start over, and does not",
	  PC "CALL SyncUpdates => 500 Error | fault ConfigChanged\n" PC "CALL GetConfig => 200 OK\n+900\n",
	  FOUND, "GetAuthorizationCookie must follow" },
	{ "told so, and does",
	  PC "CALL SyncUpdates => 500 Error | fault ConfigChanged\n" BEGUN END "+900\n", "", NULL },
	{ "looks whether the server is there", PC "CALL GetConfig => 200 OK\n+900\n", "", NULL },
	{ "comes back and gets through", BEGUN "+600\n" BEGUN END "+900\n",
	  "scan-incomplete warning probable 1", NULL },
	{ "starts over at once", BEGUN BEGUN END "+900\n", "", NULL },
};

static void scans_that_stop(void **unused)
{
	static const struct analyzer *const both[] = { &analyzer_unfinished, &analyzer_busy };

	(void)unused;
	judge_rows(both, 2, rows, sizeof rows / sizeof *rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(scans_that_stop) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
