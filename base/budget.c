/* base/budget.c - one sum, and the sums it is part of. */
#include "base/budget.h"

#include <stdlib.h>
#include <string.h>

static bool fits(const struct budget *b, size_t len)
{
	return b->used <= b->ceiling && len <= b->ceiling - b->used;
}

struct budget budget_part(struct budget *whole, size_t parts)
{
	return (struct budget){ .ceiling = whole ? whole->ceiling / parts : SIZE_MAX, .whole = whole };
}

bool budget_has(const struct budget *b, size_t len)
{
	while (b && fits(b, len))
		b = b->whole;
	return !b;
}

bool budget_take(struct budget *b, size_t len)
{
	if (!b)
		return true;
	if (!fits(b, len)) {
		b->refused++;
		return false;
	}
	if (!budget_take(b->whole, len))
		return false;
	b->used += len;
	return true;
}

void budget_add(struct budget *b, size_t len)
{
	for (; b; b = b->whole)
		b->used += len;
}

void budget_give(struct budget *b, size_t len)
{
	for (; b; b = b->whole)
		b->used -= len;
}

void *budget_room(struct budget *b, size_t size)
{
	void *at;

	if (!budget_take(b, size))
		return NULL;
	at = malloc(size);
	if (!at)
		budget_give(b, size);
	return at;
}

void *budget_alloc(struct budget *b, size_t size)
{
	void *at = budget_room(b, size);

	return at ? memset(at, 0, size) : NULL;
}

void budget_free(struct budget *b, void *at, size_t size)
{
	if (at)
		budget_give(b, size);
	free(at);
}
