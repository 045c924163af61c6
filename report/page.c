/* report/page.c - lines of a given width, whatever is written into them. */
#include "report/page.h"

#include <stdarg.h>
#include <string.h>

#include "base/tongue.h"
#include "base/utf8.h"

enum { LINE_TEXT = 2048 };

static const char *const inks[] = {
	[INK_PLAIN] = "",         [INK_BOLD] = "\033[1m",  [INK_RED] = "\033[1;31m",
	[INK_YELLOW] = "\033[33m", [INK_CYAN] = "\033[36m", [INK_DIM] = "\033[2m",
	[INK_GREEN] = "\033[32m",
};

struct letter {                         /* what is shown for the front of a text */
	const char *at;
	size_t len, taken;
	unsigned columns;
};

/* What is broken or would do harm is shown as '?', byte by byte. */
static struct letter letter_of(const char *text)
{
	struct span left = span_of(text, strnlen(text, 4));
	size_t len = utf8_len(left);
	uint32_t code = len ? utf8_code(left.at, len) : 0;

	if (!len || utf8_is_harmful(code))
		return (struct letter){ "?", 1, len ? len : 1, 1 };
	return (struct letter){ text, len, len, utf8_columns(code) };
}

void page_put(struct page *p, enum ink ink, const char *text)
{
	bool colored = p->style->color && ink != INK_PLAIN;

	if (colored)
		fputs(inks[ink], p->out);
	while (*text) {
		struct letter l = letter_of(text);

		fwrite(l.at, 1, l.len, p->out);
		p->column += l.columns;
		text += l.taken;
	}
	if (colored)
		fputs("\033[0m", p->out);
}

void page_putf(struct page *p, enum ink ink, const char *format, ...)
{
	char text[LINE_TEXT];
	va_list args;

	va_start(args, format);
	tongue_vsay(text, sizeof text, format, args);
	va_end(args);
	page_put(p, ink, text);
}

void page_tab(struct page *p, unsigned column)
{
	do {
		fputc(' ', p->out);
		p->column++;
	} while (p->column < column);
}

void page_line(struct page *p)
{
	fputc('\n', p->out);
	p->column = 0;
}

unsigned page_width(const char *text)
{
	unsigned width = 0;

	while (*text) {
		struct letter l = letter_of(text);

		width += l.columns;
		text += l.taken;
	}
	return width;
}

size_t page_fit(const char *text, unsigned columns)
{
	const char *from = text;
	unsigned width = 0;

	while (*text) {
		struct letter l = letter_of(text);

		width += l.columns;
		if (width > columns)
			break;
		text += l.taken;
	}
	return (size_t)(text - from);
}

static void indent_to(struct page *p, unsigned column)
{
	while (p->column < column) {
		fputc(' ', p->out);
		p->column++;
	}
}

/* Paths break behind a slash, where one stands near the line's end. */
static size_t break_of(const char *word, size_t fit)
{
	for (size_t i = fit; i > fit / 2; i--)
		if (word[i - 1] == '/' || word[i - 1] == '\\')
			return i;
	return fit;
}

/* A word that no line holds is broken where the line ends. */
static void put_word(struct page *p, enum ink ink, unsigned indent, char *word)
{
	unsigned width = p->style->width;

	while (p->column + page_width(word) > width) {
		size_t fit = page_fit(word, p->column < width ? width - p->column : 0);
		char after;

		if (!fit && p->column <= indent)
			break;
		fit = break_of(word, fit);
		after = word[fit];
		word[fit] = '\0';
		page_put(p, ink, word);
		word[fit] = after;
		word += fit;
		page_line(p);
		indent_to(p, indent);
	}
	page_put(p, ink, word);
}

/* Up to where a line may end: a blank, or between two characters that need none; LINE_TEXT at most. */
static size_t piece_of(const char *text)
{
	struct letter l = letter_of(text);
	size_t len = l.taken;

	while (text[len] && text[len] != ' ' && len < LINE_TEXT - 4) {
		struct letter next = letter_of(text + len);

		if (utf8_may_break(utf8_code((const uint8_t *)l.at, l.len),
				   utf8_code((const uint8_t *)next.at, next.len)))
			break;
		l = next;
		len += l.taken;
	}
	return len;
}

void page_wrap_in(struct page *p, enum ink ink, unsigned indent, const char *text)
{
	bool first = true;

	for (;;) {
		size_t blanks = strspn(text, " "), len;
		char piece[LINE_TEXT];

		text += blanks;
		if (!*text)
			break;
		len = piece_of(text);
		snprintf(piece, sizeof piece, "%.*s", (int)len, text);
		if (!first && p->column + (blanks > 0) + page_width(piece) > p->style->width) {
			page_line(p);
			indent_to(p, indent);
		} else if (!first && blanks) {
			page_put(p, INK_PLAIN, " ");
		}
		put_word(p, ink, indent, piece);
		first = false;
		text += len;
	}
	page_line(p);
}

void page_wrap(struct page *p, unsigned indent, const char *text)
{
	page_wrap_in(p, INK_PLAIN, indent, text);
}

const char *page_count(uint64_t count, char text[static COUNT_TEXT])
{
	char digits[24];
	int len = snprintf(digits, sizeof digits, "%llu", (unsigned long long)count);
	size_t at = 0;

	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			text[at++] = ' ';
		text[at++] = digits[i];
	}
	text[at] = '\0';
	return text;
}

const char *page_duration(int64_t ns, char text[static COUNT_TEXT])
{
	static const struct unit {
		int64_t ns;
		const char *text;
	} units[] = { { 24 * 3600 * MOMENT_S, N_("%lld days") },
		      { 3600 * MOMENT_S, N_("%lld h") },
		      { 60 * MOMENT_S, N_("%lld min") } };

	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (ns >= 2 * units[i].ns) {
			tongue_say(text, COUNT_TEXT, units[i].text, (long long)(ns / units[i].ns));
			return text;
		}
	tongue_say(text, COUNT_TEXT, "%lld s", (long long)(ns > 0 ? ns / MOMENT_S : 0));
	return text;
}
