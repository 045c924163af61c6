/* tests/test_compare.c - two reports against each other, and documents that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "report/compare.h"

#define WSUS "198.51.100.10:8530"

/* A report with these rows. */
#define DOC(quality, clients, servers, findings)                                                        \
	"{\"schema\": \"wsuscope/1\", \"quality\": {\"verdict\": \"" quality "\", \"limits\": []}, "        \
	"\"summary\": {\"frames\": 10}, \"clients\": [" clients "], \"servers\": [" servers "], "           \
	"\"findings\": [" findings "]}"

#define CLIENT_ROW(ip, name, failed, served, ladder)                                                    \
	"{\"ip\": \"" ip "\", \"name\": " name ", \"server\": \"wsus01:8530\", "                         \
	"\"verdict\": \"the verdict\", "                                                              \
	"\"failed\": " failed ", \"served\": " served ", \"ladder\": [" ladder "]}"
#define RUNG(name, state) "{\"rung\": \"" name "\", \"state\": \"" state "\"}"
#define IN         RUNG("connection", "ok")
#define STOPPED(ip, name)                                                                       \
	CLIENT_ROW(ip, name, "true", "false", RUNG("name", "ok") ", " RUNG("connection", "failed"))
#define LATER(ip, name)  CLIENT_ROW(ip, name, "true", "false", IN ", " RUNG("config", "failed"))
#define WELL(ip, name)   CLIENT_ROW(ip, name, "false", "true", IN ", " RUNG("sync", "ok"))
#define SILENT(ip, name) CLIENT_ROW(ip, name, "false", "false", IN)
#define SERVER_ROW(ip, name) "{\"ip\": \"" ip "\", \"port\": 8530, \"name\": " name "}"
#define OF(kind, severity, client, server, count)                                                       \
	"{\"kind\": \"" kind "\", \"severity\": \"" severity "\", \"title\": \"T\", "                     \
	"\"cause\": \"Cause.\", \"client\": " client ", \"server\": " server ", \"via\": null, "          \
	"\"count\": " count "}"

#define REFUSED(ip, count) OF("connection-refused", "error", "\"" ip "\"", "\"" WSUS "\"", count)

#define A    "192.0.2.1"
#define B    "192.0.2.2"
#define HERE SERVER_ROW("198.51.100.10", "\"wsus01\"")

static const struct row {
	const char *name, *before, *after;
	const char *fates;              /* of clients, a letter each: BSUGHW (worst first) */
	const char *changes;            /* of findings: NSUXF */
	const char *verdict;            /* begins so */
} rows[] = {
	{ "fixed",
	  DOC("good", STOPPED(A, "null"), HERE, REFUSED(A, "3")),
	  DOC("good", WELL(A, "null"), HERE, ""), "H", "F", "The one client that failed now updates." },
	{ "stayed",
	  DOC("good", STOPPED(A, "\"pc-0412.corp\""), HERE,
	      REFUSED(A, "3")),
	  DOC("good", STOPPED(A, "\"PC-0412\"") ", " WELL(B, "null"), HERE,
	      OF("connection-refused", "warning", "\"" A "\"", "\"" WSUS "\"", "1")),
	  "SW", "S",
	  "PC-0412 still fails: the verdict." },
	{ "one of two",
	  DOC("good", STOPPED(A, "null") ", " STOPPED(B, "null"), HERE, ""),
	  DOC("good", STOPPED(A, "null") ", " WELL(B, "null"), HERE, ""), "SH", "",
	  "1 of 2 clients that failed now updates; " A " still fails: the verdict." },
	{ "not seen is not fixed",
	  DOC("good", STOPPED(A, "null"), HERE, REFUSED(A, "3")),
	  DOC("good", WELL(B, "null"), HERE, ""), "GW", "X",
	  "The one client that failed is not seen any more, which fixes nothing." },
	{ "too little is seen",
	  DOC("good", STOPPED(A, "null"), HERE, REFUSED(A, "3")),
	  DOC("good", SILENT(A, "null"), HERE, ""), "U", "U",
	  "Of the one client that failed too little is seen to tell." },
	{ "a poor capture proves nothing",
	  DOC("good", STOPPED(A, "null"), HERE, REFUSED(A, "3")),
	  DOC("poor", WELL(A, "null"), HERE, ""), "H", "U", "The one client that failed now updates." },
	{ "stopped before that",
	  DOC("good", LATER(A, "null"), HERE, OF("http-error", "error", "\"" A "\"", "\"" WSUS "\"", "3")),
	  DOC("good", STOPPED(A, "null"), HERE, REFUSED(A, "1")),
	  "S", "NU", A " still fails: the verdict." },
	{ "stopped behind that",
	  DOC("good", STOPPED(A, "null"), HERE, REFUSED(A, "1")),
	  DOC("good", LATER(A, "null"), HERE, OF("http-error", "error", "\"" A "\"", "\"" WSUS "\"", "3")),
	  "S", "NF", A " still fails: the verdict." },
	{ "another address, by name",
	  DOC("good", STOPPED(A, "\"pc1\""), HERE, REFUSED(A, "1")),
	  DOC("good", STOPPED(B, "\"PC1.corp\""), HERE,
	      REFUSED(B, "1")),
	  "S", "S", "PC1.corp still fails: the verdict." },
	{ "another machine at its address",
	  DOC("good", STOPPED(A, "\"pc1\""), HERE, REFUSED(A, "1")),
	  DOC("good", STOPPED(A, "\"pc2\""), HERE, REFUSED(A, "1")),
	  "BG", "NX",
	  "The one client that failed is not seen any more, which fixes nothing; pc2 fails now: " },
	{ "the server moved",
	  DOC("good", WELL(A, "null"), HERE, OF("slow-answer", "warning", "null", "\"" WSUS "\"", "1")),
	  DOC("good", WELL(A, "null"), SERVER_ROW("198.51.100.99", "\"WSUS01\""),
	      OF("slow-answer", "warning", "null", "\"198.51.100.99:8530\"", "2")),
	  "W", "S", "No client failed, neither before nor after." },
	{ "new", DOC("good", WELL(A, "null"), HERE, ""),
	  DOC("good", STOPPED(A, "null"), HERE, REFUSED(A, "1")), "B", "N",
	  "No client failed before; " A " fails now: the verdict." },
	{ "nobody", DOC("good", "", "", ""), DOC("good", "", "", ""), "", "",
	  "No client is in either report" },
	{ "nobody any more",
	  DOC("good", STOPPED(A, "null"), HERE, OF("slow-answer", "warning", "null", "\"" WSUS "\"", "1")),
	  DOC("good", "", "", ""), "G", "X", "No client is in the second report" },
	{ "a machine of two rows",
	  DOC("good", WELL(A, "null") ", " STOPPED(A, "null"), HERE, ""),
	  DOC("good", WELL(A, "null"), HERE, ""), "H", "",
	  "The one client that failed now updates." },
};

static void reports_are_compared(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char fates[8] = "", changes[8] = "", verdict[COMPARE_VERDICT];
		struct compare_side before, after;
		struct comparison c;
		struct fault f = { 0 };

		if (!compare_read(&before, "before", span_text(rows[i].before), &f) ||
		    !compare_read(&after, "after", span_text(rows[i].after), &f))
			fail_msg("%s: %s", rows[i].name, f.text);
		assert_true(compare_make(&c, &before, &after));
		for (size_t k = 0; k < c.client_count; k++)
			fates[k] = "BSUGHW"[c.clients[k].fate];
		for (size_t k = 0; k < c.finding_count; k++)
			changes[k] = "NSUXF"[c.findings[k].change];
		compare_verdict(&c, verdict);
		if (strcmp(fates, rows[i].fates) != 0 || strcmp(changes, rows[i].changes) != 0 ||
		    strncmp(verdict, rows[i].verdict, strlen(rows[i].verdict)) != 0)
			fail_msg("%s: %s %s %s", rows[i].name, fates, changes, verdict);
		assert_int_equal(compare_fails(&c, SEVERITY_ERROR),
		                 strstr(rows[i].after, "\"severity\": \"error\"") != NULL);
		compare_end(&c);
		compare_release(&before);
		compare_release(&after);
	}
}

static const struct bad_row {
	const char *text, *says;
} bad_rows[] = {
	{ "", "breaks off" },
	{ "{\"schema\": \"wsuscope/1\"", "breaks off" },
	{ "{]", "byte 1" },
	{ "{\"schema\": \"wsuscope/1\"} x", "cannot be read as JSON" },
	{ "[]", "no report of wsuscope" },
	{ "{}", "no report of wsuscope" },
	{ "{\"schema\": \"other/1\"}", "no report of wsuscope" },
	{ "{\"schema\": 1}", "no report of wsuscope" },
	{ "{\"schema\": \"wsuscope/1\", \"schema\": \"wsuscope/1\"}", "stands twice" },
	{ "{\"schema\": \"wsuscope/1\"}", "is missing" },
	{ DOC("good", "1", "", ""), "\"ip\" is missing" },
	{ DOC("good", "{\"ip\": []}", "", ""), "is missing, or not what it should be" },
	{ DOC("good", WELL("", "null"), "", ""), "\"ip\"" },
	{ DOC("good", CLIENT_ROW(A, "null", "\"yes\"", "false", ""), "", ""), "\"failed\"" },
	{ DOC("good", "", "[]", ""), "is missing" },
	{ DOC("good", "", "", OF("x", "worse", "null", "null", "1")), "\"severity\"" },
	{ DOC("good", "", "", OF("x", "error", "null", "null", "\"1\"")), "\"count\"" },
	{ "{\"schema\": \"wsuscope/1\", \"a\": \"\xff\"}", "cannot be read as JSON" },
};

static void what_is_no_report_is_told(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof bad_rows / sizeof *bad_rows; i++) {
		struct compare_side side;
		struct fault f = { 0 };

		assert_false(compare_read(&side, "x.json", span_text(bad_rows[i].text), &f));
		assert_int_equal(f.kind, FAULT_INPUT);
		if (!strstr(f.text, bad_rows[i].says))
			fail_msg("%s: %s", bad_rows[i].text, f.text);
		compare_release(&side);
	}
}

static void depth_has_an_end(void **unused)
{
	enum { DEPTH = 100000 };
	char *text = malloc(DEPTH);
	struct compare_side side;
	struct fault f = { 0 };

	(void)unused;
	assert_non_null(text);
	memset(text, '[', DEPTH);
	assert_false(compare_read(&side, "x.json", span_of(text, DEPTH), &f));
	assert_int_equal(f.kind, FAULT_INPUT);
	compare_release(&side);
	free(text);
}

/* Texts of a report that somebody made up. */
static void the_document_does_no_harm(void **unused)
{
	static const char evil[] = DOC(
		"good", STOPPED(A, "\"\\u001b[2J\\u202e|<b>@all\""), HERE,
		OF("=cmd", "error", "\"\\u001b]0;x\\u0007\"", "\"`|\\n# x\"", "1"));
	static bool (*const formats[])(FILE *, const struct comparison *, const struct report_style *) = {
		compare_text, compare_json, compare_markdown,
	};
	const struct report_style style = { .width = 80 };
	struct compare_side before, after;
	struct comparison c;
	struct fault f = { 0 };

	(void)unused;
	assert_true(compare_read(&before, "a\x1b[1m", span_text(evil), &f));
	assert_true(compare_read(&after, "b|`", span_text(evil), &f));
	assert_true(compare_make(&c, &before, &after));
	for (size_t i = 0; i < 3; i++) {
		char *said = NULL;
		size_t len = 0;
		FILE *out = open_memstream(&said, &len);

		assert_true(formats[i](out, &c, &style));
		fclose(out);
		assert_null(strchr(said, '\x1b'));
		assert_null(strchr(said, '\a'));
		assert_null(strstr(said, "\xe2\x80\xae"));
		assert_null(strstr(said, "\n# x"));
		if (formats[i] == compare_markdown) {
			assert_null(strstr(said, " <b>"));
			assert_null(strstr(said, "|<b>@all "));
		}
		free(said);
	}
	compare_end(&c);
	compare_release(&before);
	compare_release(&after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reports_are_compared), cmocka_unit_test(what_is_no_report_is_told),
		cmocka_unit_test(depth_has_an_end),     cmocka_unit_test(the_document_does_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
