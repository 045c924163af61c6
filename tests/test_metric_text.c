/* tests/test_metric_text.c - lines of the text exposition format 0.0.4 (Prometheus, "Exposition formats"). */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/moment.h"
#include "report/metric_text.h"

static char *text;
static size_t len;

static FILE *begin(void)
{
	text = NULL;
	return open_memstream(&text, &len);
}

static void assert_written(FILE *out, const char *wanted)
{
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, wanted);
	free(text);
}

static void writes_heads_and_counts(void **unused)
{
	FILE *out = begin();

	(void)unused;
	metric_head(out, "x_total", "counter", "How many.");
	metric_count(out, "x_total", METRIC_PLAIN, 0);
	metric_count(out, "x_total", METRIC_LABELS({ "a", "1" }, { "b", "" }), UINT64_MAX);
	assert_written(out, "# HELP x_total How many.\n# TYPE x_total counter\nx_total 0\n"
	                    "x_total{a=\"1\",b=\"\"} 18446744073709551615\n");
}

/* "Label values may be any sequence of UTF-8 characters, but the backslash, double-quote and line feed have
 * to be escaped." */
static void escapes_values(void **unused)
{
	FILE *out = begin();

	(void)unused;
	metric_count(out, "x", METRIC_LABELS({ "a", "q\" b\\ n\n \xc3\xa4 \xff\xc3" }), 1);
	assert_written(out, "x{a=\"q\\\" b\\\\ n\\n \xc3\xa4 ?\?\"} 1\n");
}

static void writes_seconds_exactly(void **unused)
{
	static const struct row {
		int64_t ns;
		const char *text;
	} rows[] = {
		{ 0, "0" },
		{ 1, "0.000000001" },
		{ 2500000, "0.0025" },
		{ 60 * MOMENT_S, "60" },
		{ INT64_C(1773136931040000000), "1773136931.04" },
		{ -1500000000, "-1.5" },
		{ INT64_MIN, "-9223372036.854775808" },
	};
	char wanted[64];

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		FILE *out = begin();

		metric_seconds(out, "x_seconds", METRIC_PLAIN, rows[i].ns);
		snprintf(wanted, sizeof wanted, "x_seconds %s\n", rows[i].text);
		assert_written(out, wanted);
	}
}

/* Buckets are cumulative, and the last is endless. */
static void writes_histograms(void **unused)
{
	static const int64_t bounds[] = { 5 * MOMENT_MS, MOMENT_S };
	static const uint64_t in[] = { 2, 0, 3 };
	FILE *out = begin();

	(void)unused;
	metric_histogram(out, "x_seconds", METRIC_LABELS({ "a", "1" }),
	                 &(struct metric_histogram){ bounds, 2, in, 12 * MOMENT_S });
	assert_written(out, "x_seconds_bucket{a=\"1\",le=\"0.005\"} 2\n"
	                    "x_seconds_bucket{a=\"1\",le=\"1\"} 2\n"
	                    "x_seconds_bucket{a=\"1\",le=\"+Inf\"} 5\n"
	                    "x_seconds_sum{a=\"1\"} 12\n"
	                    "x_seconds_count{a=\"1\"} 5\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_heads_and_counts),
		cmocka_unit_test(escapes_values),
		cmocka_unit_test(writes_seconds_exactly),
		cmocka_unit_test(writes_histograms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
