/* tests/test_screen_canvas.c - cells: nothing from the wire moves the cursor or what stands beside it. */
#include "screen/canvas.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "screen/keys.h"

enum { WIDTH = 12, HEIGHT = 3 };

static void texts_become_cells(void **unused)
{
	static const struct row {
		const char *name, *text;
		unsigned end;
		const char *want;
	} rows[] = {
		{ "plain", "wsus01", WIDTH, "wsus01" },
		{ "as long as there is room", "wsus01.corp.", WIDTH, "wsus01.corp." },
		{ "longer", "wsus01.corp.example", WIDTH, "wsus01.corp\u2026" },
		{ "an end of its own", "wsus01", 4, "wsu\u2026" },
		{ "escape", "a\033[2Jb", WIDTH, "a?[2Jb" },
		{ "line ends", "a\r\nb\tc\bd", WIDTH, "a??b?c?d" },
		{ "C1 controls", "a\xc2\x9b" "2Jb", WIDTH, "a?2Jb" },
		{ "direction marks", "a\u202eb\u2066c", WIDTH, "a?b?c" },
		{ "letters from right to left", "a\u05d0\u0627b", WIDTH, "a??b" },
		{ "nothing wide", "a\u200bb\ufeffc", WIDTH, "a?b?c" },
		{ "an accent of its own", "e\u0301a\u0308b", WIDTH, "eab" },
		{ "accents without a letter", "\u0301\u0302", WIDTH, "" },
		{ "emoji", "a\U0001f600b", WIDTH, "a?b" },
		{ "broken UTF-8", "a\xff\xc3-\xe2\x82", WIDTH, "a?" "?-?" "?" },
		{ "a surrogate", "a\xed\xa0\x80z", WIDTH, "a???z" },
		{ "Han, two columns each", "\u66f4\u65b0\u670d\u52a1\u5668x", WIDTH,
		  "\u66f4\u65b0\u670d\u52a1\u5668x" },
		{ "half of a wide one", "\u66f4\u65b0\u670d\u52a1", 6, "\u66f4\u65b0\u2026" },
		{ "Cyrillic", "\u0441\u0435\u0440", WIDTH, "\u0441\u0435\u0440" },
	};
	struct canvas c = { 0 };
	char line[CANVAS_LINE_TEXT];

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_true(canvas_resize(&c, WIDTH, HEIGHT));
		canvas_put(&c, 1, 0, rows[i].end, SHADE_PLAIN, rows[i].text);
		if (strcmp(canvas_line(&c, 1, line), rows[i].want))
			fail_msg("%s: '%s'", rows[i].name, line);
		assert_string_equal(canvas_line(&c, 0, line), "");
		assert_string_equal(canvas_line(&c, 2, line), "");
	}
	canvas_release(&c);
}

static void ascii_terminals_get_ascii(void **unused)
{
	struct canvas c = { .ascii = true };
	char line[CANVAS_LINE_TEXT];

	(void)unused;
	assert_true(canvas_resize(&c, WIDTH, HEIGHT));
	canvas_put(&c, 0, 0, WIDTH, SHADE_PLAIN, "m\u00fcller.corp.example");
	canvas_draw(&c, 1, 0, 3, SHADE_PLAIN, GLYPH_ACROSS);
	canvas_draw(&c, 1, 3, 4, SHADE_PLAIN, GLYPH_TO_RIGHT);
	assert_string_equal(canvas_line(&c, 0, line), "m?ller.corp~");
	assert_string_equal(canvas_line(&c, 1, line), "--->");
	canvas_release(&c);
}

/* The left or right half of a wide character never stays alone. */
static void wide_characters_are_whole_or_gone(void **unused)
{
	struct canvas c = { 0 };
	char line[CANVAS_LINE_TEXT];

	(void)unused;
	assert_true(canvas_resize(&c, WIDTH, HEIGHT));
	canvas_put(&c, 0, 0, WIDTH, SHADE_PLAIN, "\u66f4\u65b0");
	canvas_put(&c, 0, 1, WIDTH, SHADE_PLAIN, "x");
	assert_string_equal(canvas_line(&c, 0, line), " x\u65b0");
	canvas_put(&c, 0, 2, WIDTH, SHADE_PLAIN, "y");
	assert_string_equal(canvas_line(&c, 0, line), " xy");
	canvas_put(&c, 0, 1, WIDTH, SHADE_PLAIN, "\u66f4\u65b0");
	canvas_put(&c, 0, 2, WIDTH, SHADE_PLAIN, "\u66f4");
	assert_string_equal(canvas_line(&c, 0, line), "  \u66f4");
	canvas_release(&c);
}

static void what_lies_outside_is_nowhere(void **unused)
{
	struct canvas c = { 0 };
	char line[CANVAS_LINE_TEXT];

	(void)unused;
	assert_true(canvas_resize(&c, WIDTH, HEIGHT));
	canvas_put(&c, HEIGHT, 0, WIDTH, SHADE_PLAIN, "x");
	canvas_put(&c, 0, WIDTH, 2 * WIDTH, SHADE_PLAIN, "x");
	canvas_put(&c, 0, 5, 5, SHADE_PLAIN, "x");
	canvas_draw(&c, 0, 99, 200, SHADE_PLAIN, GLYPH_DOWN);
	canvas_choose(&c, HEIGHT + 7, 0, WIDTH);
	canvas_put_right(&c, 1, 0, 99, SHADE_PLAIN, "right");
	assert_string_equal(canvas_line(&c, 0, line), "");
	assert_string_equal(canvas_line(&c, 1, line), "       right");
	assert_true(canvas_resize(&c, 100000, 100000));
	assert_int_equal(c.width, CANVAS_WIDTH_MAX);
	assert_int_equal(c.height, CANVAS_HEIGHT_MAX);
	assert_true(canvas_resize(&c, 0, 0));
	canvas_put(&c, 0, 0, 5, SHADE_PLAIN, "x");
	canvas_release(&c);
}

static void words_wrap(void **unused)
{
	struct canvas c = { 0 };
	char line[CANVAS_LINE_TEXT];

	(void)unused;
	assert_true(canvas_resize(&c, WIDTH, 6));
	assert_int_equal(canvas_wrap(&c, 0, 6, 2, WIDTH, SHADE_PLAIN, "no such name exists-nowhere"), 4);
	assert_string_equal(canvas_line(&c, 0, line), "  no such");
	assert_string_equal(canvas_line(&c, 1, line), "  name");
	assert_string_equal(canvas_line(&c, 2, line), "  exists-now");
	assert_string_equal(canvas_line(&c, 3, line), "  here");
	canvas_release(&c);
}

static void keys_have_meanings(void **unused)
{
	static const struct row {
		uint32_t code;
		bool function;
		enum action action;
		uint32_t letter;
	} rows[] = {
		{ 'q', false, ACTION_QUIT, 'q' },     { 3, false, ACTION_QUIT, 0 },
		{ 'j', false, ACTION_DOWN, 'j' },     { ' ', false, ACTION_FREEZE, ' ' },
		{ '/', false, ACTION_FILTER, '/' },   { 27, false, ACTION_BACK, 0 },
		{ 13, false, ACTION_OPEN, 0 },        { 0x7f, false, ACTION_ERASE, 0 },
		{ 'z', false, ACTION_NONE, 'z' },     { 0x416, false, ACTION_NONE, 0x416 },
		{ 'q', true, ACTION_NONE, 0 },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct press p = press_of(rows[i].code, rows[i].function);

		assert_int_equal(p.action, rows[i].action);
		assert_int_equal(p.letter, rows[i].letter);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_become_cells),
		cmocka_unit_test(ascii_terminals_get_ascii),
		cmocka_unit_test(wide_characters_are_whole_or_gone),
		cmocka_unit_test(what_lies_outside_is_nowhere),
		cmocka_unit_test(words_wrap),
		cmocka_unit_test(keys_have_meanings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
