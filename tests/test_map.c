/* tests/test_map.c - the map keeps order and ceiling; so do the arena and the buffer below others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdalign.h>
#include <stdio.h>

#include "base/budget.h"
#include "base/buf.h"
#include "base/map.h"

static struct span key_of(unsigned i, char text[static 16])
{
	return span_of(text, (size_t)snprintf(text, 16, "%u", i));
}

static void entries_stay_in_order(void **state)
{
	enum { KEYS = 5000 };
	struct map m;
	char text[16];

	(void)state;
	map_init(&m, KEYS);
	assert_null(map_find(&m, SPAN("1")));
	for (unsigned round = 0; round < 2; round++) {
		for (unsigned i = 0; i < KEYS; i++) {
			unsigned *value = map_value(&m, key_of(i, text), sizeof *value);

			assert_non_null(value);
			assert_int_equal(*value, round ? i : 0);
			*value = i;
		}
	}
	assert_int_equal(m.count, KEYS);
	for (unsigned i = 0; i < KEYS; i++) {
		assert_true(span_eq(m.entries[i].key, key_of(i, text)));
		assert_ptr_equal(map_find(&m, key_of(i, text)), &m.entries[i]);
	}
	assert_null(map_put(&m, SPAN("one more")));
	assert_non_null(map_put(&m, SPAN("7")));
	map_release_values(&m);
	assert_int_equal(m.count, 0);
	assert_non_null(map_put(&m, SPAN("")));         /* an empty key is one, too */
	assert_non_null(map_find(&m, SPAN("")));
	map_release(&m);
}

/* Whoever is known stays so where the budget is used up, and nothing is owed at the end. */
static void who_is_there_is_found_without_budget(void **state)
{
	struct budget b = { .ceiling = SIZE_MAX };
	unsigned known = 0;
	struct map m;
	char text[16];

	(void)state;
	map_init_on(&m, 1000, &b);
	for (unsigned i = 0; i < 100; i++) {
		map_put(&m, key_of(i, text));
		known = i + 1;
		b.ceiling = b.used;
		for (unsigned k = 0; k < known; k++) {
			assert_non_null(map_put(&m, key_of(k, text)));
			assert_ptr_equal(map_put(&m, key_of(k, text)), map_find(&m, key_of(k, text)));
		}
		b.ceiling = SIZE_MAX;
	}
	assert_int_equal(m.count, known);
	map_release(&m);
	assert_int_equal(b.used, 0);
}

static void an_arena_keeps_its_ceiling(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, 200000);
	for (size_t len = 1; len <= 64; len++) {
		uint8_t *at = arena_alloc(&a, len);

		assert_non_null(at);
		assert_int_equal((uintptr_t)at % alignof(max_align_t), 0);
		for (size_t i = 0; i < len; i++)
			assert_int_equal(at[i], 0);
		memset(at, 0xff, len);
	}
	assert_non_null(arena_alloc(&a, 100000));
	assert_null(arena_alloc(&a, 100000));
	assert_null(arena_alloc(&a, SIZE_MAX));
	assert_true(a.used <= a.ceiling);
	arena_reset(&a);
	assert_int_equal(a.used, 0);
	assert_string_equal(arena_text(&a, SPAN("abc")), "abc");
	assert_true(span_eq(arena_copy(&a, SPAN("")), SPAN("")));
	arena_release(&a);
}

static void a_buffer_keeps_its_ceiling(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 10);
	assert_true(buf_add(&b, SPAN("1234567")));
	assert_false(buf_add(&b, SPAN("8901")));
	assert_int_equal(b.len, 7);
	assert_int_equal(buf_add_some(&b, SPAN("8901")), 3);
	assert_false(buf_add_byte(&b, 'x'));
	assert_int_equal(buf_add_some(&b, SPAN("x")), 0);
	assert_null(buf_reserve(&b, SIZE_MAX));
	buf_drop_front(&b, 4);
	assert_true(span_eq(buf_span(&b), SPAN("567890")));
	assert_true(buf_printf(&b, "%d", 12));
	assert_false(buf_printf(&b, "%d", 1234));
	assert_true(span_eq(buf_span(&b), SPAN("56789012")));
	buf_drop_front(&b, 100);
	assert_int_equal(b.len, 0);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_stay_in_order),
		cmocka_unit_test(who_is_there_is_found_without_budget),
		cmocka_unit_test(an_arena_keeps_its_ceiling),
		cmocka_unit_test(a_buffer_keeps_its_ceiling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
