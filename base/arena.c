/* base/arena.c - a list of blocks, each twice the one before, up to a limit. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>

enum { FIRST_BLOCK = 1024, BLOCK_MAX = 64 * 1024 };

struct arena_block {
	struct arena_block *next;
	size_t len, room;
	alignas(max_align_t) uint8_t bytes[];
};

void arena_init(struct arena *a, size_t ceiling)
{
	arena_init_on(a, ceiling, NULL);
}

void arena_init_on(struct arena *a, size_t ceiling, struct budget *budget)
{
	*a = (struct arena){ .ceiling = ceiling, .budget = budget };
}

static size_t block_size(size_t room)
{
	return sizeof(struct arena_block) + room;
}

void arena_release(struct arena *a)
{
	while (a->blocks) {
		struct arena_block *next = a->blocks->next;

		a->held -= block_size(a->blocks->room);
		budget_free(a->budget, a->blocks, block_size(a->blocks->room));
		a->blocks = next;
	}
	a->used = 0;
}

void arena_reset(struct arena *a)
{
	struct arena_block *keep = a->blocks;

	if (keep) {
		a->blocks = keep->next;
		arena_release(a);
		keep->next = NULL;
		keep->len = 0;
		a->blocks = keep;
	}
	a->used = 0;
}

static struct arena_block *block_for(struct arena *a, size_t len)
{
	size_t room = a->blocks ? a->blocks->room * 2 : FIRST_BLOCK;
	struct arena_block *block;

	if (room > BLOCK_MAX)
		room = BLOCK_MAX;
	if (room < len)
		room = len;
	block = budget_room(a->budget, block_size(room));
	if (!block)
		return NULL;
	a->held += block_size(room);
	*block = (struct arena_block){ .next = a->blocks, .room = room };
	a->blocks = block;
	return block;
}

void *arena_room(struct arena *a, size_t len)
{
	size_t const step = alignof(max_align_t);
	struct arena_block *block = a->blocks;
	void *at;

	if (len > a->ceiling || len > SIZE_MAX / 2)
		return NULL;
	len = (len + step - 1) / step * step;
	if (len > a->ceiling - a->used)
		return NULL;
	if (!block || block->room - block->len < len)
		block = block_for(a, len);
	if (!block)
		return NULL;
	at = block->bytes + block->len;
	block->len += len;
	a->used += len;
	return at;
}

void *arena_alloc(struct arena *a, size_t len)
{
	void *at = arena_room(a, len);

	return at ? memset(at, 0, len) : NULL;
}

struct span arena_copy(struct arena *a, struct span bytes)
{
	uint8_t *at = arena_room(a, bytes.len ? bytes.len : 1);

	if (!at)
		return (struct span){ NULL, 0 };
	if (bytes.len)
		memcpy(at, bytes.at, bytes.len);
	return span_of(at, bytes.len);
}

const char *arena_text(struct arena *a, struct span bytes)
{
	char *at = arena_alloc(a, bytes.len + 1);

	if (at && bytes.len)
		memcpy(at, bytes.at, bytes.len);
	return at;
}
