/* capture/numbers.c - chains by hash, and a list by use, both over one array. */
#include "capture/numbers.h"

#include <stdlib.h>

#include "base/hash.h"

bool numbers_init(struct numbers *n, size_t ceiling)
{
	enum { CEILING_MAX = 1 << 24 };
	uint32_t buckets = 16;

	*n = (struct numbers){ .ceiling = (uint32_t)(ceiling < CEILING_MAX ? ceiling : CEILING_MAX) };
	while (buckets < n->ceiling)
		buckets *= 2;
	n->mask = buckets - 1;
	n->entries = calloc((size_t)n->ceiling, sizeof *n->entries);
	n->buckets = calloc(buckets, sizeof *n->buckets);
	if (n->entries && n->buckets)
		return true;
	numbers_release(n);
	return false;
}

void numbers_release(struct numbers *n)
{
	free(n->entries);
	free(n->buckets);
	*n = (struct numbers){ 0 };
}

static struct numbers_entry *at(const struct numbers *n, uint32_t id)
{
	return &n->entries[id - 1];
}

static uint32_t *bucket(const struct numbers *n, uint64_t number)
{
	return &n->buckets[hash_mix(hash_key(), number) & n->mask];
}

static uint32_t find(const struct numbers *n, uint64_t number)
{
	uint32_t id = *bucket(n, number);

	while (id && at(n, id)->number != number)
		id = at(n, id)->next;
	return id;
}

/* ---- the list by use ---- */

static void unlist(struct numbers *n, uint32_t id)
{
	struct numbers_entry *e = at(n, id);

	if (e->older)
		at(n, e->older)->newer = e->newer;
	else
		n->oldest = e->newer;
	if (e->newer)
		at(n, e->newer)->older = e->older;
	else
		n->newest = e->older;
}

static void list(struct numbers *n, uint32_t id)
{
	struct numbers_entry *e = at(n, id);

	e->older = n->newest;
	e->newer = 0;
	if (n->newest)
		at(n, n->newest)->newer = id;
	else
		n->oldest = id;
	n->newest = id;
}

/* ---- the set ---- */

/* The place of the one longest unused. */
static uint32_t evict(struct numbers *n)
{
	uint32_t id = n->oldest, *link = bucket(n, at(n, id)->number);

	while (*link != id)
		link = &at(n, *link)->next;
	*link = at(n, id)->next;
	unlist(n, id);
	return id;
}

bool numbers_has(const struct numbers *n, uint64_t number)
{
	return find(n, number) != 0;
}

bool numbers_use(struct numbers *n, uint64_t number)
{
	uint32_t id = find(n, number);

	if (!id)
		return false;
	if (id != n->newest) {
		unlist(n, id);
		list(n, id);
	}
	return true;
}

bool numbers_add(struct numbers *n, uint64_t number)
{
	uint32_t id, *head;

	if (numbers_use(n, number))
		return false;
	id = n->count < n->ceiling ? ++n->count : evict(n);
	head = bucket(n, number);
	*at(n, id) = (struct numbers_entry){ .number = number, .next = *head };
	*head = id;
	list(n, id);
	return true;
}
