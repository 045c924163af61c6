/* tests/test_csv.c - cells, rows, and that no spreadsheet takes a value for more than it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "report/csv_exchanges.h"
#include "tests/case.h"
#include "tests/exchanges.h"

#define MARK "\xef\xbb\xbf"
#define SUP  "198.51.100.10:8530"

static const struct report_style plain = { .width = 80 };

/* RFC 4180 section 2; OWASP, CSV Injection. */
static const struct row {
	const char *text, *want;
} rows[] = {
	{ "", "" },
	{ "plain, text", "\"plain, text\"" },
	{ "\"x\"", "\"\"\"x\"\"\"" },
	{ "=1+1", "\"'=1+1\"" },
	{ "+1", "\"'+1\"" },
	{ "-2+3", "\"'-2+3\"" },
	{ "@SUM(A1)", "\"'@SUM(A1)\"" },
	{ "  =1", "\"'  =1\"" },
	{ "\t=1", "\"'\xef\xbf\xbd=1\"" },
	{ "\r=1", "\"'\xef\xbf\xbd=1\"" },
	{ "\xef\xbc\x9d" "1", "\"'\xef\xbc\x9d" "1\"" },
	{ "a=1", "\"a=1\"" },
	{ "a\r\nb\x1b\xe2\x80\xae\xff",
	  "\"a\xef\xbf\xbd\xef\xbf\xbd" "b\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
};

static void cells_are_harmless(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *said = NULL;
		size_t len = 0;
		FILE *out = open_memstream(&said, &len);
		struct csv c = { .out = out };

		csv_text(&c, rows[i].text);
		fclose(out);
		assert_string_equal(said, rows[i].want);
		free(said);
	}
}

static void numbers_stay_numbers(void **unused)
{
	char *said = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&said, &len);
	struct csv c = { .out = out };

	(void)unused;
	csv_count(&c, UINT64_MAX);
	csv_frame(&c, 0);
	csv_ms(&c, 1234567);
	csv_ms(&c, -1);
	csv_time(&c, INT64_C(1773136931123456789));
	csv_time(&c, MOMENT_NONE);
	csv_bool(&c, true);
	csv_none(&c);
	csv_row_end(&c);
	fclose(out);
	assert_string_equal(said, "18446744073709551615,,1.235,,2026-03-10 10:02:11.123,,\"yes\",\r\n");
	free(said);
}

/* As many cells as columns, in each row; none of these has a comma in its text. */
static void assert_rows(const char *text, size_t want)
{
	size_t columns = 0, count = 0, cells = 1;
	bool quoted = false;

	for (; *text; text++) {
		quoted ^= *text == '"';
		cells += *text == ',' && !quoted;
		if (*text != '\n' || quoted)
			continue;
		assert_int_equal(text[-1], '\r');
		columns = columns ? columns : cells;
		assert_int_equal(cells, columns);
		cells = 1;
		count++;
	}
	assert_int_equal(count, want + 1);
}

static void findings_and_clients_are_rows(void **unused)
{
	struct report_case r;
	char *text;

	(void)unused;
	case_begin(&r);
	case_client(&r, "192.0.2.50", 200);
	case_client(&r, "192.0.2.51", 0);
	case_raise(&r, FINDING_SLOW_ANSWER, NULL, SUP, "=cmd|' /C calc'!A0");
	case_raise(&r, FINDING_CONNECTION_REFUSED, "192.0.2.51", SUP, "Of \x0e" "alice\x0f, refused.");
	text = case_write(&r, report_csv, &plain);
	assert_memory_equal(text, MARK "\"id\",\"severity\",", strlen(MARK) + 16);
	assert_non_null(strstr(text, "\r\n1,\"error\",\"certain\",\"connection-refused\","));
	assert_non_null(strstr(text, ",\"192.0.2.51\",1,\"" SUP "\",,,1,2026-03-10 10:02:12.000,"));
	assert_non_null(strstr(text, "\"Of a***, refused.\",\"1. "));
	assert_non_null(strstr(text, ",\"41\",\"frame.number eq 41\"\r\n"));
	assert_non_null(strstr(text, ",\"'=cmd|"));
	assert_rows(text, 2);
	free(text);
	text = case_write(&r, report_csv_clients, &plain);
	assert_non_null(strstr(text, "\"192.0.2.50\",,\"client\",\"wsus01:8530\",\"" SUP "\",\"no\","));
	assert_non_null(strstr(text, "\"no\",\"stopped\",\"connection\",\""));
	assert_rows(text, 2);
	free(text);
	case_end(&r);
}

static void exchanges_are_rows(void **unused)
{
	struct arena arena;
	struct exchange *x;
	char *said = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&said, &len);
	struct csv c = csv_exchanges_begin(out, &plain);

	(void)unused;
	arena_init(&arena, 1 << 20);
	x = exchange_of(&arena,
	                "192.0.2.1 > " SUP " #7 GET /a?token=xyz | Host: wsus01 | User-Agent: =agent => 404 "
	                "Not \"here\" | Content-Type: text/html", 1, INT64_C(1773136931000000000));
	assert_non_null(x);
	csv_exchanges_fact(&c, &(struct fact){ .kind = FACT_EXCHANGE, .exchange = x });
	csv_exchanges_fact(&c, &(struct fact){ .kind = FACT_CONNECTION, .connection = x->conn });
	fclose(out);
	assert_rows(said, 1);
	assert_non_null(strstr(said, "\"GET\",\"wsus01\",\"/a?token=***\",\"'=agent\",\"no\",\"no\",,404,"));
	assert_non_null(strstr(said, "\"Not \"\"here\"\"\",\"text/html\","));
	assert_non_null(strstr(said, ",\"198.51.100.10\",8530,7,1,2,"));
	arena_release(&arena);
	free(said);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_are_harmless),
		cmocka_unit_test(numbers_stay_numbers),
		cmocka_unit_test(findings_and_clients_are_rows),
		cmocka_unit_test(exchanges_are_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
