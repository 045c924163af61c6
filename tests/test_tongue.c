/* tests/test_tongue.c - which language a run speaks, and what its messages become. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/tongue.h"

/* Stands in place of the table that is made of po/. */
const struct tongue_row tongue_rows[] = {
	{ "%s asked %s", { "%2$s wurde von %1$s gefragt", "%sは%sに尋ねた", NULL } },
	{ "for %s and more", { NULL, "%s 以上", "从 %s 起" } },
	{ "one frame", { "ein Paket\0mehrere Pakete", "フレーム", "帧" } },
	{ "yes", { "ja", "はい", "是" } },
};
const size_t tongue_row_count = sizeof tongue_rows / sizeof *tongue_rows;

static void codes_name_languages(void **state)
{
	static const struct {
		const char *given, *tongue;     /* NULL: refused */
	} cases[] = {
		{ "de", "de" },          { "de_AT.UTF-8", "de" },    { "DE", "de" },
		{ "de-CH", "de" },       { "de@euro", "de" },        { "ja_JP.eucJP", "ja" },
		{ "zh", "zh-CN" },       { "zh_CN", "zh-CN" },       { "zh-Hans", "zh-CN" },
		{ "en", "en" },          { "zh_SG.UTF-8", "zh-CN" }, { "en_GB", "en" },
		{ "zh_TW", NULL },       { "zh-Hant", NULL },        { "fr", NULL },
		{ "d", NULL },           { "deutsch", NULL },        { "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_true(tongue_set("ja"));
		assert_int_equal(tongue_set(cases[i].given), cases[i].tongue != NULL);
		assert_string_equal(tongue_code(), cases[i].tongue ? cases[i].tongue : "ja");
	}
	tongue_set("en");
}

static void environment_is_read_as_gettext_does(void **state)
{
	static const struct {
		const char *language, *all, *messages, *lang, *tongue;
	} cases[] = {
		{ "", "", "", "de_DE.UTF-8", "de" },
		{ "", "", "ja_JP.UTF-8", "de_DE.UTF-8", "ja" },
		{ "", "zh_CN.UTF-8", "ja_JP.UTF-8", "de_DE.UTF-8", "zh-CN" },
		{ "", "C", "ja_JP.UTF-8", "de_DE.UTF-8", "en" },
		{ "", "", "", "", "en" },
		{ "", "", "", "fr_FR.UTF-8", "en" },
		/* A list comes first, unless the locale is none. */
		{ "fr:ja:de", "", "", "de_DE.UTF-8", "ja" },
		{ "en:de", "", "", "de_DE.UTF-8", "en" },
		{ "fr", "", "", "de_DE.UTF-8", "de" },
		{ "de", "C.UTF-8", "", "de_DE.UTF-8", "en" },
		{ "de", "POSIX", "", "", "en" },
		{ "de", "", "", "", "en" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		setenv("LANGUAGE", cases[i].language, 1);
		setenv("LC_ALL", cases[i].all, 1);
		setenv("LC_MESSAGES", cases[i].messages, 1);
		setenv("LANG", cases[i].lang, 1);
		tongue_set("ja");
		tongue_set_by_environment();
		assert_string_equal(tongue_code(), cases[i].tongue);
	}
	tongue_set("en");
}

static void messages_are_found_or_stay(void **state)
{
	(void)state;
	assert_string_equal(tongue("yes"), "yes");
	tongue_set("de");
	assert_string_equal(tongue("yes"), "ja");
	assert_string_equal(_("nobody translated this"), "nobody translated this");
	tongue_set("zh");
	assert_string_equal(tongue("%s asked %s"), "%s asked %s");
	tongue_set("en");
}

/* As the Plural-Forms of the translations have it. */
static void numbers_choose_forms(void **state)
{
	static const struct {
		const char *code;
		uint64_t number;
		const char *text;
	} cases[] = {
		{ "en", 1, "one frame" }, { "en", 0, "frames" },         { "en", 2, "frames" },
		{ "de", 1, "ein Paket" }, { "de", 0, "mehrere Pakete" }, { "de", 21, "mehrere Pakete" },
		{ "ja", 1, "フレーム" },   { "ja", 5, "フレーム" },        { "zh", 0, "帧" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		tongue_set(cases[i].code);
		assert_string_equal(tongue_many("one frame", "frames", cases[i].number), cases[i].text);
	}
	tongue_set("en");
}

static void arguments_may_change_places(void **state)
{
	char text[64];

	(void)state;
	tongue_set("de");
	assert_int_equal(tongue_say(text, sizeof text, "%s asked %s", "A", "B"),
			 strlen("B wurde von A gefragt"));
	assert_string_equal(text, "B wurde von A gefragt");
	tongue_set("en");
}

/* はい is six bytes: a ceiling leaves whole characters. */
static void no_character_is_cut(void **state)
{
	static const struct {
		size_t size;
		const char *text;
	} cases[] = { { 7, "はい" }, { 6, "は" }, { 5, "は" }, { 4, "は" }, { 3, "" }, { 1, "" } };

	(void)state;
	tongue_set("ja");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[8] = "xxxxxxx";

		assert_int_equal(tongue_say(text, cases[i].size, "yes"), strlen(cases[i].text));
		assert_string_equal(text, cases[i].text);
	}
	tongue_set("en");
}

/* A blank beside an argument stays where a Latin word is; those of the argument are a stranger's. */
static void blanks_stand_around_latin_words_alone(void **state)
{
	static const struct {
		const char *tongue, *given, *said;
	} cases[] = {
		{ "zh", "wsus01", "从 wsus01 起" }, { "zh", "服务器", "从服务器起" },
		{ "zh", "甲 乙", "从甲 乙起" },      { "ja", "30 秒", "30 秒以上" },
		{ "ja", "30", "30 以上" },          { "en", "you", "for you and more" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[64];

		assert_true(tongue_set(cases[i].tongue));
		assert_int_equal(tongue_say(text, sizeof text, "for %s and more", cases[i].given),
		                 strlen(cases[i].said));
		assert_string_equal(text, cases[i].said);
	}
	tongue_set("en");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_name_languages),
		cmocka_unit_test(environment_is_read_as_gettext_does),
		cmocka_unit_test(messages_are_found_or_stay),
		cmocka_unit_test(numbers_choose_forms),
		cmocka_unit_test(arguments_may_change_places),
		cmocka_unit_test(no_character_is_cut),
		cmocka_unit_test(blanks_stand_around_latin_words_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
