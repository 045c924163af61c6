/* base/tongue.h - the language in which a run speaks; English is what stands in the sources.
 *
 * A message is translated where it is composed, in gettext's way: `_("...")` where it is used,
 * `N_("...")` where it only stands (in tables, between ? and :), and functions that take a format
 * translate it themselves.  xgettext finds them all (po/refresh), po/compile turns po/LANGUAGE.po into
 * the table below as the program is built.  Terms of protocols, headers, commands and codes stay.
 *
 * The language is a run's, set once before anything is composed; English costs a test for NULL.
 */
#ifndef BASE_TONGUE_H
#define BASE_TONGUE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* X(symbol, BCP 47 code, po/NAME.po, its own name), but English.  po/compile gets the files in this order. */
#define TONGUES(X) \
	X(GERMAN, "de", "de", "Deutsch") \
	X(JAPANESE, "ja", "ja", "日本語") \
	X(CHINESE, "zh-CN", "zh_CN", "简体中文")

#define X(symbol, code, file, name) TONGUE_##symbol,
enum tongue { TONGUES(X) TONGUE_ENGLISH, TONGUE_COUNT = TONGUE_ENGLISH };
#undef X

/* Sorted by message.  Forms of a plural follow each other, each with its NUL; NULL: not translated. */
struct tongue_row {
	const char *message;
	const char *in[TONGUE_COUNT];
};

extern const struct tongue_row tongue_rows[];
extern const size_t tongue_row_count;

/* "de", "de_AT.UTF-8", "zh-Hans", "en": whether tongue_set takes it. */
bool tongue_is_known(const char *code);

/* Takes "de", "zh-CN", "zh_CN.UTF-8" or "en"; false, and nothing is changed: it is none of ours. */
bool tongue_set(const char *code);

/* As gettext has it: LANGUAGE, unless LC_ALL, LC_MESSAGES or LANG (the first that is set) says C or POSIX;
 * then that one.  What is none of ours is English. */
void tongue_set_by_environment(void);

/* "en", or the code above. */
const char *tongue_code(void);

/* The codes that tongue_set takes, for a message: "en, de, ja, zh-CN". */
const char *tongue_codes(void);

/* The message in that language; itself where there is no translation.  Static text. */
const char *tongue(const char *message) __attribute__((format_arg(1)));

/* Of two English messages the one that fits the number, in the language's own forms. */
const char *tongue_many(const char *one, const char *many, uint64_t number)
	__attribute__((format_arg(1), format_arg(2)));

/* As snprintf of the message in that language, but a character is written whole or not at all.  Returns the
 * length of what stands there now, so below `size`, which is not 0. */
size_t tongue_say(char *text, size_t size, const char *message, ...) __attribute__((format(printf, 3, 4)));
size_t tongue_vsay(char *text, size_t size, const char *message, va_list args)
	__attribute__((format(printf, 3, 0)));

#define _(message)  tongue(message)
#define N_(message) message

/* Both forms of a plural, as two elements of a table. */
#define NN_(one, many) one, many

#endif
