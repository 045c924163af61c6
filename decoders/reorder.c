/* decoders/reorder.c - a sorted list of slots, searched by halves: a stranger may send a million small
 * segments to any place, so no push may walk the list to find it. */
#include "decoders/reorder.h"

#include <stdlib.h>

enum {
	FIRST_ROOM = 8,
	APART_MAX = REORDER_PIECES_MAX / 2,     /* more pieces than this grow together ... */
	JOINED_MAX = 2048,                      /* ... to so many bytes: what one costs to move */
};

/* With what the allocator adds: pieces may be of one byte. */
static size_t piece_size(uint64_t captured)
{
	return 2 * sizeof(size_t) + sizeof(struct piece) + (size_t)captured;
}

void piece_free(struct piece *piece)
{
	free(piece);
}

static struct reorder_slot *slot_at(const struct reorder *r, uint32_t i)
{
	return &r->slots[r->first + i];
}

/* A slot at either end goes, and its piece is the caller's. */
static struct piece *drop_slot(struct reorder *r, struct budget *budget, bool front)
{
	struct piece *piece = slot_at(r, front ? 0 : r->count - 1)->piece;

	r->first += front;
	r->count--;
	r->size -= piece_size(piece->captured);
	budget_give(budget, piece_size(piece->captured));
	if (!r->count) {
		budget_free(budget, r->slots, r->room * sizeof *r->slots);
		r->slots = NULL;
		r->first = r->room = 0;
	}
	return piece;
}

void reorder_release(struct reorder *r, struct budget *budget)
{
	reorder_cut(r, budget, 0);
}

void reorder_cut(struct reorder *r, struct budget *budget, uint64_t offset)
{
	while (r->count && slot_at(r, r->count - 1)->offset >= offset)
		piece_free(drop_slot(r, budget, false));
}

struct piece *reorder_take(struct reorder *r, struct budget *budget)
{
	struct piece *piece;

	if (!r->count || reorder_gap(r))
		return NULL;
	piece = drop_slot(r, budget, true);
	r->front += piece->len;
	return piece;
}

/* The part [from, to) of what was captured of a segment. */
static struct span part(const struct segment *s, uint64_t from, uint64_t to)
{
	struct span bytes = span_skip(s->bytes, (size_t)(from - s->offset));

	return span_take(&bytes, (size_t)(to - from));
}

/* Two skipped ranges that touch are one: a download behind a gap costs one piece. */
static bool extend(struct reorder_slot *before, const struct segment *s, uint64_t from, uint64_t to)
{
	if (!before || !before->piece->skipped || !s->skip || before->end != from)
		return false;
	before->end = to;
	before->piece->len += to - from;
	before->piece->mark = s->mark;
	return true;
}

/* Both are whole, and small. */
static bool may_join(const struct reorder *r, const struct reorder_slot *before, const struct segment *s,
                     uint64_t from, uint64_t to)
{
	const struct piece *piece = before->piece;

	return piece && r->count >= APART_MAX && before->end == from && to - before->offset <= JOINED_MAX &&
	       !piece->skipped && !s->skip && piece->captured == piece->len && s->offset + s->bytes.len >= to;
}

/* Where many wait, those that touch become one, of the last one's frame, rather than that a gap is given up
 * for their number. */
static bool join(struct reorder *r, struct budget *budget, struct reorder_slot *before,
                 const struct segment *s, uint64_t from, uint64_t to)
{
	size_t const more = (size_t)(to - from);
	struct piece *piece;

	if (!before || !may_join(r, before, s, from, to) || r->size + more > REORDER_BYTES_MAX ||
	    !budget_take(budget, more))
		return false;
	piece = realloc(before->piece, piece_size(before->piece->captured + more));
	if (!piece) {
		budget_give(budget, more);
		return false;
	}
	memcpy(piece->bytes + piece->captured, part(s, from, to).at, more);
	piece->captured += (uint32_t)more;
	piece->len += more;
	piece->mark = s->mark;
	before->piece = piece;
	before->end = to;
	r->size += more;
	return true;
}

static bool grow_slots(struct reorder *r, struct budget *budget)
{
	uint32_t const room = r->room ? r->room * 2 : FIRST_ROOM;
	size_t const more = (room - r->room) * sizeof *r->slots;
	struct reorder_slot *slots;

	if (!budget_take(budget, more))
		return false;
	slots = realloc(r->slots, room * sizeof *slots);
	if (!slots) {
		budget_give(budget, more);
		return false;
	}
	r->slots = slots;
	r->room = room;
	return true;
}

/* An empty slot before the i-th; NULL: no room. */
static struct reorder_slot *open_slot(struct reorder *r, struct budget *budget, uint32_t i)
{
	if (r->first + r->count == r->room && r->first > r->count) {
		memmove(r->slots, slot_at(r, 0), r->count * sizeof *r->slots);
		r->first = 0;
	} else if (r->first + r->count == r->room && !grow_slots(r, budget)) {
		return NULL;
	}
	memmove(slot_at(r, i + 1), slot_at(r, i), (r->count - i) * sizeof *r->slots);
	r->count++;
	return slot_at(r, i);
}

/* [from, to) of the segment becomes the i-th piece.  False: no room. */
static bool insert(struct reorder *r, struct budget *budget, uint32_t i,
                   const struct segment *s, uint64_t from, uint64_t to)
{
	struct span bytes = s->skip ? (struct span){ NULL, 0 } : part(s, from, to);
	size_t size = piece_size(bytes.len);
	struct piece *piece = budget_room(budget, size);
	struct reorder_slot *slot = piece ? open_slot(r, budget, i) : NULL;

	if (!slot) {
		budget_free(budget, piece, size);
		return false;
	}
	slot->offset = from;
	slot->end = to;
	slot->piece = piece;
	*piece = (struct piece){
		.len = to - from,
		.mark = s->mark,
		.skipped = s->skip,
		.captured = (uint32_t)bytes.len,
	};
	if (bytes.len)
		memcpy(piece->bytes, bytes.at, bytes.len);
	r->size += size;
	return true;
}

/* Whether the captured bytes of both differ where they overlap. */
static bool differ(const struct reorder_slot *slot, const struct segment *s)
{
	uint64_t const from = slot->offset > s->offset ? slot->offset : s->offset;
	uint64_t to = s->offset + s->bytes.len;

	if (from >= to)                 /* the segment is captured so far only: no look at the piece */
		return false;
	if (slot->offset + slot->piece->captured < to)
		to = slot->offset + slot->piece->captured;
	return from < to && memcmp(slot->piece->bytes + (from - slot->offset),
	                           s->bytes.at + (from - s->offset), (size_t)(to - from)) != 0;
}

static bool room_for(const struct reorder *r, const struct segment *s)
{
	size_t size = piece_size(s->skip ? 0 : s->bytes.len);

	return r->count < REORDER_PIECES_MAX && r->size + size <= REORDER_BYTES_MAX;
}

/* How many slots begin at or below `offset`.  Segments mostly belong to the end. */
static uint32_t slots_below(const struct reorder *r, uint64_t offset)
{
	uint32_t low = 0, high = r->count;

	if (high && slot_at(r, high - 1)->offset <= offset)
		return high;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (slot_at(r, middle)->offset <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct reorder_result reorder_push(struct reorder *r, struct budget *budget,
                                   const struct segment *s)
{
	struct reorder_result result = { 0 };
	uint64_t at = s->offset > r->front ? s->offset : r->front;
	uint64_t const end = s->offset + s->len;
	uint32_t i = slots_below(r, at);        /* of the first slot that begins above `at` */

	while (at < end) {
		struct reorder_slot *before = i ? slot_at(r, i - 1) : NULL;
		uint64_t to = i < r->count && slot_at(r, i)->offset < end ? slot_at(r, i)->offset : end;

		if (before && before->end > at) {
			result.conflict |= differ(before, s);
			at = before->end;
			continue;
		}
		if (to == at) {
			i++;
			continue;
		}
		if (!extend(before, s, at, to) && !join(r, budget, before, s, at, to)) {
			if (!room_for(r, s) || !insert(r, budget, i, s, at, to)) {
				result.full = true;
				return result;
			}
			i++;
		}
		result.fresh += to - at;
		at = to;
	}
	return result;
}
