/* tests/test_outdated.c - servers of old versions, by what they say of themselves; and current ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/judged.h"

extern const struct analyzer analyzer_outdated;

#define PC "192.0.2.50 > 198.51.100.1:8530 "
#define CONFIG(values) \
	PC "CALL GetConfig | Host: wsus01:8530 => 200 OK | values plugins=1 plugin=SimpleTargeting" values
#define IIS(version) " | Server: Microsoft-IIS/" version "\n"

static const struct judged rows[] = {
	{ "current", CONFIG(" server_protocol=3.2") IIS("10.0"), "", NULL },
	{ "newer", CONFIG(" server_protocol=3.3") IIS("10.0"), "", NULL },
	{ "WSUS 3.0 SP1", CONFIG(" server_protocol=3.1") IIS("7.5"),
	  "server-outdated warning certain 1", "protocol 3.1: WSUS 3.0 SP1." },
	{ "WSUS 3.0", CONFIG(" server_protocol=3.0") "\n", "server-outdated warning certain 1",
	  "3.0: WSUS 3.0. Since" },
	{ "WSUS 2.0", CONFIG("") "\n", "server-outdated warning certain 1",
	  "no protocol version: WSUS 2.0" },
	{ "an answer that was not read", PC " "
	  "CALL GetConfig | Host: wsus01:8530 => 200 OK | unread\n", "", NULL },
	{ "an old Windows", CONFIG(" server_protocol=3.2") IIS("7.5"),
	  "server-outdated warning certain 1", "Windows Server 2008 R2" },
	{ "once for all calls", CONFIG(" server_protocol=3.2") IIS("6.0") PC " "
	  "CALL SyncUpdates | Host: wsus01:8530 => 200 OK" IIS("6.0"),
	  "server-outdated warning certain 2", NULL },
	{ "an old upstream", PC " "
	  "CALL GetConfigData | Host: wsus00:8530 => 200 OK | values server_protocol=1.6\n",
	  "server-outdated warning certain 1", "protocol 1.6 between servers" },
	{ "a current upstream", PC " "
	  "CALL GetConfigData | Host: wsus00:8530 => 200 OK | values server_protocol=1.20\n", "",
	  NULL },
	{ "Microsoft's own", PC " "
	  "CALL GetConfig | Host: fe2.update.microsoft.com => 200 OK | values plugins=1\n", "",
	  NULL },
};

static void tells_old_servers(void **unused)
{
	static const struct analyzer *const one[] = { &analyzer_outdated };

	(void)unused;
	judge_rows(one, 1, rows, sizeof rows / sizeof *rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(tells_old_servers) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
