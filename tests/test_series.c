/* tests/test_series.c - counts over time in a bounded row of buckets, and histograms: nothing is lost or
 * invented, whatever the clock says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "report/series.h"

#define BEGIN (INT64_C(1773136931) * MOMENT_S)

static void request(struct series *s, int64_t time, unsigned status, int64_t ttfb)
{
	struct exchange x = {
		.request = { .present = true, .first_time = time },
		.response = { .present = status > 0, .first_time = time },
		.status = (uint16_t)status, .ttfb = ttfb,
		.end = status ? EXCHANGE_COMPLETE : EXCHANGE_SILENCE,
	};
	struct fact fact = { .kind = FACT_EXCHANGE, .time = time, .exchange = &x };

	series_fact(s, &fact);
}

static void attempt(struct series *s, int64_t time, enum connection_outcome outcome, int64_t rtt)
{
	struct connection c = { .outcome = outcome, .syn_time = time, .rtt = rtt };
	struct fact fact = { .kind = FACT_CONNECTION, .time = time, .connection = &c };

	series_fact(s, &fact);
}

static uint64_t drawn(const struct series *s, enum series_answer answer)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < s->used; i++)
		sum += s->buckets[i].answers[answer];
	return sum;
}

static void statuses_have_their_classes(void **unused)
{
	static const struct row {
		unsigned status;
		enum series_answer answer;
	} rows[] = {
		{ 200, ANSWER_GOOD },  { 206, ANSWER_GOOD },    { 302, ANSWER_ELSEWHERE },
		{ 401, ANSWER_LOGIN }, { 407, ANSWER_LOGIN },   { 403, ANSWER_REFUSED },
		{ 404, ANSWER_REFUSED }, { 503, ANSWER_FAILED }, { 0, ANSWER_NONE },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct series s = { 0 };

		request(&s, BEGIN, rows[i].status, -1);
		assert_int_equal(s.answers[rows[i].answer], 1);
		assert_int_equal(drawn(&s, rows[i].answer), 1);
		assert_int_equal(s.statuses[rows[i].status], rows[i].status > 0);
	}
}

static void what_the_capture_lacks_is_no_answer(void **unused)
{
	struct exchange x = { .request = { .present = true, .first_time = BEGIN }, .ttfb = -1,
	                     .end = EXCHANGE_OPEN };
	struct fact fact = { .kind = FACT_EXCHANGE, .time = BEGIN, .exchange = &x };
	struct series s = { 0 };

	(void)unused;
	series_fact(&s, &fact);
	attempt(&s, BEGIN, CONNECTION_MIDSTREAM, -1);
	attempt(&s, MOMENT_NONE, CONNECTION_ESTABLISHED, -1);
	assert_int_equal(s.answers[ANSWER_NONE], 0);
	assert_int_equal(s.attempts[ATTEMPT_ACCEPTED], 0);
	assert_int_equal(s.width, 0);
}

/* A day of requests, a second apart: buckets double, and each holds its own. */
static void buckets_double(void **unused)
{
	struct series s = { 0 };

	(void)unused;
	for (int64_t i = 0; i < 24 * 3600; i++)
		request(&s, BEGIN + i * MOMENT_S, 200, MOMENT_MS);
	assert_int_equal(drawn(&s, ANSWER_GOOD), 24 * 3600);
	assert_int_equal(s.from, BEGIN);
	assert_true(s.used > SERIES_BUCKETS / 2 && s.used <= SERIES_BUCKETS);
	for (size_t i = 0; i + 1 < s.used; i++)
		assert_int_equal(s.buckets[i].answers[ANSWER_GOOD], s.width / MOMENT_S);
}

static void what_began_before_has_room(void **unused)
{
	struct series s = { 0 };
	size_t early;

	(void)unused;
	request(&s, BEGIN, 200, -1);
	request(&s, BEGIN - 100 * MOMENT_S, 503, -1);
	request(&s, BEGIN + 100 * MOMENT_S, 404, -1);
	assert_true(s.from <= BEGIN - 100 * MOMENT_S);
	assert_int_equal(drawn(&s, ANSWER_FAILED), 1);
	assert_int_equal(drawn(&s, ANSWER_GOOD), 1);
	assert_int_equal(drawn(&s, ANSWER_REFUSED), 1);
	early = (size_t)((BEGIN - 100 * MOMENT_S - s.from) / s.width);
	assert_int_equal(s.buckets[early].answers[ANSWER_FAILED], 1);
}

static void any_clock_is_borne(void **unused)
{
	static const int64_t times[] = {
		0, INT64_MAX, INT64_MIN + 1, BEGIN, INT64_MIN + 2, INT64_MAX - 1, -1, 1,
	};

	(void)unused;
	for (size_t first = 0; first < sizeof times / sizeof *times; first++)
		for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
			struct series s = { 0 };

			request(&s, times[first], 200, -1);
			request(&s, times[i], 200, -1);
			request(&s, BEGIN, 200, -1);
			assert_int_equal(drawn(&s, ANSWER_GOOD), 3);
			assert_true(s.used <= SERIES_BUCKETS);
		}
}

static void histograms_have_fixed_bounds(void **unused)
{
	struct series s = { 0 };

	(void)unused;
	for (int i = 0; i < 94; i++)
		request(&s, BEGIN, 200, 3 * MOMENT_MS);
	for (int i = 0; i < 6; i++)
		request(&s, BEGIN, 200, 7 * MOMENT_S);
	request(&s, BEGIN, 200, -1);
	assert_int_equal(s.first_byte.count, 100);
	/* 3 ms lie between 2 and 5. */
	assert_int_equal(series_share(&s.first_byte, 50), 5 * MOMENT_MS);
	/* 7 s lie between 5 and 10, and nothing took longer than 7. */
	assert_int_equal(series_share(&s.first_byte, 95), 7 * MOMENT_S);
	assert_int_equal(series_share(&s.round_trip, 50), -1);
	for (size_t i = 1; i < SERIES_BARS; i++)
		assert_true(series_bar_bound(i) > series_bar_bound(i - 1));
}

static void outcomes_are_told_apart(void **unused)
{
	struct series s = { 0 };

	(void)unused;
	attempt(&s, BEGIN, CONNECTION_ESTABLISHED, MOMENT_MS / 4);
	attempt(&s, BEGIN, CONNECTION_REFUSED, -1);
	attempt(&s, BEGIN, CONNECTION_UNANSWERED, -1);
	attempt(&s, BEGIN, CONNECTION_UNANSWERED, -1);
	attempt(&s, BEGIN, CONNECTION_REJECTED, -1);
	assert_int_equal(s.attempts[ATTEMPT_ACCEPTED], 1);
	assert_int_equal(s.attempts[ATTEMPT_REFUSED], 1);
	assert_int_equal(s.attempts[ATTEMPT_UNANSWERED], 2);
	assert_int_equal(s.attempts[ATTEMPT_REJECTED], 1);
	assert_int_equal(s.round_trip.bars[0], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(statuses_have_their_classes),
		cmocka_unit_test(what_the_capture_lacks_is_no_answer),
		cmocka_unit_test(buckets_double),
		cmocka_unit_test(what_began_before_has_room),
		cmocka_unit_test(any_clock_is_borne),
		cmocka_unit_test(histograms_have_fixed_bounds),
		cmocka_unit_test(outcomes_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
