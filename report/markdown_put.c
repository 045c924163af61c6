/* report/markdown_put.c - text that stays text in every tracker. */
#include <stdarg.h>

#include "base/tongue.h"
#include "base/utf8.h"
#include "report/mask.h"
#include "report/markdown.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* What is broken or would do harm is U+FFFD; takes it off the front. */
static struct span take_letter(struct span *text)
{
	size_t len = utf8_len(*text);
	struct span letter = span_take(text, len ? len : 1);

	return len && !utf8_is_harmful(utf8_code(letter.at, len)) ? letter : SPAN(REPLACEMENT);
}

/* ---- code ---- */

/* Longest run of backticks: the fence is longer (CommonMark 0.30 section 6.1). */
static size_t fence_of(struct span code)
{
	size_t longest = 0, run = 0;

	for (size_t i = 0; i < code.len; i++) {
		run = code.at[i] == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	return longest + 1;
}

static void put_fence(struct markdown *m, size_t len)
{
	while (len-- > 0)
		fputc('`', m->out);
}

static void put_code(struct markdown *m, struct span code)
{
	size_t fence = fence_of(code);
	/* One blank on each side is taken away again. */
	bool padded = code.len && (code.at[0] == '`' || code.at[code.len - 1] == '`' || code.at[0] == ' ');

	put_fence(m, fence);
	fputs(padded ? " " : "", m->out);
	while (code.len) {
		struct span letter = take_letter(&code);

		if (m->in_cell && letter.at[0] == '|')
			fputc('\\', m->out);
		fwrite(letter.at, 1, letter.len, m->out);
	}
	fputs(padded ? " " : "", m->out);
	put_fence(m, fence);
}

void markdown_code(struct markdown *m, const char *text)
{
	if (text[0])
		put_code(m, span_text(text));
}

/* ---- words ---- */

static bool is_graphic(uint8_t c)
{
	return c > ' ' && c < 0x7f;
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_hex(uint8_t c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_one_of(uint8_t c, const char *set)
{
	return c && strchr(set, c);
}

/* What no tracker makes anything of within a line. */
static bool is_plain(uint8_t c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       is_one_of(c, ".,;:()'\"/%+=?-");
}

/* What looks like a commit. */
static bool is_commit(struct span word)
{
	size_t hex = 0, digits = 0;

	for (size_t i = 0; i < word.len; i++) {
		hex += is_hex(word.at[i]);
		digits += is_digit(word.at[i]);
	}
	return word.len >= 7 && hex == word.len && digits > 0 && digits < word.len;
}

/* "-", "+", "===", "12.", "3)": what begins a list or underlines, as the first word of a line. */
static bool is_mark(struct span word)
{
	size_t digits = 0;

	while (digits < word.len && is_digit(word.at[digits]))
		digits++;
	if (digits && word.len == digits + 1)
		return word.at[digits] == '.' || word.at[digits] == ')';
	for (size_t i = 0; i < word.len; i++)
		if (!is_one_of(word.at[i], "-+="))
			return false;
	return true;
}

/* ":name:" */
static bool is_emoji(struct span word)
{
	return word.len > 2 && word.at[0] == ':' && span_byte(span_skip(word, 1), ':') != SIZE_MAX;
}

static bool wants_code(struct span word, bool is_first)
{
	for (size_t i = 0; i < word.len; i++)
		if (!is_plain(word.at[i]))
			return true;
	return span_find(word, SPAN("://")) != SIZE_MAX || span_istarts(word, SPAN("www.")) ||
	       span_istarts(word, SPAN("mailto:")) || word.at[0] == '%' || is_commit(word) ||
	       is_emoji(word) || (is_first && is_mark(word));
}

/* What stands around a word in a sentence is none of it. */
static struct span core_of(struct span word)
{
	while (word.len && is_one_of(word.at[0], "\"'("))
		span_take(&word, 1);
	while (word.len && is_one_of(word.at[word.len - 1], "\"').,;:?"))
		word.len--;
	return word;
}

static void put_word(struct markdown *m, struct span word, bool is_first)
{
	struct span core = core_of(word);

	if (!wants_code(word, is_first)) {
		fwrite(word.at, 1, word.len, m->out);
		return;
	}
	if (!core.len)
		core = word;
	fwrite(word.at, 1, (size_t)(core.at - word.at), m->out);
	put_code(m, core);
	fwrite(core.at + core.len, 1, word.len - core.len - (size_t)(core.at - word.at), m->out);
}

/* Words are of ASCII: other letters mean nothing to trackers, and Chinese and Japanese have no blanks. */
static void put_text(struct markdown *m, struct span text)
{
	bool is_first = true;

	while (text.len) {
		size_t len = 0;
		struct span letter;

		while (len < text.len && is_graphic(text.at[len]))
			len++;
		if (len) {
			put_word(m, span_take(&text, len), is_first);
			is_first = false;
			continue;
		}
		letter = take_letter(&text);
		fwrite(letter.at, 1, letter.len, m->out);
	}
}

void markdown_put(struct markdown *m, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	while (*format) {
		size_t plain = strcspn(format, "%");

		fwrite(format, 1, plain, m->out);
		format += plain;
		if (!*format)
			break;
		if (format[1] == 's')
			put_text(m, span_text(va_arg(args, const char *)));
		else
			fputc(format[1], m->out);
		format += 2;
	}
	va_end(args);
}

void markdown_words(struct markdown *m, const char *words)
{
	char shown[SHOWN_TEXT];

	markdown_put(m, "%s", mask_text(words, m->style->reveal, shown));
}

/* ---- tables ---- */

void markdown_table(struct markdown *m, const char *const *columns)
{
	for (size_t i = 0; columns[i]; i++)
		markdown_cell(m, _(columns[i]));
	markdown_row_end(m);
	for (size_t i = 0; columns[i]; i++)
		fputs("| --- ", m->out);
	fputs("|\n", m->out);
}

void markdown_cell(struct markdown *m, const char *text)
{
	m->in_cell = true;
	markdown_put(m, "| %s ", text);
	m->in_cell = false;
}

void markdown_row_end(struct markdown *m)
{
	fputs("|\n", m->out);
}
