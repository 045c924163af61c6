/* decoders/reorder.h - one direction's bytes by stream offset: what waits behind a gap.
 *
 *   push(offset, bytes) -> pieces in order, none overlapping -> take() while the front is there
 *
 * In-order data never comes here: its owner hands it on in place and moves the
 * front.  Copied is only what waits, and not even that when nobody needs its bytes
 * (`skipped`).  The first copy of a byte wins.  Pieces, bytes and the budget that all
 * buffers share have ceilings, and a push stops where it would pass one; small pieces that touch
 * are joined before there are too many.
 */
#ifndef DECODERS_REORDER_H
#define DECODERS_REORDER_H

#include "base/budget.h"
#include "decoders/stack.h"

enum { REORDER_PIECES_MAX = 4096, REORDER_BYTES_MAX = 4 << 20 };

struct piece {
	uint64_t len;
	struct mark mark;               /* of its frame (of the last one, when skipped or joined) */
	bool skipped;                   /* its bytes were not kept, because nobody needs them */
	uint32_t captured;              /* bytes[]; fewer than len: the capture cut the packet */
	uint8_t bytes[];
};

struct reorder_slot {                   /* what a search compares lies together */
	uint64_t offset, end;
	struct piece *piece;
};

struct reorder {
	uint64_t front;                 /* all below was handed on or given up */
	struct reorder_slot *slots;     /* by offset; NULL while nothing waits */
	uint32_t first, count, room;    /* slots in use: `count` from `first` on */
	size_t size;                    /* bytes of memory that the pieces take */
};

struct segment {
	uint64_t offset, len;
	struct span bytes;              /* captured; at most len */
	bool skip;                      /* nobody needs the bytes */
	struct mark mark;
};

struct reorder_result {
	bool full;                      /* a ceiling: not all of it was kept */
	bool conflict;                  /* bytes differ from the copy that came first */
	uint64_t fresh;                 /* bytes that were new */
};

void reorder_release(struct reorder *r, struct budget *budget);

/* Keeps of the segment what is above the front and not there yet. */
struct reorder_result reorder_push(struct reorder *r, struct budget *budget,
                                   const struct segment *s);

/* The piece at the front, now the caller's, and the front moved behind it; NULL: a gap, or
 * nothing. */
struct piece *reorder_take(struct reorder *r, struct budget *budget);
void piece_free(struct piece *piece);

/* From the front to the first piece that waits; 0: nothing waits. */
static inline uint64_t reorder_gap(const struct reorder *r)
{
	return r->count ? r->slots[r->first].offset - r->front : 0;
}

/* Drops what waits from `offset` on. */
void reorder_cut(struct reorder *r, struct budget *budget, uint64_t offset);

#endif
