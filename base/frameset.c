/* base/frameset.c - a page is found by halving, or is the last. */
#include "base/frameset.h"

#include <stdlib.h>
#include <string.h>

void frameset_release(struct frameset *s)
{
	free(s->pages);
	*s = (struct frameset){ .count = 0 };
}

/* The first page that is not before `number`. */
static size_t page_at(const struct frameset *s, uint64_t number)
{
	size_t low = 0, high = s->count;

	if (s->count && s->pages[s->count - 1].number <= number)
		return s->count - (s->pages[s->count - 1].number == number);
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->pages[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool make_room(struct frameset *s)
{
	size_t room = s->room ? 2 * s->room : 16;
	struct frameset_page *more;

	if (s->count < s->room)
		return true;
	more = realloc(s->pages, room * sizeof *more);
	if (!more)
		return false;
	s->pages = more;
	s->room = room;
	return true;
}

bool frameset_add(struct frameset *s, uint64_t frame)
{
	uint64_t number = frame / FRAMESET_PAGE;
	unsigned bit = (unsigned)(frame % FRAMESET_PAGE);
	size_t at = page_at(s, number);
	uint64_t *word;

	if (at == s->count || s->pages[at].number != number) {
		if (!make_room(s))
			return false;
		memmove(s->pages + at + 1, s->pages + at, (s->count++ - at) * sizeof *s->pages);
		s->pages[at] = (struct frameset_page){ .number = number };
	}
	word = &s->pages[at].bits[bit / 64];
	s->size += !(*word >> bit % 64 & 1);
	*word |= UINT64_C(1) << bit % 64;
	return true;
}

bool frameset_has(const struct frameset *s, uint64_t frame)
{
	uint64_t number = frame / FRAMESET_PAGE;
	unsigned bit = (unsigned)(frame % FRAMESET_PAGE);
	size_t at = page_at(s, number);

	return at < s->count && s->pages[at].number == number &&
	       s->pages[at].bits[bit / 64] >> bit % 64 & 1;
}
