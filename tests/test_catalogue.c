/* tests/test_catalogue.c - the catalogue keeps its own rules; tests/docs.sh holds docs/findings.md to it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "analyzers/catalogue.h"

enum { TITLE_MAX = 60, STEP_MAX = 150, STEPS_MIN = 2, STEPS_MAX = 4, SENTENCES_MAX = 3 };

static unsigned sentences(struct span text)
{
	unsigned count = 0;

	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] == '.' && (i + 1 == text.len || text.at[i + 1] == ' '))
			count++;
	return count;
}

/* Names that users and tests rely on: lower-case words joined by hyphens, no two alike. */
static void check_name(const struct finding_row *row, enum finding_kind kind)
{
	for (const char *c = row->kind; *c; c++)
		assert_true((*c >= 'a' && *c <= 'z') || *c == '-');
	assert_int_equal(finding_kind_named(span_text(row->kind)), kind);
}

static void check_steps(const struct finding_row *row)
{
	struct span steps = span_text(row->remedy);
	unsigned count = 0;

	for (; steps.len; count++)
		assert_in_range(span_split(&steps, '\n').len, 1, STEP_MAX);
	assert_in_range(count, STEPS_MIN, STEPS_MAX);
}

static void every_kind_keeps_the_rules(void **unused)
{
	(void)unused;
	for (int kind = 0; kind < FINDING_KIND_COUNT; kind++) {
		const struct finding_row *row = finding_row((enum finding_kind)kind);

		check_name(row, (enum finding_kind)kind);
		assert_in_range(strlen(row->title), 1, TITLE_MAX);
		assert_in_range(strlen(row->cause), 1, CAUSE_TEXT - 1);
		assert_in_range(sentences(span_text(row->cause)), 1, SENTENCES_MAX);
		assert_true(strlen(row->codes) < sizeof((struct finding *)0)->codes);
		assert_true(row->would_change[0] && row->cases[0]);
		check_steps(row);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_keeps_the_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
