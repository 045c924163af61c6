/* tests/test_told.c - clients that are told one update point and dial another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "tests/known.h"

extern const struct analyzer analyzer_told;

/* The comparisons are those of the field's experience with ConfigMgr: a reply, and what the client dials
 * within the next minutes. */
static const struct row {
	const char *name, *story, *want, *says;
} rows[] = {
	{ "it goes where it is told",
	  "10 192.0.2.50 told http://sup01.corp.example:8530\n"
	  "12 192.0.2.50 calls sup01.corp.example:8530 198.51.100.10:8530", "", NULL },
	{ "by the short name",
	  "10 192.0.2.50 told http://SUP01.corp.example:8530\n"
	  "12 192.0.2.50 calls sup01:8530 198.51.100.10:8530", "", NULL },
	{ "in other letters, on the usual port",
	  "10 192.0.2.50 told http://sup01.corp.example\n"
	  "12 192.0.2.50 calls SUP01.Corp.Example 198.51.100.10:80", "", NULL },
	{ "it goes elsewhere",
	  "10 192.0.2.50 told http://sup01.corp.example:8530\n"
	  "12 192.0.2.50 calls wsus09.corp.example:8530 198.51.100.9:8530",
	  "wrong-server error probable 1", "dials wsus09.corp.example:8530" },
	{ "and still does when its policy must have come",
	  "10 192.0.2.50 told http://sup01.corp.example:8530\n"
	  "12 192.0.2.50 calls wsus09:8530 198.51.100.9:8530\n"
	  "200 192.0.2.50 calls wsus09:8530 198.51.100.9:8530",
	  "wrong-server error certain 2", "198.51.100.20:80 told this client "
	  "http://sup01.corp.example:8530" },
	{ "another name of the same first label",
	  "10 192.0.2.50 told http://sup01.corp.example:8530\n"
	  "12 192.0.2.50 calls sup01.old.example:8530 198.51.100.9:8530",
	  "wrong-server error probable 1", NULL },
	{ "another port of the same machine",
	  "10 192.0.2.50 told https://sup01.corp.example:8531\n"
	  "12 192.0.2.50 calls sup01.corp.example:8530 198.51.100.10:8530",
	  "wrong-server error probable 1", "another port of that machine" },
	{ "reports go in the clear where calls do not",
	  "10 192.0.2.50 told https://sup01.corp.example:8531\n"
	  "12 192.0.2.50 hello sup01.corp.example 198.51.100.10:8531\n"
	  "13 192.0.2.50 reports sup01.corp.example:8530 198.51.100.10:8530", "", NULL },
	{ "TLS to another name",
	  "10 192.0.2.50 told https://sup01.corp.example:8531\n"
	  "12 192.0.2.50 hello wsus09.corp.example 198.51.100.9:8531", "wrong-server error probable 1",
	  NULL },
	{ "an attempt at another address",
	  "10 192.0.2.50 told http://198.51.100.10:8530\n"
	  "12 192.0.2.50 tries 198.51.100.9:8530", "wrong-server error probable 1", NULL },
	{ "an attempt at an address whose name is not known",
	  "10 192.0.2.50 told http://sup01.corp.example:8530\n"
	  "12 192.0.2.50 tries 198.51.100.9:8530", "", NULL },
	{ "what it did before it was told",
	  "10 192.0.2.50 calls wsus09:8530 198.51.100.9:8530\n"
	  "12 192.0.2.50 told http://sup01.corp.example:8530", "", NULL },
	{ "it comes back",
	  "10 192.0.2.50 told http://sup01.corp.example:8530\n"
	  "12 192.0.2.50 calls wsus09:8530 198.51.100.9:8530\n"
	  "200 192.0.2.50 calls sup01:8530 198.51.100.10:8530", "", NULL },
	{ "a list to choose from",
	  "10 192.0.2.50 told http://sup01.corp.example:8530 http://sup02.corp.example:8530\n"
	  "12 192.0.2.50 calls sup02.corp.example:8530 198.51.100.11:8530", "", NULL },
	{ "a switch that is announced",
	  "10 192.0.2.50 told http://sup01.corp.example:8530\n"
	  "20 192.0.2.50 told http://sup02.corp.example:8530\n"
	  "22 192.0.2.50 calls sup02:8530 198.51.100.11:8530\n"
	  "30 192.0.2.50 calls sup01:8530 198.51.100.10:8530", "", NULL },
	{ "a switch that is told late",
	  "10 192.0.2.50 told http://sup01.corp.example:8530\n"
	  "20 192.0.2.50 calls sup02.corp.example:8530 198.51.100.11:8530\n"
	  "22 192.0.2.50 told http://sup02.corp.example:8530", "", NULL },
	{ "others are told otherwise",
	  "10 192.0.2.50 told http://sup01.corp.example:8530\n"
	  "12 192.0.2.51 calls wsus09:8530 198.51.100.9:8530", "", NULL },
	{ "Microsoft's servers are nobody's update point",
	  "10 192.0.2.50 told http://sup01.corp.example:8530\n"
	  "12 192.0.2.50 calls fe2.update.microsoft.com 203.0.113.80:80", "", NULL },
	{ "a URL that is none",
	  "10 192.0.2.50 told ftp://sup01 http:// http://:8530\n"
	  "12 192.0.2.50 calls wsus09:8530 198.51.100.9:8530", "", NULL },

	{ "no update point",
	  "10 192.0.2.50 told\n20 192.0.2.50 told", "no-update-point error certain 2", "198.51.100.20:80" },
	{ "none, and then one",
	  "10 192.0.2.50 told\n20 192.0.2.50 told http://sup01.corp.example:8530", "", NULL },
	{ "one, and then none",
	  "10 192.0.2.50 told http://sup01.corp.example:8530\n20 192.0.2.50 told",
	  "no-update-point error certain 1", NULL },
	{ "a reply that breaks off", "10 192.0.2.50 broken", "", NULL },
	{ "no reply", "10 192.0.2.50 asks", "", NULL },

	{ "its policy and its way agree",
	  "10 192.0.2.50 policy http://wsus01.corp.example:8530 wsus01.corp.example:8530 "
	  "198.51.100.10:8530", "",
	  NULL },
	{ "its policy names an address",
	  "10 192.0.2.50 policy http://198.51.100.10:8530 198.51.100.10:8530 198.51.100.10:8530", "", NULL },
	{ "its policy names another server",
	  "10 192.0.2.50 policy http://wsus01.corp.example:8530 wsus09.corp.example:8530 198.51.100.9:8530",
	  "wrong-server error certain 1", "names http://wsus01.corp.example:8530" },
	{ "its policy names another port",
	  "10 192.0.2.50 policy http://wsus01.corp.example wsus01.corp.example:8530 198.51.100.10:8530",
	  "wrong-server error certain 1", NULL },
	{ "TLS ends before the server",
	  "10 192.0.2.50 policy https://wsus01.corp.example wsus01.corp.example 198.51.100.10:80", "", NULL },
	{ "its policy names a server, its user asks Microsoft",
	  "10 192.0.2.50 policy http://wsus01:8530 fe2.update.microsoft.com 203.0.113.80:80", "", NULL },
	{ "no policy", "10 192.0.2.50 policy - wsus01:8530 198.51.100.10:8530", "", NULL },
};

static void judges_what_clients_were_told(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct trial t;

		trial_begin(&t, &analyzer_told, NULL);
		known_tell(&t, rows[i].story);
		trial_end(&t, 600 * MOMENT_S);
		trial_expect(&t, rows[i].name, rows[i].want, rows[i].says);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(judges_what_clients_were_told) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
