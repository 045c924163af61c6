/* tests/test_cases.c - every case of the field is answered: by a kind of finding, or by a log to read.
 *
 * tests/cases.sh holds the kinds to captures that raise them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "analyzers/catalogue.h"
#include "cli/explain.h"

static void check_case(const struct trouble *t)
{
	struct span kinds = span_text(t->kinds);

	assert_ptr_equal(case_named(span_text(t->id)), t);
	assert_true(t->title[0] && t->meaning[0] && t->log[0] && t->remedy[0]);
	while (kinds.len)
		assert_int_not_equal(finding_kind_named(span_split(&kinds, ' ')), FINDING_KIND_COUNT);
}

static void every_case_keeps_the_rules(void **unused)
{
	(void)unused;
	assert_int_equal(case_count(), 104);
	for (size_t i = 0; i < case_count(); i++)
		check_case(case_at(i));
}

/* "000-1..5" and "004-*" stand for several; the numbers between two dots may have letters behind. */
static bool is_in(struct span range, const char *id)
{
	size_t dots = span_find(range, SPAN(".."));
	size_t star = span_byte(range, '*');
	uint64_t first, last, number;
	struct span digits;

	if (star != SIZE_MAX)
		return span_starts(span_text(id), span_of(range.at, star));
	if (dots == SIZE_MAX)
		return span_starts(span_text(id), range) &&
		       (!id[range.len] || (id[range.len] >= 'a' && !id[range.len + 1]));
	if (!span_starts(span_text(id), span_of(range.at, 4)))
		return false;
	digits = span_skip(span_text(id), 4);
	while (digits.len && digits.at[digits.len - 1] >= 'a')
		digits.len--;
	return span_decimal(span_of(range.at + 4, dots - 4), &first) && span_decimal(digits, &number) &&
	       span_decimal(span_skip(range, dots + 2), &last) && first <= number && number <= last;
}

/* What the catalogue calls its cases are rows of cases.def. */
static void the_catalogue_names_known_cases(void **unused)
{
	(void)unused;
	for (int kind = 0; kind < FINDING_KIND_COUNT; kind++) {
		const struct finding_row *row = finding_row((enum finding_kind)kind);
		struct span cases = span_text(row->cases);

		while (cases.len && row->cases[0] != '-') {
			struct span one = span_split(&cases, ' ');
			size_t count = 0;

			for (size_t i = 0; i < case_count(); i++)
				count += is_in(one, case_at(i)->id);
			if (!count)
				print_error("%s: no case %.*s\n", row->kind, (int)one.len,
				            (const char *)one.at);
			assert_true(count);
		}
	}
}

static bool is_told(const struct explanation *e, size_t count, const struct trouble *t)
{
	for (size_t i = 0; i < count && i < e->count; i++)
		if (e->found[i].what == EXPLAINED_CASE && e->found[i].trouble == t)
			return true;
	return false;
}

/* A title's own words find it, among the first. */
static void every_case_is_found_by_its_words(void **unused)
{
	struct explanation e = { 0 };

	(void)unused;
	for (size_t i = 0; i < case_count(); i++) {
		const struct trouble *t = case_at(i);
		struct span title = span_text(t->title);

		e.count = 0;
		explain_search(&e, &title, 1);
		if (!is_told(&e, 3, t))
			print_error("%s is not found by \"%s\"\n", t->id, t->title);
		assert_true(is_told(&e, 3, t));
	}
}

/* What a case's log shows leads to it. */
static void every_case_is_found_by_its_codes(void **unused)
{
	(void)unused;
	for (size_t i = 0; i < case_count(); i++) {
		const struct trouble *t = case_at(i);
		struct span codes = span_text(t->codes);

		while (codes.len) {
			struct span one = span_split(&codes, ' ');
			struct explanation e, relatives;
			char near[NEAR_TEXT];
			bool told = false;

			assert_true(explain(&e, &one, 1, near));
			for (size_t at = 0; at < e.full && !told; at++) {
				explained_relatives(&e.found[at], &relatives);
				told = is_told(&relatives, EXPLAINED_MAX, t);
			}
			assert_true(told);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_case_keeps_the_rules),
		cmocka_unit_test(the_catalogue_names_known_cases),
		cmocka_unit_test(every_case_is_found_by_its_words),
		cmocka_unit_test(every_case_is_found_by_its_codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
