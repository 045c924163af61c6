/* decoders/names.c - UTF-16 and bytes of unknown meaning, into UTF-8. */
#include "decoders/names.h"

#include "base/utf8.h"

enum { REPLACEMENT = 0xfffd };

struct writer {
	uint8_t *at;
	size_t len, max;
	bool full;
};

static void put_code(struct writer *w, uint32_t code)
{
	uint8_t bytes[4];
	size_t len = utf8_put(utf8_is_harmful(code) ? REPLACEMENT : code, bytes);

	if (w->full || len > w->max - w->len) {
		w->full = true;
		return;
	}
	memcpy(w->at + w->len, bytes, len);
	w->len += len;
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
		put_code(&w, utf16_take(&r, UTF16_LE));
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
