/* tests/test_twinids.c - ids that several machines share; and machines that move or get a new name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/judged.h"

extern const struct analyzer analyzer_twinids;

#define AUTH(address, id, name)                                                         \
	address " > 198.51.100.1:8530 CALL GetAuthorizationCookie | Host: wsus01:8530 | values " \
	        "client_id=" id " dns_name=" name " => 200 OK\n"
#define A "5f3d2c8a-9b41-4e76-8a1d-2c7e90b4f511"
#define B "5f3d2c8a-9b41-4e76-8a1d-2c7e90b4f522"

static const struct judged rows[] = {
	{ "each its own", AUTH("192.0.2.50", A, "pc-1.corp") AUTH("192.0.2.51", B, "pc-2.corp"), "",
	  NULL },
	{ "two machines", AUTH("192.0.2.50", A, "pc-1.corp") AUTH("192.0.2.51", A, "pc-2.corp"),
	  "duplicate-client-id warning probable 1", "2 machines: pc-1.corp (192.0.2.50), pc-2.corp (" },
	{ "in turn", AUTH("192.0.2.50", A, "pc-1.corp") AUTH("192.0.2.51", A, "pc-2.corp") " "
	  AUTH("192.0.2.50", A, "pc-1.corp"), "duplicate-client-id warning certain 2",
	  "(192.0.2.50), " },
	{ "letters of another case", AUTH("192.0.2.50", "5F3D", "pc-1") " "
	  AUTH("192.0.2.51", "5f3d", "pc-2"), "duplicate-client-id warning probable 1",
	  "SusClientId 5f3d" },
	{ "four machines", AUTH("192.0.2.50", A, "pc-1") AUTH("192.0.2.51", A, "pc-2") " "
	  AUTH("192.0.2.52", A, "pc-3") AUTH("192.0.2.53", A, "pc-4"),
	  "duplicate-client-id warning certain 3", "and 1 more" },
	{ "one machine moves", AUTH("192.0.2.50", A, "pc-1.corp") " "
	  AUTH("192.0.2.51", A, "pc-1.corp"), "", NULL },
	{ "and comes back", AUTH("192.0.2.50", A, "pc-1") AUTH("192.0.2.51", A, "pc-1") " "
	  AUTH("192.0.2.50", A, "pc-1"), "", NULL },
	{ "it joins a domain", AUTH("192.0.2.50", A, "pc-1") " "
	  AUTH("192.0.2.50", A, "PC-1.corp.example"), "", NULL },
	{ "it is renamed", AUTH("192.0.2.50", A, "desktop-x") AUTH("192.0.2.50", A, "pc-1"), "",
	  NULL },
	{ "two behind one proxy", AUTH("192.0.2.9", A, "pc-1") AUTH("192.0.2.9", A, "pc-2") " "
	  AUTH("192.0.2.9", A, "pc-1"), "duplicate-client-id warning certain 2", NULL },
	{ "names that are not told", AUTH("192.0.2.50", A, "") AUTH("192.0.2.51", A, ""), "",
	  NULL },
};

static void tells_shared_ids(void **unused)
{
	static const struct analyzer *const one[] = { &analyzer_twinids };

	(void)unused;
	judge_rows(one, 1, rows, sizeof rows / sizeof *rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(tells_shared_ids) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
