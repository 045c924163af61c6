/* tests/test_serverversion.c - versions out of files, and what they stand for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "probes/serverversion.h"

static void versions_are_found(void **state)
{
	static const struct {
		const char *xml, *version;      /* NULL: there is none */
	} rows[] = {
		{ "<serverversion>10.0.26100.1</serverversion>\n", "10.0.26100.1" },
		{ "<?xml version=\"1.0\"?><a>\n\t<name>WSUS 4</name>\n\t<v> 3.2.7600.226 </v><w>1.1</w></a>",
		  "3.2.7600.226" },
		{ "<a>3.2</a>", "3.2" },
		{ "<a>10</a>", NULL },
		{ "<a>1.2.3.4.5</a>", NULL },
		{ "<a>1..2</a>", NULL },
		{ "<a>1.2b</a>", NULL },
		{ "<a/>", NULL },
		{ "<a>1.2", NULL },
		{ "<html><body>1.2</body></html>", NULL },
		{ "<!DOCTYPE html><a>1.2</a>", NULL },
		{ "1.2", NULL },
		{ "", NULL },
		{ "<a>1111111111111111111111111111111111111111111111.2</a>", NULL },
	};
	char version[SERVER_VERSION_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_int_equal(server_version_read(span_text(rows[i].xml), version),
		                 rows[i].version != NULL);
		assert_string_equal(version, rows[i].version ? rows[i].version : "");
	}
}

/* 3.0, 3.1 and 3.2 as MS-WUSP counts protocols; builds are Windows' own. */
static void versions_are_judged(void **state)
{
	static const struct {
		const char *version, *product;
		bool old;
	} rows[] = {
		{ "2.0.0.2620", "WSUS 2.0", true },
		{ "3.0", "WSUS 3.0", true },
		{ "3.1.6001.65", "WSUS 3.0 SP1", true },
		{ "3.2.7600.226", "WSUS 3.0 SP2 without KB4039929", true },
		{ "3.2.7600.283", "WSUS 3.0 SP2 or later", false },
		{ "3.2", "WSUS 3.0 SP2 or later", false },
		{ "6.3.9600.18694", "WSUS of Windows Server 2012 R2", false },
		{ "10.0.14393.2969", "WSUS of Windows Server 2016", false },
		{ "10.0.26100.1", "WSUS of Windows Server 2025", false },
		{ "10.0.99999.1", "WSUS of Windows Server 2016 or later", false },
		{ "7.1", "a version that is not known here", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		bool old;

		assert_string_equal(server_version_product(span_text(rows[i].version), &old),
		                    rows[i].product);
		assert_int_equal(old, rows[i].old);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions_are_found),
		cmocka_unit_test(versions_are_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
