/* decoders/peel_wire.c - tags to numbers and words. */
#include "decoders/peel_wire.h"

#include <inttypes.h>
#include <stdio.h>

enum {
	WIRES_MAX = 65536,
	WIRE_TEXT = WIRE_TAGS * 24,
	TEXTS_MAX = WIRES_MAX * WIRE_TEXT,
};

static const char *const kinds[] = {
#define X(symbol, name) [WIRE_##symbol] = name,
	WIRE_KINDS(X)
#undef X
};

void wires_init(struct wires *w)
{
	map_init(&w->names, WIRES_MAX);
	arena_init(&w->texts, TEXTS_MAX);
	w->last = 0;
}

void wires_release(struct wires *w)
{
	map_release(&w->names);
	arena_release(&w->texts);
}

static const char *write_text(struct wires *w, const struct wire_tag *tags, size_t count)
{
	char text[WIRE_TEXT];
	size_t len = 0;

	for (size_t i = 0; i < count; i++)
		len += (size_t)snprintf(text + len, sizeof text - len, "%s%s %" PRIu32, i ? ", " : "",
					kinds[tags[i].kind], tags[i].id);
	return arena_text(&w->texts, span_of(text, len));
}

uint32_t wires_number(struct wires *w, const struct wire_tag *tags, size_t count,
		      struct limits *limits)
{
	struct span key = span_of(tags, count * sizeof *tags);
	struct map_entry *e;

	if (w->last && span_eq(w->names.entries[w->last - 1].key, key))
		return w->last;
	e = map_put(&w->names, key);
	if (!e) {
		limit_add(limits, LIMIT_WIRE_CEILING, 1);
		return WIRES_MAX + 1;
	}
	if (!e->value)
		e->value = (void *)(uintptr_t)write_text(w, tags, count);
	w->last = (uint32_t)(e - w->names.entries) + 1;
	return w->last;
}

const char *wires_text(const struct wires *w, uint32_t wire)
{
	const char *text;

	if (!wire)
		return "";
	text = wire <= w->names.count ? w->names.entries[wire - 1].value : NULL;
	return text ? text : "one of many wires";
}
