/* veil/freetext.c - words by keyed bytes. */
#include "veil/freetext.h"

static uint8_t hidden(uint8_t c, uint8_t drawn)
{
	uint8_t lower = c | 0x20;

	if (c >= '0' && c <= '9')
		return (uint8_t)('0' + drawn % 10);
	if (lower >= 'a' && lower <= 'z')
		return (uint8_t)((c & 0x20) + 'A' + drawn % 26);
	return c < 0x80 ? c : 'x';
}

void freetext_hide(const struct names *names, struct span text, uint8_t *to)
{
	enum { PIECE = 256 };
	uint8_t drawn[PIECE];

	while (text.len) {
		struct span piece = span_take(&text, PIECE);

		names_bytes(names, piece, drawn);
		for (size_t i = 0; i < piece.len; i++)
			to[i] = hidden(piece.at[i], drawn[i]);
		to += piece.len;
	}
}
