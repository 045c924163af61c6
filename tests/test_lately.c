/* tests/test_lately.c - what is met lately is known, what is idle is given up, told and counted. */
#include "analyzers/lately.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

enum { CEILING = 100 };

struct last_words {
	unsigned count;
	uint64_t first, last;           /* values that were given up */
};

static void hear(void *self, void *value)
{
	struct last_words *w = self;

	w->last = *(uint64_t *)value;
	if (!w->count++)
		w->first = w->last;
}

static uint64_t *use(struct lately *l, uint64_t key)
{
	uint64_t *value = lately_value(l, span_of(&key, sizeof key));

	assert_non_null(value);
	return value;
}

static void gives_up_what_is_idle(void **unused)
{
	struct limits limits = { { 0 } };
	struct last_words words = { 0 };
	struct lately l;
	uint64_t one = 1;

	(void)unused;
	lately_init(&l, CEILING, sizeof(uint64_t), &limits);
	l.give_up = hear;
	l.self = &words;
	for (uint64_t i = 1; i <= CEILING; i++)
		*use(&l, i) = i;
	for (uint64_t i = 1; i <= 10; i++)      /* the oldest, but at work */
		assert_int_equal(*use(&l, i), i);
	assert_int_equal(words.count, 0);
	*use(&l, CEILING + 1) = CEILING + 1;
	assert_int_equal(words.count, CEILING / 4);
	assert_int_equal(words.first, 11);
	assert_int_equal(words.last, 35);
	assert_int_equal(limits.count[LIMIT_CASE_CEILING], CEILING / 4);
	assert_int_equal(*(uint64_t *)lately_find(&l, span_of(&one, sizeof one)), 1);
	/* The order of appearance stays. */
	assert_int_equal(lately_count(&l), CEILING - CEILING / 4 + 1);
	assert_int_equal(*(uint64_t *)lately_at(&l, 9), 10);
	assert_int_equal(*(uint64_t *)lately_at(&l, 10), 36);
	lately_release(&l);
}

/* A million strangers pass by; who is met every now and then is remembered, and so is the newest. */
static void outlives_strangers(void **unused)
{
	struct limits limits = { { 0 } };
	struct lately l;
	uint64_t newest = 1000000;

	(void)unused;
	lately_init(&l, CEILING, sizeof(uint64_t), &limits);
	for (uint64_t i = 1; i <= newest; i++) {
		*use(&l, i) = i;
		if (i % 10 == 0)
			++*use(&l, 0);
		assert_true(lately_count(&l) <= CEILING);
	}
	assert_int_equal(*use(&l, 0), newest / 10);
	assert_int_equal(*(uint64_t *)lately_find(&l, span_of(&newest, sizeof newest)), newest);
	assert_int_equal(limits.count[LIMIT_CASE_CEILING] + lately_count(&l), newest + 1);
	lately_release(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_up_what_is_idle),
		cmocka_unit_test(outlives_strangers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
