/* decoders/fragcache.c - one block an entry: what was told, then the text, then the texts that it told. */
#include "decoders/fragcache.h"

#include <stdlib.h>

#include "base/hash.h"

enum { SLOTS = 8192, HELD_MAX = 6 * 1024 * 1024 };      /* a power of two; bytes */

#define X(member) +1
enum { SPANS = WSUS_UPDATE_TEXTS(X) };  /* texts of an update */
#undef X

struct entry {
	size_t size;
	struct span text;
	struct fragtold told;
	uint8_t bytes[];
};

struct fragcache {
	struct budget *budget;
	size_t held;                    /* bytes of entries */
	size_t hand;                    /* whose turn it is to make room */
	struct entry *slots[SLOTS];
};

struct fragcache *fragcache_new(struct budget *budget)
{
	struct fragcache *c = budget_alloc(budget, sizeof *c);

	if (c)
		c->budget = budget;
	return c;
}

static void discard(struct fragcache *c, size_t slot)
{
	struct entry *e = c->slots[slot];

	if (!e)
		return;
	c->slots[slot] = NULL;
	c->held -= e->size;
	budget_free(c->budget, e, e->size);
}

void fragcache_free(struct fragcache *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < SLOTS; i++)
		discard(c, i);
	budget_free(c->budget, c, sizeof *c);
}

static size_t slot_of(struct span text)
{
	return hash_bytes(hash_key(), text) % SLOTS;
}

const struct fragtold *fragcache_find(const struct fragcache *c, struct span text)
{
	const struct entry *e = c->slots[slot_of(text)];

	return e && span_eq(e->text, text) ? &e->told : NULL;
}

/* All that lies elsewhere. */
static size_t spans_of(struct fragtold *told, struct span *to[static SPANS + FRAGCACHE_FILES])
{
	struct wsus_update *u = &told->update;
	size_t count = 0;

#define X(member) to[count++] = &u->member;
	WSUS_UPDATE_TEXTS(X)
#undef X
	for (size_t i = 0; i < told->file_count; i++)
		to[count++] = &told->files[i].name;
	return count;
}

static struct span move(struct span from, uint8_t **to)
{
	struct span moved = span_of(*to, from.len);

	if (from.len)
		memcpy(*to, from.at, from.len);
	*to += from.len;
	return moved;
}

void fragcache_keep(struct fragcache *c, struct span text, const struct fragtold *told)
{
	struct span *spans[SPANS + FRAGCACHE_FILES];
	struct fragtold copy = *told;
	size_t count, size = sizeof(struct entry) + text.len, slot = slot_of(text);
	struct entry *e;
	uint8_t *at;

	if (told->file_count > FRAGCACHE_FILES)
		return;
	count = spans_of(&copy, spans);
	for (size_t i = 0; i < count; i++)
		size += spans[i]->len;
	discard(c, slot);
	while (c->held && c->held + size > HELD_MAX)
		discard(c, c->hand++ % SLOTS);
	e = budget_room(c->budget, size);
	if (!e)
		return;
	at = e->bytes;
	e->size = size;
	e->text = move(text, &at);
	for (size_t i = 0; i < count; i++)
		*spans[i] = move(*spans[i], &at);
	e->told = copy;
	c->slots[slot] = e;
	c->held += size;
}
