/* veil/utf16.c - there and back again, unit by unit. */
#include "veil/utf16.h"

#include <string.h>

#include "base/reader.h"
#include "base/utf8.h"

enum { UNITS_MAX = 2048, ROOM = UNITS_MAX * 3 };

/* Bytes of a piece: all, or up to behind the last unit at which no word goes on. */
static size_t piece_of(struct span text)
{
	size_t len = text.len < 2 * UNITS_MAX ? text.len & ~(size_t)1 : 2 * UNITS_MAX;

	if (len == (text.len & ~(size_t)1))
		return len;
	for (size_t at = len; at > len / 2; at -= 2)
		if (!text.at[at - 1] && text.at[at - 2] && strchr(" <>\r\n\t;\"", text.at[at - 2]))
			return at;
	return len;
}

static void back(struct span utf8, uint8_t *to, size_t room)
{
	const uint8_t *end = to + room;

	while (utf8.len) {
		size_t some = utf8_len(utf8);
		uint32_t code = some ? utf8_code(utf8.at, some) : 'x';

		if (end - to < (code > 0xffff ? 4 : 2))
			return;
		if (code > 0xffff) {
			uint32_t high = 0xd800 + ((code - 0x10000) >> 10);

			*to++ = (uint8_t)high;
			*to++ = (uint8_t)(high >> 8);
			code = 0xdc00 + ((code - 0x10000) & 0x3ff);
		}
		*to++ = (uint8_t)code;
		*to++ = (uint8_t)(code >> 8);
		span_take(&utf8, some ? some : 1);
	}
	memset(to, 0, (size_t)(end - to));
}

void utf16_through(struct span text, uint8_t *to, void (*rewrite)(void *self, uint8_t *utf8, size_t len),
                   void *self)
{
	uint8_t utf8[ROOM + 4];

	while (text.len >= 2) {
		struct span piece = span_take(&text, piece_of(text));
		struct reader in = reader_on(piece);
		size_t len = 0;

		while (in.left.len >= 2)
			len += utf8_put(utf16_take(&in, UTF16_LE), utf8 + len);
		rewrite(self, utf8, len);
		back(span_of(utf8, len), to, piece.len);
		to += piece.len;
	}
	if (text.len)
		*to = 0;
}
