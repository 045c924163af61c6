/* analyzers/ranges.h - which bytes of a file have come, in pieces and in any order.
 *
 * Pieces that touch become one.  RANGES_MAX of them are told apart: of a file in more pieces only the sum is
 * known.
 */
#ifndef ANALYZERS_RANGES_H
#define ANALYZERS_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RANGES_MAX = 256 };

struct range_piece {
	uint64_t first, last;
};

struct ranges {                         /* all zero: nothing has come */
	struct range_piece *pieces;     /* by place, none touches the next */
	size_t count, room;
	uint64_t bytes;                 /* that came, each counted once */
	uint64_t twice;                 /* that came again */
	bool scattered;                 /* more pieces than are kept: bytes and twice are of little worth */
};

void ranges_release(struct ranges *r);

/* first <= last. */
void ranges_add(struct ranges *r, uint64_t first, uint64_t last);

/* Some of these bytes came before. */
bool ranges_overlap(const struct ranges *r, uint64_t first, uint64_t last);

/* All of the file's `total` bytes have come. */
bool ranges_whole(const struct ranges *r, uint64_t total);

#endif
