/* tests/test_fragcache.c - what is kept is a copy, found by all of its text, and given back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "decoders/fragcache.h"

static void what_is_kept_is_a_copy(void **state)
{
	char text[] = "<Properties/>", title[] = "2026-03 Cumulative", name[] = "x64.cab";
	struct fragtold told = { .update = { .revision = 200, .title = span_text(title) }, .file_count = 1,
		                 .files = { { .size = 7, .name = span_text(name) } }, .over = true };
	struct budget budget = { .ceiling = SIZE_MAX };
	struct fragcache *c = fragcache_new(&budget);
	const struct fragtold *found;

	(void)state;
	assert_non_null(c);
	assert_null(fragcache_find(c, span_text(text)));
	fragcache_keep(c, span_text(text), &told);
	title[0] = name[0] = '!';
	found = fragcache_find(c, SPAN("<Properties/>"));
	assert_non_null(found);
	assert_int_equal(found->update.revision, 200);
	assert_true(span_eq(found->update.title, SPAN("2026-03 Cumulative")));
	assert_true(found->over);
	assert_int_equal(found->file_count, 1);
	assert_int_equal(found->files[0].size, 7);
	assert_true(span_eq(found->files[0].name, SPAN("x64.cab")));
	assert_null(fragcache_find(c, SPAN("<Properties/> ")));
	assert_null(fragcache_find(c, SPAN("<Properties>")));
	fragcache_free(c);
	assert_int_equal(budget.used, 0);
}

/* However many there are, the room has an end, and what is found is right. */
static void the_room_has_an_end(void **state)
{
	struct budget budget = { .ceiling = 1 << 20 };
	struct fragcache *c = fragcache_new(&budget);
	unsigned found = 0;

	(void)state;
	assert_non_null(c);
	for (unsigned round = 0; round < 2; round++)
		for (unsigned i = 0; i < 20000; i++) {
			struct fragtold told = { .update.revision = i };
			const struct fragtold *known;
			char text[16];

			snprintf(text, sizeof text, "<a b='%u'/>", i);
			known = fragcache_find(c, span_text(text));
			if (known)
				assert_int_equal(known->update.revision, i);
			found += known != NULL;
			fragcache_keep(c, span_text(text), &told);
		}
	assert_true(found < 20000);
	fragcache_free(c);
	assert_int_equal(budget.used, 0);
}

static void too_many_files_are_not_kept(void **state)
{
	const struct fragtold told = { .file_count = FRAGCACHE_FILES + 1 };
	struct fragcache *c = fragcache_new(NULL);

	(void)state;
	fragcache_keep(c, SPAN("<Files/>"), &told);
	assert_null(fragcache_find(c, SPAN("<Files/>")));
	fragcache_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_kept_is_a_copy),
		cmocka_unit_test(the_room_has_an_end),
		cmocka_unit_test(too_many_files_are_not_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
