/* tests/test_page.c - lines of a given width, in languages with blanks between words and without. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/utf8.h"
#include "report/page.h"

static void wrapped(const char *text, unsigned width, unsigned indent, const char *expected)
{
	struct report_style style = { .width = width };
	char *written = NULL;
	size_t size = 0;
	struct page p = { open_memstream(&written, &size), &style, 0 };

	assert_non_null(p.out);
	page_wrap(&p, indent, text);
	fclose(p.out);
	assert_string_equal(written, expected);
	free(written);
}

static void words_stay_whole(void **state)
{
	(void)state;
	wrapped("one two three", 7, 0, "one two\nthree\n");
	wrapped("one two three", 7, 2, "one two\n  three\n");
	wrapped("one  two", 80, 0, "one two\n");
	wrapped("", 80, 0, "\n");
}

/* Two columns each: four fit into nine. */
static void chinese_breaks_anywhere(void **state)
{
	(void)state;
	wrapped("代理要求登录", 9, 0, "代理要求\n登录\n");
	wrapped("代理 proxy 登录", 80, 0, "代理 proxy 登录\n");
	wrapped("端口8530关闭", 8, 0, "端口8530\n关闭\n");
}

/* JIS X 4051, GB/T 15834: marks that close stay with what they close, those that open with what follows. */
static void lines_begin_and_end_well(void **state)
{
	(void)state;
	wrapped("代理要求。登录", 8, 0, "代理要\n求。登录\n");
	wrapped("代理要「登录」", 9, 0, "代理要\n「登录」\n");
	wrapped("プロキシー", 8, 0, "プロキ\nシー\n");
}

static void breaks_are_by_kind(void **state)
{
	static const struct {
		uint32_t before, after;
		bool may;
	} cases[] = {
		{ 'a', 'b', false },       { 0x4e00, 0x4e01, true },  { 'a', 0x4e00, true },
		{ 0x4e00, 'a', true },
		{ 0x4e00, 0x3002, false }, { 0x300c, 0x4e00, false }, { 0x4e00, ',', false },
		{ '(', 0x4e00, false },
		{ 0x30c8, 0x30fc, false }, { 0x3002, 0x4e00, true },  { 0x4e00, 0x300c, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(utf8_may_break(cases[i].before, cases[i].after), cases[i].may);
}

/* Whatever a width: no character is cut, and what harms is shown. */
static void every_width_holds(void **state)
{
	static const char text[] = "The 代理 192.0.2.9:3128 要求登录(407)。\033[31mプロキシー";

	(void)state;
	for (unsigned width = 4; width < 60; width++) {
		struct report_style style = { .width = width };
		char *written = NULL;
		size_t size = 0;
		struct page p = { open_memstream(&written, &size), &style, 0 };
		char *line, *rest;

		assert_non_null(p.out);
		page_wrap(&p, 0, text);
		fclose(p.out);
		assert_null(strchr(written, '\033'));
		for (rest = written; (line = strsep(&rest, "\n"));)
			assert_in_range(page_width(line), 0, width);
		free(written);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_stay_whole),     cmocka_unit_test(chinese_breaks_anywhere),
		cmocka_unit_test(lines_begin_and_end_well), cmocka_unit_test(breaks_are_by_kind),
		cmocka_unit_test(every_width_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
