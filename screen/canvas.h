/* screen/canvas.h - lines of cells, to be painted or compared: all that a screen shows passes through here.
 *
 * A cell holds one character that every terminal measures alike.  What would
 * move the cursor or turn the text around it (controls, combining marks,
 * letters written from right to left, broken UTF-8) never becomes one.
 */
#ifndef SCREEN_CANVAS_H
#define SCREEN_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CANVAS_WIDTH_MAX = 400, CANVAS_HEIGHT_MAX = 300 };

/* What a text means; a terminal without colours has other means. */
enum shade {
	SHADE_PLAIN, SHADE_STRONG, SHADE_FAINT, SHADE_GOOD, SHADE_BAD, SHADE_WARN, SHADE_NOTE,
	SHADE_COUNT,
};

struct cell {
	uint32_t code;                  /* 0: the right half of a wide one */
	uint8_t shade;
	bool chosen;                    /* shown in reverse */
};

struct canvas {
	unsigned width, height;
	bool ascii;                     /* the terminal shows nothing else */
	struct cell *cells;
};

/* Lines of our own.  X(symbol, code point, where there is ASCII alone) */
#define GLYPHS(X)                               \
	X(ACROSS, 0x2500, '-')                  \
	X(DOWN,   0x2502, '|')                  \
	X(TO_RIGHT, 0x25b6, '>')                \
	X(TO_LEFT,  0x25c0, '<')                \
	X(CUT,    0x2026, '~')                  \
	X(LOST,   0x00d7, 'x')

#define X(symbol, code, ascii) GLYPH_##symbol,
enum glyph { GLYPHS(X) };
#undef X

/* All blank.  Sizes beyond the ceilings are cut.  False: out of memory, and nothing has changed. */
bool canvas_resize(struct canvas *c, unsigned width, unsigned height);
void canvas_release(struct canvas *c);
void canvas_clear(struct canvas *c);

/* Text from `column` up to before `end`; what does not fit ends in a mark that it was cut.  Rows and columns
 * beyond the canvas are nowhere.  The column after it. */
unsigned canvas_put(struct canvas *c, unsigned row, unsigned column, unsigned end, enum shade shade,
		    const char *text);
unsigned canvas_putf(struct canvas *c, unsigned row, unsigned column, unsigned end, enum shade shade,
		     const char *format, ...) __attribute__((format(printf, 6, 7)));

/* So that it ends before `end`. */
void canvas_put_right(struct canvas *c, unsigned row, unsigned column, unsigned end, enum shade shade,
		      const char *text);

/* The same glyph from `column` up to before `end`. */
void canvas_draw(struct canvas *c, unsigned row, unsigned column, unsigned end, enum shade shade,
		 enum glyph glyph);

/* Words from `column` on, further lines likewise; the row after the last, at most `end_row`. */
unsigned canvas_wrap(struct canvas *c, unsigned row, unsigned end_row, unsigned column, unsigned end,
		     enum shade shade, const char *text);

void canvas_choose(struct canvas *c, unsigned row, unsigned column, unsigned end);

/* Copies `count` lines of another canvas of the same width. */
void canvas_lay(struct canvas *c, unsigned row, const struct canvas *from, unsigned from_row, unsigned count);

/* Columns that the text takes. */
unsigned canvas_columns(const struct canvas *c, const char *text);

/* A line as UTF-8, without the blanks at its end. */
enum { CANVAS_LINE_TEXT = CANVAS_WIDTH_MAX * 4 + 1 };
const char *canvas_line(const struct canvas *c, unsigned row, char text[static CANVAS_LINE_TEXT]);

#endif
