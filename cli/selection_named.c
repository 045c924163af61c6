/* cli/selection_named.c - frames that are wanted whatever their conversation is, in order. */
#include "cli/selectionstate.h"

#include <stdlib.h>

void selection_add_named(struct selection *s, uint64_t frame, uint32_t owner, enum selection_reason reason)
{
	size_t room = s->named_room ? 2 * s->named_room : 64;
	struct named *more;

	if (s->named_count == s->named_room) {
		more = realloc(s->named, room * sizeof *more);
		if (!more) {
			s->failed = true;
			return;
		}
		s->named = more;
		s->named_room = room;
	}
	s->named[s->named_count++] = (struct named){ frame, owner, reason };
}

static int by_frame(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	if (x->frame != y->frame)
		return x->frame < y->frame ? -1 : 1;
	if (x->reason != y->reason)
		return x->reason < y->reason ? -1 : 1;
	return x->owner < y->owner ? -1 : x->owner > y->owner;
}

void selection_sort_named(struct selection *s)
{
	if (s->named_count)
		qsort(s->named, s->named_count, sizeof *s->named, by_frame);
	s->named_sorted = s->named_count;
}

bool selection_is_at(const struct selection *s, size_t at, uint64_t frame)
{
	return at < s->named_sorted && s->named[at].frame == frame;
}

size_t selection_named_at(const struct selection *s, uint64_t frame)
{
	size_t low = 0, high = s->named_sorted;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->named[middle].frame < frame)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
