/* base/moment.c - civil time by arithmetic on the proleptic Gregorian calendar. */
#include "base/moment.h"

#include <stdio.h>
#include <time.h>

struct civil {
	int64_t year;
	unsigned month, day, hour, minute, second;
	unsigned ns;
};

enum { DAY_S = 86400, ERA_DAYS = 146097 };

/* Years are counted from 1 March, so that the leap day ends one; eras are 400 years. */
static struct civil civil_of(int64_t ns)
{
	int64_t seconds = ns / MOMENT_S - (ns % MOMENT_S < 0);
	int64_t days = seconds / DAY_S - (seconds % DAY_S < 0);
	int64_t of_day = seconds - days * DAY_S;
	int64_t shifted = days + 719468;
	int64_t era = (shifted >= 0 ? shifted : shifted - ERA_DAYS + 1) / ERA_DAYS;
	int64_t day_of_era = shifted - era * ERA_DAYS;
	int64_t leap_days = day_of_era / 1460 - day_of_era / 36524 + day_of_era / 146096;
	int64_t year_of_era = (day_of_era - leap_days) / 365;
	int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t march_month = (5 * day_of_year + 2) / 153;
	int64_t month = march_month < 10 ? march_month + 3 : march_month - 9;

	return (struct civil){
		.year = era * 400 + year_of_era + (month <= 2),
		.month = (unsigned)month,
		.day = (unsigned)(day_of_year - (153 * march_month + 2) / 5 + 1),
		.hour = (unsigned)(of_day / 3600),
		.minute = (unsigned)(of_day / 60 % 60),
		.second = (unsigned)(of_day % 60),
		.ns = (unsigned)((ns % MOMENT_S + MOMENT_S) % MOMENT_S),
	};
}

static char *put_digits(char *at, unsigned number, size_t digits, char behind)
{
	for (size_t i = digits; i > 0; i--) {
		at[i - 1] = (char)('0' + number % 10);
		number /= 10;
	}
	at[digits] = behind;
	return at + digits + 1;
}

/* The years of an int64_t are 1677 to 2262.  Printed by hand: snprintf took a sixth of writing clients. */
const char *moment_text(int64_t ns, char text[static MOMENT_TEXT])
{
	struct civil c = civil_of(ns);
	char *at = text;

	if (ns != MOMENT_NONE) {
		at = put_digits(at, (unsigned)c.year, 4, '-');
		at = put_digits(at, c.month, 2, '-');
		at = put_digits(at, c.day, 2, 'T');
		at = put_digits(at, c.hour, 2, ':');
		at = put_digits(at, c.minute, 2, ':');
		at = put_digits(at, c.second, 2, '.');
		at = put_digits(at, c.ns, 9, 'Z');
	}
	*at = '\0';
	return text;
}

const char *moment_clock(int64_t ns, char text[static CLOCK_TEXT])
{
	struct civil c = civil_of(ns);

	snprintf(text, CLOCK_TEXT, "%02u:%02u:%02u", c.hour % 24, c.minute % 60, c.second % 60);
	return text;
}

static int days_of(const struct tm *t)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int64_t year = INT64_C(1900) + t->tm_year;
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[t->tm_mon] + (leap && t->tm_mon == 1);
}

static bool is_civil(const struct tm *t)
{
	return t->tm_mon >= 0 && t->tm_mon < 12 && t->tm_mday >= 1 && t->tm_mday <= days_of(t) &&
	       t->tm_hour >= 0 && t->tm_hour < 24 && t->tm_min >= 0 && t->tm_min < 60 &&
	       t->tm_sec >= 0 && t->tm_sec <= 60;
}

int64_t moment_of(const struct tm *utc)
{
	int64_t march_month = (utc->tm_mon + INT64_C(10)) % 12;
	int64_t year = INT64_C(1900) + utc->tm_year - (march_month >= 10);
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t year_of_era = year - era * 400;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 +
	                     (153 * march_month + 2) / 5 + utc->tm_mday - 1;
	int64_t seconds, days = era * ERA_DAYS + day_of_era - 719468;

	if (!is_civil(utc))
		return MOMENT_NONE;
	seconds = days * DAY_S + utc->tm_hour * 3600 + utc->tm_min * 60 + utc->tm_sec;
	if (seconds >= INT64_MAX / MOMENT_S || seconds <= INT64_MIN / MOMENT_S)
		return MOMENT_NONE;
	return seconds * MOMENT_S;
}

/* Digits, and the mark that follows them; 0: none does. */
static bool take_number(struct span *text, size_t width, uint8_t mark, int *value)
{
	struct span digits = span_take(text, width);
	uint64_t number;

	if (digits.len != width || !span_decimal(digits, &number))
		return false;
	*value = (int)number;
	if (!mark)
		return true;
	digits = span_take(text, 1);
	return digits.len && digits.at[0] == mark;
}

/* ".5": nanoseconds; -1: a point without digits. */
static int64_t take_fraction(struct span *text)
{
	int64_t ns = 0, unit = MOMENT_S;
	size_t digits = 0;

	if (!text->len || text->at[0] != '.')
		return 0;
	span_take(text, 1);
	for (; text->len && text->at[0] >= '0' && text->at[0] <= '9'; digits++) {
		unit /= 10;
		ns += unit * (text->at[0] - '0');
		span_take(text, 1);
	}
	return digits ? ns : -1;
}

/* "Z", "+01:00" or nothing: by how many seconds the clock is ahead of UTC. */
static bool take_offset(struct span text, int64_t *seconds)
{
	struct span sign = span_take(&text, 1);
	int hours, minutes;

	*seconds = 0;
	if (!sign.len || (sign.at[0] == 'Z' && !text.len))
		return true;
	if (sign.at[0] != '+' && sign.at[0] != '-')
		return false;
	if (!take_number(&text, 2, ':', &hours) || !take_number(&text, 2, 0, &minutes) || text.len)
		return false;
	*seconds = (hours * INT64_C(60) + minutes) * (sign.at[0] == '-' ? -60 : 60);
	return hours <= 14 && minutes < 60;
}

int64_t moment_read(struct span text)
{
	int64_t const edge = 2 * DAY_S * MOMENT_S;      /* more than an offset and a fraction move it by */
	int64_t time, ns, offset;
	struct tm utc = { 0 };

	if (!take_number(&text, 4, '-', &utc.tm_year) || !take_number(&text, 2, '-', &utc.tm_mon) ||
	    !take_number(&text, 2, 'T', &utc.tm_mday) || !take_number(&text, 2, ':', &utc.tm_hour) ||
	    !take_number(&text, 2, ':', &utc.tm_min) || !take_number(&text, 2, 0, &utc.tm_sec))
		return MOMENT_NONE;
	ns = take_fraction(&text);
	if (ns < 0 || !take_offset(text, &offset))
		return MOMENT_NONE;
	if (utc.tm_hour == 24 && !utc.tm_min && !utc.tm_sec && !ns) {
		utc.tm_hour = 0;        /* the end of that day */
		offset -= DAY_S;
	}
	utc.tm_year -= 1900;
	utc.tm_mon--;
	time = moment_of(&utc);
	if (time > INT64_MAX - edge || time < INT64_MIN + edge)
		return MOMENT_NONE;
	return time + ns - offset * MOMENT_S;
}

static int month_of(struct span name)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int m = 0; m < 12; m++)
		if (span_ieq(name, span_of(months + 3 * m, 3)))
			return m;
	return -1;
}

int64_t moment_read_http(struct span text)
{
	uint64_t day, year, hour, minute, second;
	struct tm tm = { 0 };
	bool good;

	span_split(&text, ' ');
	good = span_decimal(span_split(&text, ' '), &day);
	tm.tm_mon = month_of(span_split(&text, ' '));
	good = good && tm.tm_mon >= 0 && span_decimal(span_split(&text, ' '), &year);
	good = good && span_decimal(span_split(&text, ':'), &hour);
	good = good && span_decimal(span_split(&text, ':'), &minute);
	good = good && span_decimal(span_split(&text, ' '), &second);
	if (!good || day > 31 || year > 9999 || year < 1900 || hour > 23 || minute > 59 || second > 60)
		return MOMENT_NONE;
	tm.tm_mday = (int)day;
	tm.tm_year = (int)year - 1900;
	tm.tm_hour = (int)hour;
	tm.tm_min = (int)minute;
	tm.tm_sec = (int)second;
	return moment_of(&tm);
}
