/* decoders/names.c - UTF-16 and bytes of unknown meaning, into UTF-8. */
#include "decoders/names.h"

#include "base/reader.h"
#include "base/utf8.h"

enum { REPLACEMENT = 0xfffd, SEQUENCE_MAX = 4 };

struct writer {
	uint8_t *at;
	size_t len, max;
	bool full;
};

static void put_code(struct writer *w, uint32_t code)
{
	uint8_t bytes[SEQUENCE_MAX];
	size_t len;

	if (utf8_is_harmful(code))
		code = REPLACEMENT;
	len = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	for (size_t i = len; i-- > 1; code >>= 6)
		bytes[i] = (uint8_t)(0x80 | (code & 0x3f));
	bytes[0] = (uint8_t)(len == 1 ? code : (0xf00u >> len & 0xf0u) | code);
	if (w->full || len > w->max - w->len) {
		w->full = true;
		return;
	}
	memcpy(w->at + w->len, bytes, len);
	w->len += len;
}

/* A surrogate pair makes one character (RFC 2781 section 2.2); half of one makes none. */
static uint32_t utf16_code(struct reader *r)
{
	uint32_t high = reader_le16(r), low;
	struct reader ahead = *r;

	if (high < 0xd800 || high > 0xdfff)
		return high;
	low = reader_le16(&ahead);
	if (high > 0xdbff || low < 0xdc00 || low > 0xdfff || !ahead.ok)
		return REPLACEMENT;
	*r = ahead;
	return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

/* False: nothing to write, or nowhere. */
static bool begin(struct writer *w, struct span bytes, size_t max, struct arena *arena, bool *cut)
{
	/* A byte becomes three at most. */
	size_t most = bytes.len > max / 3 ? max : bytes.len * 3;

	*w = (struct writer){ .max = most };
	if (!bytes.len)
		return false;
	w->at = arena_room(arena, most);
	*cut = *cut || !w->at;
	return w->at;
}

struct span name_utf16le(struct span bytes, size_t max, struct arena *arena, bool *cut)
{
	struct reader r = reader_on(bytes);
	struct writer w;

	if (!begin(&w, bytes, max, arena, cut))
		return (struct span){ NULL, 0 };
	while (r.left.len >= 2 && !w.full)
		put_code(&w, utf16_code(&r));
	*cut = *cut || w.full || r.left.len;
	return span_of(w.at, w.len);
}

struct span name_bytes(struct span bytes, size_t max, struct arena *arena, bool *cut)
{
	struct writer w;

	if (!begin(&w, bytes, max, arena, cut))
		return (struct span){ NULL, 0 };
	while (bytes.len && !w.full) {
		size_t len = utf8_len(bytes);

		put_code(&w, len ? utf8_code(bytes.at, len) : REPLACEMENT);
		span_take(&bytes, len ? len : 1);
	}
	*cut = *cut || w.full;
	return span_of(w.at, w.len);
}
