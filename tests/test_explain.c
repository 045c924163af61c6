/* tests/test_explain.c - words to explanations: every spelling of a code, names, words, and what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cli/explain.h"

static size_t split(const char *text, struct span words[static 8])
{
	struct span left = span_text(text);
	size_t count = 0;

	while (left.len && count < 8)
		words[count++] = span_split(&left, ' ');
	return count;
}

static bool ask(struct explanation *e, const char *text)
{
	struct span words[8];
	char near[NEAR_TEXT];
	size_t count = split(text, words);

	return explain(e, words, count, near);
}

static bool has(const struct explanation *e, size_t from, size_t to, const char *id)
{
	for (size_t i = from; i < to && i < e->count; i++) {
		char text[EXPLAINED_ID];

		explained_id(&e->found[i], text);
		if (span_starts(span_text(text), span_text(id)))
			return true;
	}
	return false;
}

/* Numbers: 0x8024401B is -2145107941 and 2149859355 (two's complement of 32 bits). */
static void every_spelling_is_read(void **unused)
{
	static const struct row {
		const char *asked, *id;
	} rows[] = {
		{ "0x8024401b", "0x8024401B" },
		{ "0X8024401B", "0x8024401B" },
		{ "8024401B", "0x8024401B" },
		{ "8024401b.", "0x8024401B" },
		{ "(0x8024401B),", "0x8024401B" },
		{ "-2145107941", "0x8024401B" },
		{ "2145107941", "0x8024401B" },
		{ "2149859355", "0x8024401B" },
		{ "2147500037", "0x80004005" },
		{ "80244022", "0x80244022" },
		{ "xxxx2ee2", "0x80072EE2" },
		{ "XXXX2EE2", "0x80072EE2" },
		{ "2ee2", "0x80072EE2" },
		{ "????2f0c", "0x80072F0C" },
		{ "12029", "0x80072EFD" },
		{ "winhttp 12029", "0x80072EFD" },
		{ "10061", "0x8007274D" },
		{ "0x80190194", "0x80190194" },
		{ "0x803D0010", "0x803D0010" },
		{ "0x8007ABCD", "0x8007ABCD" },
		{ "407", "HTTP 407" },
		{ "HTTP 407", "HTTP 407" },
		{ "403.7", "HTTP 403.7" },
		{ "500.19", "HTTP 500.19" },
		{ "404.99", "HTTP 404" },
		{ "500.0", "HTTP 500" },
		{ "alert 48", "alert 48" },
		{ "unknown_ca", "alert 48" },
		{ "event 364", "event 364" },
		{ "364", "event 364" },
		{ "6703", "status 6703" },
		{ "status 6703", "status 6703" },
		{ "event 148", "event 148" },
		{ "36887", "event 36887" },
		{ "ConfigChanged", "ConfigChanged" },
		{ "configchanged", "ConfigChanged" },
		{ "WU_E_PT_WINHTTP_NAME_NOT_RESOLVED", "0x8024402C" },
		{ "WINHTTP_NAME_NOT_RESOLVED", "0x8024402C" },
		{ "WININET_E_CANNOT_CONNECT", "0x80072EFD" },
		{ "ERR_DNS_FAIL", "ERR_DNS_FAIL" },
		{ "QueueFull", "QueueFull" },
		{ "ISA 12204", "ISA 12204" },
		{ "Microsoft-HTTPAPI/2.0", "Microsoft-HTTPAPI/2.0" },
		{ "X-Squid-Error", "X-Squid-Error" },
		{ "proxy-auth-required", "proxy-auth-required" },
		{ "Proxy-Auth-Required", "proxy-auth-required" },
		{ "002-14", "002-14" },
	};
	struct explanation e;

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		bool known = ask(&e, rows[i].asked);

		if (!known || !has(&e, 0, e.full, rows[i].id))
			print_error("%s: not %s\n", rows[i].asked, rows[i].id);
		assert_true(known && has(&e, 0, e.full, rows[i].id));
	}
}

static void several_words_are_several_answers(void **unused)
{
	struct explanation e;

	(void)unused;
	assert_true(ask(&e, "0x8024401B 503 alert 40 soap-fault"));
	assert_int_equal(e.full, 4);
	assert_true(has(&e, 0, 1, "0x8024401B") && has(&e, 1, 2, "HTTP 503"));
	assert_true(has(&e, 2, 3, "alert 40") && has(&e, 3, 4, "soap-fault"));
	assert_true(ask(&e, "503 503 HTTP 503"));
	assert_int_equal(e.count, 1);
}

/* Lines as WindowsUpdate.log and wsyncmgr.log have them. */
static void lines_of_logs_are_read(void **unused)
{
	static const struct row {
		const char *line, *first, *second;
	} rows[] = {
		{ "WARNING: SyncServerUpdatesInternal failed : 0x8024401c", "0x8024401C", NULL },
		{ "Web service call failed with hr = 8024401c.", "0x8024401C", NULL },
		{ "soap client error = 10, soap error code = 0, HTTP status code = 502", "0x8024400A",
		  "HTTP 502" },
		{ "OnSearchComplete - Failed to end search job. Error = 0x80072ee2.", "0x80072EE2", NULL },
		{ "exited with error WU_E_PT_SOAPCLIENT_SOAPFAULT, -2145107961", "0x80244007", NULL },
	};
	struct explanation e;

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct span line = span_text(rows[i].line);
		char near[NEAR_TEXT];

		assert_true(explain(&e, &line, 1, near));
		assert_int_equal(e.full, rows[i].second ? 2 : 1);
		assert_true(has(&e, 0, 1, rows[i].first));
		if (rows[i].second)
			assert_true(has(&e, 1, 2, rows[i].second));
	}
}

static void plain_words_are_searched(void **unused)
{
	static const struct row {
		const char *asked, *first;
	} rows[] = {
		{ "client certificate", "client-certificate-demanded" },
		{ "computer has not reported its status", "000-1" },
		{ "proxy login", "proxy-auth-required" },
		{ "private memory limit", "000-7" },
		{ "name resolve proxy", "proxy-name-not-resolved" },
	};
	struct explanation e;

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_true(ask(&e, rows[i].asked));
		if (!has(&e, 0, 4, rows[i].first))
			print_error("%s: not %s\n", rows[i].asked, rows[i].first);
		assert_true(has(&e, 0, 4, rows[i].first));
		assert_int_equal(e.full, 1);
		for (size_t at = 1; at < e.count; at++)
			assert_true(e.found[at - 1].score >= e.found[at].score);
	}
	assert_true(ask(&e, "WsusPool") && ask(&e, "proxy"));
	assert_true(ask(&e, "server"));
	assert_true(e.count == EXPLAINED_MAX && e.dropped);
}

static void what_is_unknown_is_told(void **unused)
{
	static const struct row {
		const char *asked, *near;
	} rows[] = {
		{ "ConfgChanged", "ConfigChanged" },
		{ "proxy-auth-requird", "proxy-auth-required" },
		{ "unknwon_ca", "unknown_ca" },
		{ "qwertzuiop", "" },
		{ "0x12345678", "" },
		{ "0x123456789", "" },
		{ "99999999999999999999", "" },
		{ "-", "" },
		{ "", "" },
	};
	struct explanation e;

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct span word = span_text(rows[i].asked);
		char near[NEAR_TEXT];

		assert_false(explain(&e, &word, 1, near));
		assert_int_equal(e.count, 0);
		if (rows[i].near[0])
			assert_true(case_lists(near, span_text(rows[i].near)));
		else
			assert_string_equal(near, "");
	}
}

/* Every row is found by the name that outputs give it, and is written in both formats. */
static void check_row(void *self, struct explained one)
{
	static const struct report_style style = { .width = 80 };
	struct explanation e, alone = { .count = 1, .full = 1 };
	char id[EXPLAINED_ID];

	explained_id(&one, id);
	assert_true(ask(&e, id));
	if (!has(&e, 0, 8, id))
		print_error("%s is not found\n", id);
	assert_true(has(&e, 0, 8, id));
	alone.found[0] = one;
	explain_text(self, &alone, &style);
	explain_json(self, &alone);
}

static void every_row_is_found_and_written(void **unused)
{
	FILE *nowhere = fopen("/dev/null", "w");

	(void)unused;
	assert_non_null(nowhere);
	explained_all(nowhere, check_row);
	assert_int_equal(fclose(nowhere), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_spelling_is_read),
		cmocka_unit_test(several_words_are_several_answers),
		cmocka_unit_test(lines_of_logs_are_read),
		cmocka_unit_test(plain_words_are_searched),
		cmocka_unit_test(what_is_unknown_is_told),
		cmocka_unit_test(every_row_is_found_and_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
