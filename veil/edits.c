/* veil/edits.c - ranges of each direction of each connection, sorted once all are known. */
#include "veil/edits.h"

#include <stdlib.h>

#include "base/map.h"

enum edit_what { EDIT_KEEP, EDIT_PUT, EDIT_FILL };

struct edit {
	uint64_t at, len;
	const uint8_t *bytes;           /* PUT; FILL: one */
	uint32_t order;                 /* of two at one place the later counts */
	enum edit_what what;
};

struct lane_edits {
	struct edit *edits;
	uint32_t count, room;
};

struct edits {
	struct map lanes;               /* connection and side -> struct lane_edits */
	struct arena bytes;
	struct budget *budget;
	uint64_t refused;
};

struct lane_key {
	uint8_t bytes[9];
};

struct edits *edits_new(struct budget *budget)
{
	struct edits *e = calloc(1, sizeof *e);

	if (!e)
		return NULL;
	e->budget = budget;
	map_init_on(&e->lanes, UINT32_MAX, budget);
	arena_init_on(&e->bytes, SIZE_MAX / 2, budget);
	return e;
}

void edits_free(struct edits *e)
{
	if (!e)
		return;
	for (size_t i = 0; i < e->lanes.count; i++) {
		struct lane_edits *lane = e->lanes.entries[i].value;

		budget_free(e->budget, lane->edits, lane->room * sizeof *lane->edits);
	}
	map_release_values(&e->lanes);
	arena_release(&e->bytes);
	free(e);
}

static struct lane_key key_of(uint64_t stream, enum side from)
{
	struct lane_key k;

	memcpy(k.bytes, &stream, sizeof stream);
	k.bytes[8] = (uint8_t)from;
	return k;
}

static struct lane_edits *lane_of(struct edits *e, uint64_t stream, enum side from)
{
	struct lane_key k = key_of(stream, from);

	return map_value(&e->lanes, span_of(k.bytes, sizeof k.bytes), sizeof(struct lane_edits));
}

static bool grow(struct edits *e, struct lane_edits *lane)
{
	uint32_t room = lane->room ? lane->room * 2 : 4;
	struct edit *more = budget_room(e->budget, room * sizeof *more);

	if (!more)
		return false;
	if (lane->count)
		memcpy(more, lane->edits, lane->count * sizeof *more);
	budget_free(e->budget, lane->edits, lane->room * sizeof *more);
	lane->edits = more;
	lane->room = room;
	return true;
}

/* What stays comes in many pieces that touch. */
static bool lengthen(struct lane_edits *lane, const struct edit *edit)
{
	struct edit *last;

	if (!lane->count || edit->what != EDIT_KEEP)
		return false;
	last = &lane->edits[lane->count - 1];
	if (last->what != EDIT_KEEP || last->at + last->len != edit->at)
		return false;
	last->len += edit->len;
	return true;
}

static void add(struct edits *e, uint64_t stream, enum side from, struct edit edit)
{
	struct lane_edits *lane = lane_of(e, stream, from);

	if (!edit.len || (lane && lengthen(lane, &edit)))
		return;
	if (!lane || (lane->count == lane->room && !grow(e, lane))) {
		e->refused++;
		return;
	}
	edit.order = lane->count;
	lane->edits[lane->count++] = edit;
}

void edits_keep(struct edits *e, uint64_t stream, enum side from, uint64_t at, uint64_t len)
{
	add(e, stream, from, (struct edit){ .at = at, .len = len, .what = EDIT_KEEP });
}

void edits_put(struct edits *e, uint64_t stream, enum side from, uint64_t at, struct span bytes)
{
	struct span copy = arena_copy(&e->bytes, bytes);

	if (bytes.len && !copy.at)
		e->refused++;
	else
		add(e, stream, from,
		    (struct edit){ .at = at, .len = bytes.len, .bytes = copy.at, .what = EDIT_PUT });
}

void edits_fill(struct edits *e, uint64_t stream, enum side from, uint64_t at, uint64_t len, uint8_t byte)
{
	struct span copy = byte ? arena_copy(&e->bytes, span_of(&byte, 1)) : span_of(NULL, 0);

	/* Zeros are what comes of it anyway, but somebody decided so. */
	add(e, stream, from, (struct edit){ .at = at, .len = len, .bytes = copy.at, .what = EDIT_FILL });
}

static int by_place(const void *one, const void *other)
{
	const struct edit *a = one, *b = other;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	return (a->order < b->order) - (a->order > b->order);
}

/* Takes off the front of each what the one before it has decided already. */
static void untangle(struct lane_edits *lane)
{
	uint64_t front = 0;

	for (uint32_t i = 0; i < lane->count; i++) {
		struct edit *edit = &lane->edits[i];
		uint64_t cut = edit->at < front ? front - edit->at : 0;

		if (cut > edit->len)
			cut = edit->len;
		if (edit->what == EDIT_PUT)
			edit->bytes += cut;
		edit->len -= cut;
		edit->at = edit->at < front ? front : edit->at;
		front = edit->at + edit->len;
	}
}

void edits_seal(struct edits *e)
{
	for (size_t i = 0; i < e->lanes.count; i++) {
		struct lane_edits *lane = e->lanes.entries[i].value;

		if (lane->count > 1)
			qsort(lane->edits, lane->count, sizeof *lane->edits, by_place);
		untangle(lane);
	}
}

static void apply(const struct edit *edit, uint64_t at, uint8_t *to, size_t len)
{
	switch (edit->what) {
	case EDIT_KEEP: break;
	case EDIT_PUT:  memcpy(to, edit->bytes + (at - edit->at), len); break;
	case EDIT_FILL: memset(to, edit->bytes ? *edit->bytes : 0, len); break;
	}
}

/* The first that ends behind that place. */
static uint32_t first_at(const struct lane_edits *lane, uint64_t at)
{
	uint32_t low = 0, high = lane->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct edit *edit = &lane->edits[middle];

		if (edit->at + edit->len <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t edits_apply(const struct edits *e, uint64_t stream, enum side from, uint64_t at, uint8_t *bytes,
                   size_t len)
{
	struct lane_key k = key_of(stream, from);
	const struct map_entry *entry = map_find(&e->lanes, span_of(k.bytes, sizeof k.bytes));
	const struct lane_edits *lane = entry ? entry->value : NULL;
	uint64_t const end = at + len;
	size_t blanked = 0;

	for (uint32_t i = lane ? first_at(lane, at) : 0; at < end;) {
		bool more = lane && i < lane->count && lane->edits[i].at < end;
		const struct edit *edit = more ? &lane->edits[i] : NULL;
		uint64_t begins = edit ? edit->at : end;
		size_t gap = begins > at ? (size_t)(begins - at) : 0;
		size_t some;

		memset(bytes, 0, gap);
		blanked += gap;
		bytes += gap;
		at += gap;
		if (!edit)
			break;
		some = (size_t)((edit->at + edit->len < end ? edit->at + edit->len : end) - at);
		apply(edit, at, bytes, some);
		bytes += some;
		at += some;
		i++;
	}
	return blanked;
}

uint64_t edits_refused(const struct edits *e)
{
	return e->refused;
}
