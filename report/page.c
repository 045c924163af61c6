/* report/page.c - columns are counted in code points: close enough for what WSUS sites write. */
#include "report/page.h"

#include <stdarg.h>
#include <string.h>

enum { LINE_TEXT = 2048 };

static const char *const inks[] = {
	[INK_PLAIN] = "",         [INK_BOLD] = "\033[1m",  [INK_RED] = "\033[1;31m",
	[INK_YELLOW] = "\033[33m", [INK_CYAN] = "\033[36m", [INK_DIM] = "\033[2m",
};

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* U+202A..U+202E and U+2066..U+2069 turn text around (Unicode 15 section 23.2); U+0080..U+009F
 * are controls. */
static bool is_harmful(const char *at)
{
	const unsigned char *b = (const unsigned char *)at;

	if (b[0] < 0x20 || b[0] == 0x7f)
		return true;
	if (b[0] == 0xc2 && b[1] >= 0x80 && b[1] <= 0x9f)
		return true;
	return b[0] == 0xe2 && ((b[1] == 0x80 && b[2] >= 0xaa && b[2] <= 0xae) ||
	                        (b[1] == 0x81 && b[2] >= 0xa6 && b[2] <= 0xa9));
}

static size_t char_len(const char *at)
{
	size_t len = 1;

	while (is_continuation(at[len]))
		len++;
	return len;
}

/* A byte that cannot begin a character, or a character without all of its bytes, is shown as '?'. */
static bool is_whole(const char *at, size_t len)
{
	unsigned char lead = (unsigned char)at[0];
	size_t want = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;

	return len == want && lead < 0xf5;
}

static void put_char(struct page *p, const char *at, size_t len)
{
	if (is_harmful(at) || !is_whole(at, len))
		fputc('?', p->out);
	else
		fwrite(at, 1, len, p->out);
	p->column++;
}

void page_put(struct page *p, enum ink ink, const char *text)
{
	bool colored = p->style->color && ink != INK_PLAIN;

	if (colored)
		fputs(inks[ink], p->out);
	while (*text) {
		size_t len = char_len(text);

		put_char(p, text, len);
		text += len;
	}
	if (colored)
		fputs("\033[0m", p->out);
}

void page_putf(struct page *p, enum ink ink, const char *format, ...)
{
	char text[LINE_TEXT];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
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

	for (; *text; text++)
		width += !is_continuation(*text);
	return width;
}

static void indent_to(struct page *p, unsigned column)
{
	while (p->column < column) {
		fputc(' ', p->out);
		p->column++;
	}
}

void page_wrap(struct page *p, unsigned indent, const char *text)
{
	bool first = true;

	for (;;) {
		size_t len;
		char word[LINE_TEXT];

		text += strspn(text, " ");
		len = strcspn(text, " ");
		if (!len)
			break;
		snprintf(word, sizeof word, "%.*s", (int)len, text);
		if (!first && p->column + 1 + page_width(word) > p->style->width) {
			page_line(p);
			indent_to(p, indent);
		} else if (!first) {
			page_put(p, INK_PLAIN, " ");
		}
		page_put(p, INK_PLAIN, word);
		first = false;
		text += len;
	}
	page_line(p);
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
