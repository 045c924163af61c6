/* tests/test_moment.c - civil time at and far from the epoch; wanted texts are of date(1). */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <cmocka.h>

#include "base/moment.h"

static const struct row {
	int64_t ns;
	const char *text, *clock;
} rows[] = {
	{ 0, "1970-01-01T00:00:00.000000000Z", "00:00:00" },
	{ -1, "1969-12-31T23:59:59.999999999Z", "23:59:59" },
	{ -MOMENT_S, "1969-12-31T23:59:59.000000000Z", "23:59:59" },
	{ 951782400 * MOMENT_S, "2000-02-29T00:00:00.000000000Z", "00:00:00" },
	{ 1773134100 * MOMENT_S + 123456789, "2026-03-10T09:15:00.123456789Z", "09:15:00" },
	{ 4107542399 * MOMENT_S, "2100-02-28T23:59:59.000000000Z", "23:59:59" },
	{ INT64_MAX, "2262-04-11T23:47:16.854775807Z", "23:47:16" },
	{ INT64_MIN + 1, "1677-09-21T00:12:43.145224193Z", "00:12:43" },
	{ MOMENT_NONE, "", "00:12:43" },
};

static void moments_read_as_due(void **state)
{
	char text[MOMENT_TEXT], clock[CLOCK_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_string_equal(moment_text(rows[i].ns, text), rows[i].text);
		assert_string_equal(moment_clock(rows[i].ns, clock), rows[i].clock);
	}
}

/* Wanted seconds are of date(1). */
static void dates_become_moments(void **state)
{
	static const struct {
		struct tm date;
		int64_t want;
	} dates[] = {
		{ { .tm_year = 70, .tm_mday = 1 }, 0 },
		{ { .tm_year = 69, .tm_mon = 11, .tm_mday = 31, .tm_hour = 23, .tm_min = 59, .tm_sec = 59 },
		  -MOMENT_S },
		{ { .tm_year = 100, .tm_mon = 1, .tm_mday = 29 }, 951782400 * MOMENT_S },
		{ { .tm_year = 200, .tm_mon = 1, .tm_mday = 28, .tm_hour = 23, .tm_min = 59, .tm_sec = 59 },
		  4107542399 * MOMENT_S },
		{ { .tm_year = 200, .tm_mon = 2, .tm_mday = 1 }, 4107542400 * MOMENT_S },
		{ { .tm_year = 362, .tm_mon = 3, .tm_mday = 11 }, 9223286400 * MOMENT_S },
		{ { .tm_year = 363, .tm_mday = 1 }, MOMENT_NONE },
		{ { .tm_year = 8099, .tm_mon = 11, .tm_mday = 31 }, MOMENT_NONE },
		{ { .tm_year = -1899, .tm_mday = 1 }, MOMENT_NONE },
		{ { .tm_year = INT_MIN, .tm_mday = 1 }, MOMENT_NONE },
		{ { .tm_year = 70 }, MOMENT_NONE },
		{ { .tm_year = 70, .tm_mon = -11, .tm_mday = 1 }, MOMENT_NONE },
		{ { .tm_year = 70, .tm_mday = 1, .tm_hour = INT_MAX }, MOMENT_NONE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof dates / sizeof *dates; i++)
		assert_int_equal(moment_of(&dates[i].date), dates[i].want);
}

/* Expected values: date -u -d TEXT +%s. */
static void date_times_are_read(void **state)
{
	static const struct {
		const char *text;
		int64_t want;
	} times[] = {
		{ "1970-01-01T00:00:00Z", 0 },
		{ "2026-03-10T10:15:01.2345678Z", 1773137701 * MOMENT_S + 234567800 },
		{ "2026-03-02T08:15:30.12", 1772439330 * MOMENT_S + 120000000 },
		{ "2026-03-10T11:15:01+01:00", 1773137701 * MOMENT_S },
		{ "2026-03-10T04:45:01.5-05:30", 1773137701 * MOMENT_S + 500000000 },
		{ "2026-03-10T10:15:01.1234567899Z", 1773137701 * MOMENT_S + 123456789 },
		{ "2024-02-29T24:00:00Z", 1709251200 * MOMENT_S },
		{ "1969-12-31T23:59:59.999999999Z", -1 },
		{ "9999-12-31T23:59:59.9999999", MOMENT_NONE },
		{ "2262-04-11T23:47:16-14:00", MOMENT_NONE },
		{ "0001-01-01T00:00:00", MOMENT_NONE },
		{ "", MOMENT_NONE },
		{ "2026-03-10", MOMENT_NONE },
		{ "2026-03-10T10:15", MOMENT_NONE },
		{ "2026-03-10 10:15:01", MOMENT_NONE },
		{ "2026-13-10T10:15:01Z", MOMENT_NONE },
		{ "2026-02-29T10:15:01Z", MOMENT_NONE },
		{ "2026-04-31T10:15:01Z", MOMENT_NONE },
		{ "2026-03-10T25:00:00Z", MOMENT_NONE },
		{ "2026-03-10T24:00:01Z", MOMENT_NONE },
		{ "2026-03-10T10:15:01.Z", MOMENT_NONE },
		{ "2026-03-10T10:15:01z", MOMENT_NONE },
		{ "2026-03-10T10:15:01ZZ", MOMENT_NONE },
		{ "2026-03-10T10:15:01+1:00", MOMENT_NONE },
		{ "2026-03-10T10:15:01+15:00", MOMENT_NONE },
		{ "2026-03-10T10:15:01+01:00 ", MOMENT_NONE },
		{ "-026-03-10T10:15:01Z", MOMENT_NONE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof times / sizeof *times; i++)
		assert_int_equal(moment_read(span_text(times[i].text)), times[i].want);
}

/* The first is RFC 9110's own example, its moment of date(1). */
static void dates_of_http_are_read(void **state)
{
	static const struct {
		const char *text;
		int64_t want;
	} dates[] = {
		{ "Sun, 06 Nov 1994 08:49:37 GMT", 784111777 * MOMENT_S },
		{ "Tue, 29 Feb 2000 00:00:00 GMT", 951782400 * MOMENT_S },
		{ "Sun, 06 Nov 1994 08:49:37", 784111777 * MOMENT_S },
		{ "Sun Nov  6 08:49:37 1994", MOMENT_NONE },
		{ "Sun, 06 Nov 1894 08:49:37 GMT", MOMENT_NONE },
		{ "Sun, 06 Nix 1994 08:49:37 GMT", MOMENT_NONE },
		{ "Sun, 06 Nov 1994 24:49:37 GMT", MOMENT_NONE },
		{ "", MOMENT_NONE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof dates / sizeof *dates; i++)
		assert_int_equal(moment_read_http(span_text(dates[i].text)), dates[i].want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moments_read_as_due),
		cmocka_unit_test(dates_become_moments),
		cmocka_unit_test(date_times_are_read),
		cmocka_unit_test(dates_of_http_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
