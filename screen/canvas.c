/* screen/canvas.c - cells, and the characters that may be in one. */
#include "screen/canvas.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

enum { PIECE = 1024 };

struct letter {
	uint32_t code;                  /* 0: it shows nothing */
	unsigned columns;
	size_t taken;
};

bool canvas_resize(struct canvas *c, unsigned width, unsigned height)
{
	struct cell *cells;

	width = width < CANVAS_WIDTH_MAX ? width : CANVAS_WIDTH_MAX;
	height = height < CANVAS_HEIGHT_MAX ? height : CANVAS_HEIGHT_MAX;
	if (!c->cells || width != c->width || height != c->height) {
		cells = calloc((size_t)width * height + 1, sizeof *cells);
		if (!cells)
			return false;
		free(c->cells);
		c->cells = cells;
		c->width = width;
		c->height = height;
	}
	canvas_clear(c);
	return true;
}

void canvas_release(struct canvas *c)
{
	free(c->cells);
	c->cells = NULL;
	c->width = c->height = 0;
}

void canvas_clear(struct canvas *c)
{
	for (size_t i = 0; i < (size_t)c->width * c->height; i++)
		c->cells[i] = (struct cell){ .code = ' ' };
}

/* Columns of a character that terminals agree on; 0: none of these.  Blocks are left out whose letters are
 * joined, turned around or narrower and wider by the font. */
static unsigned sure_columns(uint32_t code)
{
	static const struct block {
		uint32_t first, last;
		unsigned columns;
	} blocks[] = {
		{ 0x20, 0x7e, 1 },      { 0xa1, 0xac, 1 },      { 0xae, 0x2ff, 1 },     /* Latin */
		{ 0x370, 0x377, 1 },    { 0x384, 0x38a, 1 },    { 0x38e, 0x3a1, 1 },    /* Greek */
		{ 0x3a3, 0x482, 1 },    { 0x48a, 0x52f, 1 },                            /* ... Cyrillic */
		{ 0x1e00, 0x1eff, 1 },  { 0x2010, 0x2027, 1 },  { 0x2030, 0x203b, 1 },
		{ 0x20a0, 0x20bf, 1 },
		{ 0x3041, 0x3096, 2 },  { 0x30a1, 0x30fa, 2 },  { 0x3400, 0x4dbf, 2 },  /* kana, Han */
		{ 0x4e00, 0x9fff, 2 },  { 0xac00, 0xd7a3, 2 },  { 0xff01, 0xff60, 2 },  /* Hangul */
	};

	for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++)
		if (code >= blocks[i].first && code <= blocks[i].last)
			return blocks[i].columns;
	return 0;
}

static struct letter letter_of(const struct canvas *c, const char *text)
{
	struct span left = span_of(text, strnlen(text, 4));
	size_t len = utf8_len(left);
	uint32_t code = len ? utf8_code(left.at, len) : 0;
	unsigned columns = sure_columns(code);

	/* Without its accent a letter is still the letter. */
	if (len && !utf8_columns(code))
		return (struct letter){ 0, 0, len };
	if (!columns || (c->ascii && code > 0x7e))
		return (struct letter){ '?', 1, len ? len : 1 };
	return (struct letter){ code, columns, len };
}

static uint32_t glyph_code(const struct canvas *c, enum glyph glyph)
{
#define X(symbol, code, ascii) { code, ascii },
	static const uint32_t codes[][2] = { GLYPHS(X) };
#undef X
	return codes[glyph][c->ascii];
}

static struct cell *cell_at(struct canvas *c, unsigned row, unsigned column)
{
	return &c->cells[(size_t)row * c->width + column];
}

/* A wide character whose one half is written over is gone as a whole. */
static void set(struct canvas *c, unsigned row, unsigned column, uint32_t code, enum shade shade)
{
	struct cell *cell = cell_at(c, row, column);

	if (!cell->code && column && code)
		cell[-1].code = ' ';
	if (cell->code && column + 1 < c->width && !cell[1].code)
		cell[1].code = ' ';
	cell->code = code;
	cell->shade = (uint8_t)shade;
}

static unsigned limit(const struct canvas *c, unsigned end)
{
	return end < c->width ? end : c->width;
}

unsigned canvas_columns(const struct canvas *c, const char *text)
{
	unsigned columns = 0;

	while (*text) {
		struct letter l = letter_of(c, text);

		columns += l.columns;
		text += l.taken;
	}
	return columns;
}

unsigned canvas_put(struct canvas *c, unsigned row, unsigned column, unsigned end, enum shade shade,
                    const char *text)
{
	bool fits;

	end = limit(c, end);
	if (row >= c->height || column >= end)
		return column;
	fits = canvas_columns(c, text) <= end - column;
	while (*text) {
		struct letter l = letter_of(c, text);

		text += l.taken;
		if (!l.columns)
			continue;
		if (!fits && column + l.columns + 1 > end) {
			set(c, row, column++, glyph_code(c, GLYPH_CUT), shade);
			break;
		}
		if (l.columns == 2)
			set(c, row, column + 1, ' ', shade);
		set(c, row, column, l.code, shade);
		if (l.columns == 2)
			cell_at(c, row, column + 1)->code = 0;
		column += l.columns;
	}
	return column;
}

unsigned canvas_putf(struct canvas *c, unsigned row, unsigned column, unsigned end, enum shade shade,
                     const char *format, ...)
{
	char text[PIECE];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return canvas_put(c, row, column, end, shade, text);
}

void canvas_put_right(struct canvas *c, unsigned row, unsigned column, unsigned end, enum shade shade,
                      const char *text)
{
	unsigned columns = canvas_columns(c, text);

	end = limit(c, end);
	if (column < end && columns < end - column)
		column = end - columns;
	canvas_put(c, row, column, end, shade, text);
}

void canvas_draw(struct canvas *c, unsigned row, unsigned column, unsigned end, enum shade shade,
                 enum glyph glyph)
{
	if (row >= c->height)
		return;
	while (column < limit(c, end))
		set(c, row, column++, glyph_code(c, glyph), shade);
}

/* The bytes of the next line: words, or as much of one as a line holds. */
static size_t line_len(const struct canvas *c, const char *text, unsigned columns)
{
	size_t at = 0, fit = 0;
	unsigned width = 0;

	while (text[at]) {
		struct letter l = letter_of(c, text + at);

		if (text[at] == ' ')
			fit = at;
		width += l.columns;
		if (width > columns)
			return fit ? fit : at ? at : l.taken;
		at += l.taken;
	}
	return at;
}

unsigned canvas_wrap(struct canvas *c, unsigned row, unsigned end_row, unsigned column, unsigned end,
                     enum shade shade, const char *text)
{
	end = limit(c, end);
	if (column >= end)
		return row;
	for (; row < end_row; row++) {
		char line[PIECE];
		size_t len;

		text += strspn(text, " ");
		if (!*text)
			break;
		len = line_len(c, text, end - column);
		snprintf(line, sizeof line, "%.*s", (int)len, text);
		canvas_put(c, row, column, end, shade, line);
		text += len;
	}
	return row;
}

void canvas_choose(struct canvas *c, unsigned row, unsigned column, unsigned end)
{
	for (end = limit(c, end); row < c->height && column < end; column++)
		cell_at(c, row, column)->chosen = true;
}

void canvas_lay(struct canvas *c, unsigned row, const struct canvas *from, unsigned from_row, unsigned count)
{
	for (unsigned i = 0; i < count && row + i < c->height && from_row + i < from->height; i++)
		memcpy(cell_at(c, row + i, 0), from->cells + (size_t)(from_row + i) * from->width,
		       limit(c, from->width) * sizeof *c->cells);
}

const char *canvas_line(const struct canvas *c, unsigned row, char text[static CANVAS_LINE_TEXT])
{
	size_t len = 0, end = 0;

	for (unsigned i = 0; row < c->height && i < c->width; i++) {
		uint32_t code = c->cells[(size_t)row * c->width + i].code;

		if (!code)
			continue;
		len += utf8_put(code, (uint8_t *)text + len);
		if (code != ' ')
			end = len;
	}
	text[end] = '\0';
	return text;
}
