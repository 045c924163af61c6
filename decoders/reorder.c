/* decoders/reorder.c - a list of pieces, searched from its end, where segments mostly belong. */
#include "decoders/reorder.h"

#include <stdlib.h>

static uint64_t piece_end(const struct piece *piece)
{
	return piece->offset + piece->len;
}

static size_t piece_size(uint64_t captured)
{
	return sizeof(struct piece) + (size_t)captured;
}

void piece_free(struct piece *piece)
{
	free(piece);
}

static void unlink_piece(struct reorder *r, struct reorder_budget *budget, struct piece *piece)
{
	if (piece->previous)
		piece->previous->next = piece->next;
	else
		r->first = piece->next;
	if (piece->next)
		piece->next->previous = piece->previous;
	else
		r->last = piece->previous;
	r->count--;
	r->size -= piece_size(piece->captured);
	budget->used -= piece_size(piece->captured);
}

void reorder_release(struct reorder *r, struct reorder_budget *budget)
{
	reorder_cut(r, budget, 0);
}

void reorder_cut(struct reorder *r, struct reorder_budget *budget, uint64_t offset)
{
	while (r->last && r->last->offset >= offset) {
		struct piece *piece = r->last;

		unlink_piece(r, budget, piece);
		piece_free(piece);
	}
}

struct piece *reorder_take(struct reorder *r, struct reorder_budget *budget)
{
	struct piece *piece = r->first;

	if (!piece || piece->offset != r->front)
		return NULL;
	unlink_piece(r, budget, piece);
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
static bool extend(struct piece *before, const struct segment *s, uint64_t from, uint64_t to)
{
	if (!before || !before->skipped || !s->skip || piece_end(before) != from)
		return false;
	before->len += to - from;
	before->mark = s->mark;
	return true;
}

/* [from, to) of the segment becomes a piece behind `before` (the first, when NULL), or lengthens
 * it. Returns the piece that ends at `to`; NULL: out of memory. */
static struct piece *insert(struct reorder *r, struct reorder_budget *budget, struct piece *before,
                            const struct segment *s, uint64_t from, uint64_t to)
{
	struct span bytes = s->skip ? (struct span){ NULL, 0 } : part(s, from, to);
	size_t size = piece_size(bytes.len);
	struct piece *piece;

	if (extend(before, s, from, to))
		return before;
	piece = malloc(size);
	if (!piece)
		return NULL;
	*piece = (struct piece){
		.next = before ? before->next : r->first,
		.previous = before,
		.offset = from,
		.len = to - from,
		.mark = s->mark,
		.skipped = s->skip,
		.captured = (uint32_t)bytes.len,
	};
	if (bytes.len)
		memcpy(piece->bytes, bytes.at, bytes.len);
	*(before ? &before->next : &r->first) = piece;
	*(piece->next ? &piece->next->previous : &r->last) = piece;
	r->count++;
	r->size += size;
	budget->used += size;
	return piece;
}

/* Whether the captured bytes of both differ where they overlap. */
static bool differ(const struct piece *piece, const struct segment *s)
{
	uint64_t from = piece->offset > s->offset ? piece->offset : s->offset;
	uint64_t a_end = piece->offset + piece->captured, b_end = s->offset + s->bytes.len;
	uint64_t to = a_end < b_end ? a_end : b_end;

	if (from >= to)
		return false;
	return memcmp(piece->bytes + (from - piece->offset), s->bytes.at + (from - s->offset),
	              (size_t)(to - from)) != 0;
}

static bool room_for(const struct reorder *r, const struct reorder_budget *budget,
                     const struct segment *s)
{
	size_t size = piece_size(s->skip ? 0 : s->bytes.len);

	return r->count < REORDER_PIECES_MAX && r->size + size <= REORDER_BYTES_MAX &&
	       budget->used + size <= budget->ceiling;
}

/* The last piece that begins at or below `offset`. */
static struct piece *piece_before(const struct reorder *r, uint64_t offset)
{
	struct piece *piece = r->last;

	while (piece && piece->offset > offset)
		piece = piece->previous;
	return piece;
}

struct reorder_result reorder_push(struct reorder *r, struct reorder_budget *budget,
                                   const struct segment *s)
{
	struct reorder_result result = { 0 };
	uint64_t at = s->offset > r->front ? s->offset : r->front;
	uint64_t const end = s->offset + s->len;
	struct piece *before = piece_before(r, at);

	while (at < end) {
		const struct piece *next = before ? before->next : r->first;
		uint64_t to = next && next->offset < end ? next->offset : end;

		if (before && piece_end(before) > at) {
			result.conflict |= differ(before, s);
			at = piece_end(before);
		} else if (to == at) {
			before = before ? before->next : r->first;
		} else {
			struct piece *added = NULL;

			if (room_for(r, budget, s))
				added = insert(r, budget, before, s, at, to);
			if (!added) {
				result.full = true;
				return result;
			}
			before = added;
			result.fresh += to - at;
			at = to;
		}
	}
	return result;
}
