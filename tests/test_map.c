/* tests/test_map.c - what grows under a ceiling: buffers, arenas, maps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/map.h"

static void buffers_stay_below_their_ceiling(void **unused)
{
	struct buf b;

	(void)unused;
	buf_init(&b, 10);
	assert_true(buf_add(&b, SPAN("12345")));
	assert_false(buf_add(&b, SPAN("678901")));
	assert_true(span_eq(buf_span(&b), SPAN("12345")));
	assert_int_equal(buf_add_some(&b, SPAN("678901")), 5);
	assert_true(span_eq(buf_span(&b), SPAN("1234567890")));
	assert_false(buf_add_byte(&b, 'x'));
	assert_null(buf_reserve(&b, SIZE_MAX));
	buf_drop_front(&b, 8);
	assert_true(span_eq(buf_span(&b), SPAN("90")));
	buf_drop_front(&b, 99);
	assert_int_equal(b.len, 0);
	assert_true(buf_printf(&b, "%d %s", 7, "x"));
	assert_true(span_eq(buf_span(&b), SPAN("7 x")));
	assert_false(buf_printf(&b, "%s", "longer than that"));
	assert_int_equal(b.len, 3);
	buf_clear(&b);
	assert_true(buf_add(&b, span_of(NULL, 0)));
	buf_release(&b);
	assert_true(buf_add(&b, SPAN("again")));
	buf_release(&b);
}

static void buffers_grow(void **unused)
{
	struct buf b;

	(void)unused;
	buf_init(&b, 1 << 20);
	for (unsigned i = 0; i < 100000; i++)
		assert_true(buf_add_byte(&b, (uint8_t)i));
	assert_int_equal(b.len, 100000);
	for (size_t i = 0; i < b.len; i++)
		assert_int_equal(b.at[i], (uint8_t)i);
	assert_true(b.room <= 1 << 20);
	buf_release(&b);
}

static void arenas_stay_below_their_ceiling(void **unused)
{
	struct arena a;
	struct span copy;

	(void)unused;
	arena_init(&a, 4096);
	copy = arena_copy(&a, SPAN("bytes"));
	assert_true(span_eq(copy, SPAN("bytes")));
	assert_string_equal(arena_text(&a, SPAN("text")), "text");
	for (int i = 0; i < 1000; i++) {
		uint8_t *at = arena_alloc(&a, 64);

		if (!at)
			break;
		assert_int_equal((uintptr_t)at % 16, 0);
		for (int k = 0; k < 64; k++)
			assert_int_equal(at[k], 0);
		memset(at, 0xff, 64);
	}
	assert_true(a.used <= 4096);
	assert_null(arena_alloc(&a, 4096));
	assert_null(arena_alloc(&a, SIZE_MAX));
	assert_null(arena_copy(&a, span_of("x", SIZE_MAX / 4)).at);
	assert_true(span_eq(copy, SPAN("bytes")));
	arena_reset(&a);
	assert_int_equal(a.used, 0);
	assert_non_null(arena_alloc(&a, 4096));
	arena_release(&a);
	arena_release(&a);
}

static void maps_keep_the_order_of_insertion(void **unused)
{
	struct map m;
	char key[24];

	(void)unused;
	map_init(&m, 100000);
	for (int i = 0; i < 50000; i++) {
		snprintf(key, sizeof key, "key %d", i * 7919 % 50000);
		assert_non_null(map_put(&m, span_text(key)));
	}
	assert_int_equal(m.count, 50000);
	for (int i = 0; i < 50000; i++) {
		snprintf(key, sizeof key, "key %d", i * 7919 % 50000);
		assert_true(span_eq(m.entries[i].key, span_text(key)));
		assert_ptr_equal(map_find(&m, span_text(key)), &m.entries[i]);
	}
	assert_null(map_find(&m, SPAN("no key")));
	assert_null(map_find(&m, SPAN("")));
	map_release(&m);
	assert_null(map_find(&m, SPAN("key 1")));
	map_release(&m);
}

static void maps_stay_below_their_ceiling(void **unused)
{
	struct map m;

	(void)unused;
	map_init(&m, 2);
	assert_non_null(map_put(&m, SPAN("a")));
	assert_non_null(map_put(&m, SPAN("")));
	assert_null(map_put(&m, SPAN("c")));
	assert_non_null(map_put(&m, SPAN("a")));
	assert_non_null(map_find(&m, SPAN("")));
	assert_int_equal(m.count, 2);
	map_release(&m);
	map_init(&m, 0);
	assert_null(map_put(&m, SPAN("a")));
	map_release(&m);
}

static void maps_make_values(void **unused)
{
	struct map m;
	int *value;

	(void)unused;
	map_init(&m, 1);
	value = map_value(&m, SPAN("a"), sizeof *value);
	assert_non_null(value);
	assert_int_equal(*value, 0);
	*value = 7;
	assert_ptr_equal(map_value(&m, SPAN("a"), sizeof *value), value);
	assert_null(map_value(&m, SPAN("b"), sizeof *value));
	map_release_values(&m);
	assert_int_equal(m.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buffers_stay_below_their_ceiling), cmocka_unit_test(buffers_grow),
		cmocka_unit_test(arenas_stay_below_their_ceiling),  cmocka_unit_test(maps_keep_the_order_of_insertion),
		cmocka_unit_test(maps_stay_below_their_ceiling),    cmocka_unit_test(maps_make_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
