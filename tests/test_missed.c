/* tests/test_missed.c - spans of time in which packets were missed: kept apart, joined, asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "facts/missed.h"

static void note(struct missed *m, int64_t from, int64_t until, uint64_t packets, uint64_t seen)
{
	missed_note(m, &(struct missed_span){ from, until, packets, seen });
}

static void nothing_is_missed_at_first(void **state)
{
	struct missed m = { 0 };

	(void)state;
	assert_int_equal(missed_between(&m, INT64_MIN, INT64_MAX), MISSED_NONE);
}

static void a_span_is_asked_for(void **state)
{
	static const struct {
		int64_t from, until;
		enum missed_share share;
	} rows[] = {
		{ 0, 99, MISSED_NONE },  { 0, 100, MISSED_MANY },   { 150, 160, MISSED_MANY },
		{ 50, 500, MISSED_MANY }, { 200, 300, MISSED_MANY }, { 201, 300, MISSED_NONE },
		/* One of a thousand and one is few. */
		{ 1000, 1000, MISSED_FEW }, { 201, 1000, MISSED_FEW }, { 200, 1000, MISSED_MANY },
	};
	struct missed m = { 0 };

	(void)state;
	note(&m, 1000, 2000, 1, 1000);
	note(&m, 100, 200, 1, 999);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(missed_between(&m, rows[i].from, rows[i].until), rows[i].share);
}

static void spans_that_touch_are_one(void **state)
{
	struct missed m = { 0 };

	(void)state;
	note(&m, 10, 20, 1, 5);
	note(&m, 40, 50, 2, 6);
	note(&m, 60, 70, 3, 7);
	note(&m, 30, 25, 9, 9);         /* ends before it begins: none */
	assert_int_equal(m.count, 3);
	note(&m, 20, 40, 4, 8);
	assert_int_equal(m.count, 2);
	assert_int_equal(m.spans[0].from, 10);
	assert_int_equal(m.spans[0].until, 50);
	assert_int_equal(m.spans[0].packets, 7);
	assert_int_equal(m.spans[0].seen, 19);
	note(&m, 0, 100, 1, 1);
	assert_int_equal(m.count, 1);
	assert_int_equal(m.spans[0].packets, 11);
}

/* Each apart from the last by one more: the first two are nearest, again and again. */
static void too_many_join_where_they_are_nearest(void **state)
{
	struct missed m = { 0 };
	int64_t at = 0;

	(void)state;
	for (int i = 0; i < MISSED_MAX + 10; i++) {
		note(&m, at, at, 1, 0);
		at += 10 + i;
	}
	assert_int_equal(m.count, MISSED_MAX);
	assert_int_equal(m.spans[0].from, 0);
	assert_int_equal(m.spans[0].packets, 11);
	for (size_t i = 1; i < m.count; i++) {
		assert_true(m.spans[i - 1].until < m.spans[i].from);
		assert_int_equal(m.spans[i].packets, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_missed_at_first),
		cmocka_unit_test(a_span_is_asked_for),
		cmocka_unit_test(spans_that_touch_are_one),
		cmocka_unit_test(too_many_join_where_they_are_nearest),
	};

	return cmocka_run_group_tests_name("missed", tests, NULL, NULL);
}
