/* base/map.c - open addressing over a dense list of entries. */
#include "base/map.h"

#include <stdlib.h>

#include "base/hash.h"

void map_init_on(struct map *m, size_t ceiling, struct budget *budget)
{
	*m = (struct map){ .ceiling = ceiling < UINT32_MAX ? ceiling : UINT32_MAX - 1, .budget = budget };
	arena_init_on(&m->keys, SIZE_MAX / 2, budget);
}

void map_init(struct map *m, size_t ceiling)
{
	map_init_on(m, ceiling, NULL);
}

void map_release(struct map *m)
{
	free(m->entries);
	free(m->slots);
	arena_release(&m->keys);
	budget_give(m->budget, m->drawn);
	map_init_on(m, m->ceiling, m->budget);
}

static bool draw(struct map *m, size_t len)
{
	if (!budget_take(m->budget, len))
		return false;
	m->drawn += len;
	return true;
}

static void give(struct map *m, size_t len)
{
	budget_give(m->budget, len);
	m->drawn -= len;
}

static uint32_t tag_of(uint64_t hash)
{
	return (uint32_t)(hash >> 32);
}

static size_t slot_of(const struct map *m, struct span key, uint64_t hash)
{
	size_t at = hash & (m->slot_count - 1);

	for (; m->slots[at].entry; at = (at + 1) & (m->slot_count - 1))
		if (m->slots[at].tag == tag_of(hash) &&
		    span_eq(m->entries[m->slots[at].entry - 1].key, key))
			break;
	return at;
}

struct map_entry *map_find(const struct map *m, struct span key)
{
	size_t at;

	if (!m->count)
		return NULL;
	at = slot_of(m, key, hash_bytes(hash_key(), key));
	return m->slots[at].entry ? &m->entries[m->slots[at].entry - 1] : NULL;
}

/* The keys of a map differ, so they need no comparing. */
static bool grow_slots(struct map *m)
{
	size_t count = m->slot_count ? m->slot_count * 2 : 16;
	struct map_slot *slots = draw(m, count * sizeof *slots) ? calloc(count, sizeof *slots) : NULL;

	if (!slots)
		return false;
	for (size_t i = 0; i < m->count; i++) {
		uint64_t hash = m->entries[i].hash;
		size_t at = hash & (count - 1);

		while (slots[at].entry)
			at = (at + 1) & (count - 1);
		slots[at] = (struct map_slot){ (uint32_t)i + 1, tag_of(hash) };
	}
	free(m->slots);
	give(m, m->slot_count * sizeof *slots);
	m->slots = slots;
	m->slot_count = count;
	return true;
}

static bool grow_entries(struct map *m)
{
	size_t room = m->room ? m->room * 2 : 8;
	size_t more = (room - m->room) * sizeof(struct map_entry);
	struct map_entry *entries = draw(m, more) ? realloc(m->entries, room * sizeof *entries) : NULL;

	if (!entries)
		return false;
	m->entries = entries;
	m->room = room;
	return true;
}

struct map_entry *map_put(struct map *m, struct span key)
{
	uint64_t hash = hash_bytes(hash_key(), key);
	size_t at = m->slot_count ? slot_of(m, key, hash) : 0;
	struct map_entry *e;
	struct span copy;

	/* Whoever is there already is found also when no memory is left to grow by. */
	if (m->slot_count && m->slots[at].entry)
		return &m->entries[m->slots[at].entry - 1];
	if ((m->count + 1) * 2 > m->slot_count) {
		if (!grow_slots(m))
			return NULL;
		at = slot_of(m, key, hash);
	}
	if (m->count >= m->ceiling || (m->count == m->room && !grow_entries(m)))
		return NULL;
	copy = arena_copy(&m->keys, key);
	if (!copy.at)
		return NULL;
	e = &m->entries[m->count++];
	*e = (struct map_entry){ .key = copy, .hash = hash };
	m->slots[at] = (struct map_slot){ (uint32_t)m->count, tag_of(hash) };
	return e;
}

void *map_value(struct map *m, struct span key, size_t size)
{
	struct map_entry *e = map_find(m, key);

	if (e && e->value)
		return e->value;
	/* First the draw: an entry without its value would surprise whoever walks over the map. */
	if (!draw(m, size))
		return NULL;
	e = map_put(m, key);
	if (e)
		e->value = calloc(1, size);
	if (e && e->value)
		return e->value;
	give(m, size);
	return NULL;
}

void map_release_values(struct map *m)
{
	for (size_t i = 0; i < m->count; i++)
		free(m->entries[i].value);
	map_release(m);
}
