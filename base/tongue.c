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

size_t tongue_vsay(char *text, size_t size, const char *message, va_list args)
{
	int len = vsnprintf(text, size, tongue(message), args);

	if (len >= 0 && (size_t)len < size)
		return (size_t)len;
	text[utf8_whole(span_text(text)).len] = '\0';
	return strlen(text);
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
