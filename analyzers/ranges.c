/* analyzers/ranges.c - an ordered list of pieces that do not touch. */
#include "analyzers/ranges.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM_FIRST = 4 };

void ranges_release(struct ranges *r)
{
	free(r->pieces);
	*r = (struct ranges){ NULL, 0, 0, 0, 0, false };
}

/* The first piece that ends at `first` or behind it, or just before it. */
static size_t place_of(const struct ranges *r, uint64_t first)
{
	size_t low = 0, high = r->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (first && r->pieces[middle].last < first - 1)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool touches(const struct range_piece *p, uint64_t last)
{
	return last == UINT64_MAX || p->first <= last + 1;
}

/* How many bytes of the two are the same. */
static uint64_t common(const struct range_piece *p, uint64_t first, uint64_t last)
{
	uint64_t from = p->first > first ? p->first : first, to = p->last < last ? p->last : last;

	return from <= to ? to - from + 1 : 0;
}

static bool make_room(struct ranges *r)
{
	size_t room = r->room ? r->room * 2 : ROOM_FIRST;
	struct range_piece *pieces;

	if (r->count < r->room)
		return true;
	pieces = r->room < RANGES_MAX ? realloc(r->pieces, room * sizeof *pieces) : NULL;
	if (!pieces)
		return false;
	r->pieces = pieces;
	r->room = room;
	return true;
}

void ranges_add(struct ranges *r, uint64_t first, uint64_t last)
{
	size_t at = place_of(r, first), end = at;
	struct range_piece all = { first, last };
	uint64_t again = 0;

	for (; end < r->count && touches(&r->pieces[end], last); end++) {
		again += common(&r->pieces[end], first, last);
		if (r->pieces[end].first < all.first)
			all.first = r->pieces[end].first;
		if (r->pieces[end].last > all.last)
			all.last = r->pieces[end].last;
	}
	r->twice += again;
	r->bytes += last - first + 1 - again;
	if (end == at && !make_room(r)) {
		r->scattered = true;
		return;
	}
	memmove(&r->pieces[at + 1], &r->pieces[end], (r->count - end) * sizeof *r->pieces);
	r->count -= end - at;
	r->pieces[at] = all;
	r->count++;
}

bool ranges_overlap(const struct ranges *r, uint64_t first, uint64_t last)
{
	for (size_t at = place_of(r, first); at < r->count && touches(&r->pieces[at], last); at++)
		if (common(&r->pieces[at], first, last))
			return true;
	return false;
}

bool ranges_whole(const struct ranges *r, uint64_t total)
{
	return total && r->count && !r->pieces[0].first && r->pieces[0].last >= total - 1;
}
