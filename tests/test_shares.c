/* tests/test_shares.c - the parts of a run stay within --memory together, whatever is asked for. */
#include "cli/shares.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define MIB ((size_t)1 << 20)

/* A sensor as the unit starts it, but for a screen. */
static struct shares_wanted usual(size_t memory)
{
	return (struct shares_wanted){
		.memory = memory,
		.count = { [SHARE_RING] = 2, [SHARE_SPOOL] = 3, [SHARE_VIEW] = 2, [SHARE_PRETRIGGER] = 1 },
	};
}

/* What may be held at the peak: each of the engine's pages twice. */
static size_t peak_of(const struct shares *s, const struct shares_wanted *w)
{
	return s->private + s->engine + w->count[SHARE_RING] * s->each[SHARE_RING] +
	       w->count[SHARE_VIEW] * s->each[SHARE_VIEW];
}

static void all_fits_at_any_size(void **unused)
{
	struct fault f;

	(void)unused;
	for (size_t mib = 64; mib <= 64 * 1024; mib += mib / 8) {
		struct shares_wanted w = usual(mib * MIB);
		struct shares s;

		assert_true(shares_divide(&s, &w, &f));
		assert_true(peak_of(&s, &w) <= w.memory);
		assert_true(s.engine >= 4 * MIB);
		assert_true(s.private > s.engine);
	}
}

static void more_memory_is_no_less_for_anyone(void **unused)
{
	struct shares_wanted w = usual(64 * MIB);
	struct shares before, s;
	struct fault f;

	(void)unused;
	assert_true(shares_divide(&before, &w, &f));
	for (; w.memory < 2048 * MIB; w.memory += MIB, before = s) {
		assert_true(shares_divide(&s, &w, &f));
		assert_true(s.engine >= before.engine);
		for (size_t i = 0; i < SHARE_COUNT; i++)
			assert_true(s.each[i] >= before.each[i]);
	}
}

static void what_is_asked_for_is_given(void **unused)
{
	struct shares_wanted w = usual(128 * MIB);
	struct shares plain, s;
	struct fault f;

	(void)unused;
	assert_true(shares_divide(&plain, &w, &f));
	w.asked[SHARE_RING] = 20 * MIB;
	assert_true(shares_divide(&s, &w, &f));
	assert_int_equal(s.each[SHARE_RING], 20 * MIB);
	assert_true(s.engine < plain.engine);
	assert_true(peak_of(&s, &w) <= w.memory);
	assert_int_equal(s.each[SHARE_RECENT], 0);      /* there is no screen */
}

/* The least that is told is enough, and one less is not. */
static void too_little_tells_what_is_enough(void **unused)
{
	static const struct row {
		size_t memory, ring, pretrigger;
		const char *word;       /* in what is told; NULL: nothing of -B */
	} rows[] = {
		{ 1, 0, 0, NULL },
		{ 16 * MIB, 0, 0, NULL },
		{ 64 * MIB, 64 * MIB, 0, "(-B)" },
		{ 64 * MIB, 0, 512 * MIB, "(--pre-trigger)" },
		{ 64 * MIB, SIZE_MAX / 64, 0, "(-B)" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct shares_wanted w = usual(rows[i].memory);
		struct shares s;
		struct fault f;
		size_t least;

		w.asked[SHARE_RING] = rows[i].ring;
		w.asked[SHARE_PRETRIGGER] = rows[i].pretrigger;
		assert_false(shares_divide(&s, &w, &f));
		assert_int_equal(f.kind, FAULT_USAGE);
		assert_non_null(strstr(f.text, " needs "));
		least = strtoull(strstr(f.text, " needs ") + strlen(" needs "), NULL, 10);
		if (rows[i].word)
			assert_non_null(strstr(f.text, rows[i].word));
		else
			assert_null(strstr(f.text, "-B"));
		if (rows[i].ring > SIZE_MAX / 128)
			continue;
		w.memory = least * MIB;
		assert_true(shares_divide(&s, &w, &f));
		w.memory -= MIB;
		assert_false(shares_divide(&s, &w, &f));
	}
}

/* Of files the program itself counts; what is less than that is no reason to refuse. */
static void files_leave_room_for_the_program(void **unused)
{
	struct shares s;

	(void)unused;
	shares_of_files(&s, 64 * MIB, 1, 14 * MIB);
	assert_true(s.private + 14 * MIB == 64 * MIB);
	assert_true(s.engine > 32 * MIB && s.engine < s.private);
	shares_of_files(&s, 8 * MIB, 1, 14 * MIB);
	assert_true(s.engine > MIB && s.engine <= 2 * MIB);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_fits_at_any_size),
		cmocka_unit_test(more_memory_is_no_less_for_anyone),
		cmocka_unit_test(what_is_asked_for_is_given),
		cmocka_unit_test(too_little_tells_what_is_enough),
		cmocka_unit_test(files_leave_room_for_the_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
