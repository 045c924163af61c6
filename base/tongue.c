/* base/tongue.c - finding a message in the table of translations. */
#include "base/tongue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"

/* As setlocale's: of the process, set by main before any message is composed, constant from then on. */
static enum tongue current = TONGUE_ENGLISH;

enum { NO_TONGUE = TONGUE_ENGLISH + 1 };

/* What names them: the first that the code begins with (RFC 4647 section 3.4), '-' standing for '_', too.
 * Traditional Chinese is not read by all who read simplified, so it gets English. */
static const struct name {
	const char *begins;
	int tongue;
} names[] = {
	{ "zh-CN", TONGUE_CHINESE }, { "zh-SG", TONGUE_CHINESE }, { "zh-Hans", TONGUE_CHINESE },
	{ "zh-", NO_TONGUE },        { "zh", TONGUE_CHINESE },    { "de", TONGUE_GERMAN },
	{ "ja", TONGUE_JAPANESE },   { "en", TONGUE_ENGLISH },
};

/* Up to a region, a charset, a modifier, the end, or the next of a list. */
static bool begins(const char *code, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < len; i++) {
		char given[] = { code[i] == '_' ? '-' : code[i], '\0' }, wanted[] = { name[i], '\0' };

		if (!given[0] || strcasecmp(given, wanted) != 0)
			return false;
	}
	return name[len - 1] == '-' || !code[len] || strchr("-_.@:", code[len]);
}

static int tongue_named(const char *code)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (begins(code, names[i].begins))
			return names[i].tongue;
	return NO_TONGUE;
}

bool tongue_is_known(const char *code)
{
	return tongue_named(code) != NO_TONGUE;
}

bool tongue_set(const char *code)
{
	int named = tongue_named(code);

	if (named == NO_TONGUE)
		return false;
	current = (enum tongue)named;
	return true;
}

static const char *of_environment(const char *name)
{
	const char *value = getenv(name);

	return value && value[0] ? value : NULL;
}

void tongue_set_by_environment(void)
{
	static const char *const categories[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
	const char *locale = NULL, *list = of_environment("LANGUAGE");

	for (size_t i = 0; i < sizeof categories / sizeof *categories && !locale; i++)
		locale = of_environment(categories[i]);
	current = TONGUE_ENGLISH;
	if (!locale || begins(locale, "C") || begins(locale, "POSIX"))
		return;
	for (; list && *list; list += strcspn(list, ":"), list += *list == ':')
		if (tongue_set(list))
			return;
	tongue_set(locale);
}

const char *tongue_code(void)
{
	static const char *const codes[TONGUE_COUNT] = {
#define X(symbol, code, file, name) [TONGUE_##symbol] = code,
		TONGUES(X)
#undef X
	};

	return current == TONGUE_ENGLISH ? "en" : codes[current];
}

const char *tongue_codes(void)
{
#define X(symbol, code, file, name) ", " code
	return "en" TONGUES(X);
#undef X
}

static int compare(const void *message, const void *row)
{
	return strcmp(message, ((const struct tongue_row *)row)->message);
}

/* NULL: it is English, or not translated. */
static const char *translation(const char *message)
{
	const struct tongue_row *row;

	if (current == TONGUE_ENGLISH)
		return NULL;
	row = bsearch(message, tongue_rows, tongue_row_count, sizeof *row, compare);
	return row ? row->in[current] : NULL;
}

const char *tongue(const char *message)
{
	const char *found = translation(message);

	return found ? found : message;
}

const char *tongue_many(const char *one, const char *many, uint64_t number)
{
	const char *found = translation(one);

	if (!found)
		return number == 1 ? one : many;
	/* Plural-Forms of po/: German has two as English has, the others one. */
	return current == TONGUE_GERMAN && number != 1 ? found + strlen(found) + 1 : found;
}

/* ---- Chinese and Japanese are written without blanks, but around Latin words ---- */

/* Stands for a blank beside an argument until it is known what that is; of controls no text needs it. */
enum { SEAM = '\x1f', MARKED_MAX = 4096 };

/* Hiragana to unified ideographs, but signs: what a blank is wanted neither before nor behind. */
static bool is_close(uint32_t code)
{
	return (code >= 0x3041 && code <= 0x30ff) || (code >= 0x3400 && code <= 0x9fff);
}

/* Compounds of foreign words keep theirs: katakana beside katakana. */
static bool is_katakana(uint32_t code)
{
	return code >= 0x30a0 && code <= 0x30ff;
}

/* The format, in which a blank before a conversion or behind one is a seam.  False: it is too long. */
static bool mark_seams(const char *format, char marked[static MARKED_MAX])
{
	bool behind = false;
	size_t i = 0;

	for (; i < MARKED_MAX - 1 && format[i]; i++) {
		bool before = format[i] == ' ' && format[i + 1] == '%';

		marked[i] = format[i] == ' ' && (before || behind) ? (char)SEAM : format[i];
		behind = i && format[i] == 's' && (format[i - 1] == '%' || format[i - 1] == '$');
	}
	marked[i] = '\0';
	return !format[i];
}

static uint32_t code_before(const char *text, size_t at)
{
	size_t start = at;

	while (start && at - start < 4 && ((unsigned char)text[--start] & 0xc0) == 0x80)
		;
	return utf8_len(span_of(text + start, at - start)) == at - start && start < at ?
		utf8_code((const uint8_t *)text + start, at - start) : 0;
}

static uint32_t code_behind(const char *text)
{
	size_t len = *text ? utf8_len(span_text(text)) : 0;

	return len ? utf8_code((const uint8_t *)text, len) : 0;
}

/* Seams become blanks, or nothing between letters that take none. */
static size_t close_seams(char *text)
{
	size_t len = 0;

	for (const char *from = text; *from; from++) {
		uint32_t before, behind;

		if (*from != SEAM) {
			text[len++] = *from;
			continue;
		}
		before = code_before(text, len);
		behind = code_behind(from + 1);
		if (!is_close(before) || !is_close(behind) || (is_katakana(before) && is_katakana(behind)))
			text[len++] = ' ';
	}
	text[len] = '\0';
	return len;
}

static bool is_without_blanks(void)
{
	return current == TONGUE_CHINESE || current == TONGUE_JAPANESE;
}

size_t tongue_vsay(char *text, size_t size, const char *message, va_list args)
{
	char marked[MARKED_MAX];
	const char *format = tongue(message);
	bool seams = is_without_blanks() && mark_seams(format, marked);
	int len = vsnprintf(text, size, seams ? marked : format, args);

	if (len < 0 || (size_t)len >= size) {
		text[utf8_whole(span_text(text)).len] = '\0';
		len = (int)strlen(text);
	}
	return seams ? close_seams(text) : (size_t)len;
}

size_t tongue_say(char *text, size_t size, const char *message, ...)
{
	va_list args;
	size_t len;

	va_start(args, message);
	len = tongue_vsay(text, size, message, args);
	va_end(args);
	return len;
}
