/* tests/test_waits.c - clients that know an update point, and do or do not come. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "tests/known.h"

extern const struct analyzer analyzer_missing;

/* A policy is refreshed within 2 minutes and 30 seconds; most clients scan within 10 minutes.  Who
 * resolves a name connects at once. */
static const struct row {
	const char *name, *sup, *client, *story;
	int64_t end;
	const char *want, *says;
} rows[] = {
	{ "told, and never tries", NULL, NULL, "10 192.0.2.50 told http://sup01:8530", 700,
	  "connection-missing error probable 1", "told this client to scan at http://sup01:8530, and in "
	  "the 690 s" },
	{ "its scan may yet come", NULL, NULL, "10 192.0.2.50 told http://sup01:8530", 300,
	  "connection-missing error possible 1", NULL },
	{ "its policy may yet come", NULL, NULL, "10 192.0.2.50 told http://sup01:8530", 150, "", NULL },
	{ "it is expected", NULL, "192.0.2.50", "10 192.0.2.50 told http://sup01:8530", 20,
	  "connection-missing error possible 1", NULL },
	{ "told, and comes", NULL, NULL,
	  "10 192.0.2.50 told http://sup01:8530\n20 192.0.2.50 calls sup01:8530 198.51.100.10:8530", 700,
	  "", NULL },
	{ "told, and came before", NULL, NULL,
	  "10 192.0.2.50 calls sup01:8530 198.51.100.10:8530\n20 192.0.2.50 told http://sup01:8530", 700,
	  "", NULL },
	{ "told, and tries in vain", NULL, NULL,
	  "10 192.0.2.50 told http://sup01:8530\n20 192.0.2.50 tries 198.51.100.10:8530", 700, "", NULL },
	{ "told, and goes elsewhere", NULL, NULL,
	  "10 192.0.2.50 told http://sup01:8530\n20 192.0.2.50 hello wsus09 198.51.100.9:8531", 700, "",
	  NULL },
	{ "told none", NULL, "192.0.2.50", "10 192.0.2.50 told", 700, "", NULL },
	{ "told none, then one", NULL, NULL, "10 192.0.2.50 told\n20 192.0.2.50 told http://sup01:8530", 700,
	  "connection-missing error probable 1", NULL },
	{ "told in part", NULL, NULL, "10 192.0.2.50 broken", 700, "", NULL },

	{ "asks, and nothing follows", NULL, NULL, "10 192.0.2.50 asks", 700, "client-silent warning "
	  "probable 1",
	  "asks the management point 198.51.100.20:80" },
	{ "asks, and the capture ends", NULL, NULL, "10 192.0.2.50 asks", 300, "", NULL },
	{ "asks, and is told later", NULL, NULL,
	  "10 192.0.2.50 asks\n20 192.0.2.50 told http://sup01:8530\n"
	  "30 192.0.2.50 calls sup01 198.51.100.10:80", 700,
	  "", NULL },

	{ "resolves, and never tries", NULL, NULL, "10 192.0.2.50 resolves wsus01.corp.example "
	  "198.51.100.10", 100,
	  "connection-missing error possible 1", "resolves wsus01.corp.example to 198.51.100.10" },
	{ "others show what is there", NULL, NULL,
	  "10 192.0.2.50 resolves wsus01.corp.example 198.51.100.10\n"
	  "20 192.0.2.51 calls wsus01.corp.example:8530 198.51.100.10:8530", 100,
	  "connection-missing error probable 1", NULL },
	{ "a name that others ask for", NULL, NULL,
	  "5 192.0.2.51 calls patches.corp.example 198.51.100.10:80\n"
	  "10 192.0.2.50 resolves patches.corp.example 198.51.100.10", 100,
	  "connection-missing error probable 1", NULL },
	{ "a name that --sup names", "http://patches.corp.example", NULL,
	  "5 192.0.2.51 calls patches.corp.example 198.51.100.10:80\n"
	  "10 192.0.2.50 resolves patches.corp.example 198.51.100.10", 100,
	  "connection-missing error probable 1", NULL },
	{ "any other name", NULL, NULL, "10 192.0.2.50 resolves www.corp.example 198.51.100.10", 100, "",
	  NULL },
	{ "the capture ends", NULL, NULL, "10 192.0.2.50 resolves wsus01.corp.example 198.51.100.10", 60,
	  "", NULL },
	{ "resolves, and connects", NULL, NULL,
	  "10 192.0.2.50 resolves wsus01.corp.example 198.51.100.10\n"
	  "11 192.0.2.50 calls wsus01.corp.example:8530 198.51.100.10:8530", 100, "", NULL },
	{ "resolves, and connects for something else", NULL, NULL,
	  "10 192.0.2.50 resolves wsus01.corp.example 198.51.100.10\n"
	  "11 192.0.2.50 talks 198.51.100.10:445", 100, "",
	  NULL },
	{ "a name server asks for others", NULL, NULL,
	  "10 192.0.2.53 resolves wsus01.corp.example 198.51.100.10", 100, "", NULL },
	{ "resolves a name of Microsoft's", NULL, NULL,
	  "10 192.0.2.50 resolves sup.windowsupdate.com 203.0.113.80", 100, "", NULL },

	{ "an expected client is up and silent", NULL, "192.0.2.50", "10 192.0.2.50 talks "
	  "198.51.100.20:445", 100,
	  "client-silent warning probable 1", "it is up" },
	{ "what it resolved says more", NULL, "192.0.2.50",
	  "10 192.0.2.50 resolves wsus01.corp.example 198.51.100.10", 20, "connection-missing error "
	  "possible 1", NULL },
	{ "an expected client goes elsewhere", "http://wsus01.corp.example:8530", "192.0.2.50",
	  "10 192.0.2.51 calls wsus01.corp.example:8530 198.51.100.10:8530\n"
	  "10 192.0.2.50 calls wsus09.corp.example:8530 198.51.100.9:8530", 100,
	  "connection-missing error probable 1", "that goes to 198.51.100.9:8530" },
	{ "an expected client comes", "http://wsus01.corp.example:8530", "192.0.2.50",
	  "10 192.0.2.50 calls wsus01.corp.example:8530 198.51.100.10:8530", 100, "", NULL },
	{ "a management point on the same machine is none", NULL, "192.0.2.50",
	  "10 192.0.2.51 calls wsus01 198.51.100.20:80\n11 192.0.2.50 asks", 100, "client-silent warning "
	  "probable 1",
	  NULL },
};

static void judges_who_is_waited_for(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *r = &rows[i];
		struct trial t;

		trial_begin_expecting(&t, &analyzer_missing, r->sup, r->client);
		known_tell(&t, r->story);
		trial_end(&t, r->end * MOMENT_S);
		trial_expect(&t, r->name, r->want, r->says);
	}
}

/* Of a name for which there is no room nothing is said: not that nobody went there. */
static void waits_for_names_within_bounds(void **unused)
{
	enum { NAMES = 4096, LINE = 128 };
	char *story = malloc((2 * NAMES + 1) * LINE);
	size_t len = 0;
	struct trial t;

	(void)unused;
	assert_non_null(story);
	for (unsigned i = 0; i < NAMES; i++)
		len += (size_t)snprintf(story + len, 2 * LINE,
		                        "10 10.0.%u.%u resolves wsus%u 198.51.100.10\n"
		                        "11 10.0.%u.%u calls wsus%u:8530 198.51.100.10:8530\n",
		                        i >> 8, i & 0xff, i, i >> 8, i & 0xff, i);
	snprintf(story + len, LINE, "12 192.0.2.50 resolves wsus-new 198.51.100.10");
	trial_begin(&t, &analyzer_missing, NULL);
	known_tell(&t, story);
	trial_end(&t, 700 * MOMENT_S);
	trial_expect(&t, "a name too many", "", NULL);
	free(story);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_who_is_waited_for),
		cmocka_unit_test(waits_for_names_within_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
