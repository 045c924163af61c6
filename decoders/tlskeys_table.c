/* decoders/tlskeys_table.c - open addressing over packed records; a look at a slot costs one byte of it. */
#include "decoders/tlskeys_table.h"

#include <openssl/crypto.h>
#include <stdlib.h>

#include "base/hash.h"

/* A record: where the key's next record is (4 bytes), what it is, its room and its length, both less one;
 * then the key, in its first record; then the secret. */
enum { AT_NEXT = 0, AT_WHAT = 4, AT_ROOM = 5, AT_LEN = 6, AT_REST = 7 };
enum { WHICH = 0x0f, FIRST = 0x10, DEAD = 0x20 };       /* of what it is; DEAD: a longer one took its place */

enum { BLOCK = 1 << 16 };
enum { SLOTS_FIRST = 256, BLOCKS_FIRST = 16, BLOCKS_MAX = 1 << 16 };

#define NOWHERE UINT32_MAX      /* no place: a record never starts in a block's last bytes */

struct tlskeys_block {
	size_t used;
	uint8_t bytes[BLOCK];
};

void tlskeys_table_init(struct tlskeys_table *t, struct budget *budget)
{
	*t = (struct tlskeys_table){ .budget = budget };
}

static void free_slots(struct tlskeys_table *t)
{
	budget_free(t->budget, t->tags, t->slot_count);
	budget_free(t->budget, t->places, t->slot_count * sizeof *t->places);
}

void tlskeys_table_release(struct tlskeys_table *t)
{
	for (size_t i = 0; i < t->block_count; i++) {
		OPENSSL_cleanse(t->blocks[i]->bytes, t->blocks[i]->used);
		budget_free(t->budget, t->blocks[i], sizeof *t->blocks[i]);
	}
	budget_free(t->budget, t->blocks, t->block_room * sizeof(struct tlskeys_block *));
	free_slots(t);
	tlskeys_table_init(t, t->budget);
}

/* ---- records ---- */

static uint8_t *record_at(const struct tlskeys_table *t, uint32_t place)
{
	return t->blocks[place / BLOCK]->bytes + place % BLOCK;
}

static uint32_t next_of(const uint8_t *record)
{
	uint32_t next;

	memcpy(&next, record + AT_NEXT, sizeof next);
	return next;
}

static size_t record_len(const uint8_t *record)
{
	return (record[AT_WHAT] & FIRST ? AT_REST + TLSKEYS_KEY : AT_REST) + (size_t)record[AT_ROOM] + 1;
}

static uint8_t *secret_of(uint8_t *record)
{
	return record + AT_REST + (record[AT_WHAT] & FIRST ? TLSKEYS_KEY : 0);
}

/* Secrets that are found by different things never meet. */
static unsigned domain_of(unsigned which)
{
	return which < TLS_SECRET_COUNT ? 0 : which;
}

static bool blocks_grow(struct tlskeys_table *t)
{
	size_t room = t->block_room ? t->block_room * 2 : BLOCKS_FIRST;
	struct tlskeys_block **blocks;

	if (room > BLOCKS_MAX)
		return false;
	blocks = budget_room(t->budget, room * sizeof(struct tlskeys_block *));
	if (!blocks)
		return false;
	if (t->block_count)
		memcpy(blocks, t->blocks, t->block_count * sizeof(struct tlskeys_block *));
	budget_free(t->budget, t->blocks, t->block_room * sizeof(struct tlskeys_block *));
	t->blocks = blocks;
	t->block_room = room;
	return true;
}

/* NOWHERE: no memory. */
static uint32_t room_for(struct tlskeys_table *t, size_t len)
{
	struct tlskeys_block *last = t->block_count ? t->blocks[t->block_count - 1] : NULL;

	if (!last || last->used + len > BLOCK) {
		if (t->block_count == t->block_room && !blocks_grow(t))
			return NOWHERE;
		last = budget_room(t->budget, sizeof *last);
		if (!last)
			return NOWHERE;
		last->used = 0;
		t->blocks[t->block_count++] = last;
	}
	last->used += len;
	return (uint32_t)((t->block_count - 1) * BLOCK + last->used - len);
}

static uint32_t record_add(struct tlskeys_table *t, const struct tlskeys_line *line, unsigned flags,
                           uint32_t next)
{
	size_t key_len = flags & FIRST ? TLSKEYS_KEY : 0;
	uint32_t place = room_for(t, AT_REST + key_len + line->secret_len);
	uint8_t *record;

	if (place == NOWHERE)
		return NOWHERE;
	record = record_at(t, place);
	memcpy(record + AT_NEXT, &next, sizeof next);
	record[AT_WHAT] = (uint8_t)(line->which | flags);
	record[AT_ROOM] = record[AT_LEN] = (uint8_t)(line->secret_len - 1);
	memcpy(record + AT_REST, line->key, key_len);
	memcpy(secret_of(record), line->secret, line->secret_len);
	return place;
}

/* ---- slots ---- */

static uint64_t hash_of(unsigned domain, const uint8_t *key)
{
	return hash_bytes(hash_key() ^ domain, span_of(key, TLSKEYS_KEY));
}

static uint8_t tag_of(uint64_t hash)
{
	return (uint8_t)(hash >> 57 | 0x80);
}

static void slot_fill(struct tlskeys_table *t, uint64_t hash, uint32_t place)
{
	size_t i = hash & (t->slot_count - 1);

	while (t->tags[i])
		i = (i + 1) & (t->slot_count - 1);
	t->tags[i] = tag_of(hash);
	t->places[i] = place;
}

/* Records are walked where they lie: in order, not by the slots' leaps. */
static void slots_refill(struct tlskeys_table *t)
{
	for (size_t i = 0; i < t->block_count; i++)
		for (size_t at = 0; at < t->blocks[i]->used;) {
			const uint8_t *record = t->blocks[i]->bytes + at;

			if (record[AT_WHAT] & FIRST)
				slot_fill(t, hash_of(domain_of(record[AT_WHAT] & WHICH), record + AT_REST),
				          (uint32_t)(i * BLOCK + at));
			at += record_len(record);
		}
}

/* Up to seven eighths are taken: what is looked at are tags, 64 in a line of the cache. */
static bool slots_grow(struct tlskeys_table *t)
{
	size_t count = t->slot_count ? t->slot_count * 2 : SLOTS_FIRST;
	uint8_t *tags;
	uint32_t *places;

	if (t->key_count + 1 <= t->slot_count / 8 * 7)
		return true;
	tags = budget_alloc(t->budget, count);
	places = budget_room(t->budget, count * sizeof *places);
	if (!tags || !places) {
		budget_free(t->budget, tags, count);
		budget_free(t->budget, places, count * sizeof *places);
		return false;
	}
	free_slots(t);
	t->tags = tags;
	t->places = places;
	t->slot_count = count;
	slots_refill(t);
	return true;
}

static uint32_t find(const struct tlskeys_table *t, unsigned domain, const uint8_t *key, uint64_t hash)
{
	size_t i = hash & (t->slot_count - 1);

	if (!t->slot_count)
		return NOWHERE;
	for (; t->tags[i]; i = (i + 1) & (t->slot_count - 1)) {
		const uint8_t *record;

		if (t->tags[i] != tag_of(hash))
			continue;
		record = record_at(t, t->places[i]);
		if (domain_of(record[AT_WHAT] & WHICH) == domain &&
		    !memcmp(record + AT_REST, key, TLSKEYS_KEY))
			return t->places[i];
	}
	return NOWHERE;
}

/* ---- secrets of a key ---- */

static uint8_t *find_secret(const struct tlskeys_table *t, uint32_t first, unsigned which)
{
	for (uint32_t at = first; at != NOWHERE;) {
		uint8_t *record = record_at(t, at);

		if (!(record[AT_WHAT] & DEAD) && (record[AT_WHAT] & WHICH) == which)
			return record;
		at = next_of(record);
	}
	return NULL;
}

/* A record dies of being too short for a longer secret, and a shorter one takes a longer one's room:
 * so a chain stays short, because lengths are bounded. */
static enum tlskeys_put put_more(struct tlskeys_table *t, uint32_t first, const struct tlskeys_line *line)
{
	uint8_t *head = record_at(t, first), *old = find_secret(t, first, line->which);
	uint32_t place;

	if (old && old[AT_ROOM] + 1u >= line->secret_len) {
		memcpy(secret_of(old), line->secret, line->secret_len);
		old[AT_LEN] = (uint8_t)(line->secret_len - 1);
		return TLSKEYS_PUT_AGAIN;
	}
	place = record_add(t, line, 0, next_of(head));
	if (place == NOWHERE)
		return TLSKEYS_PUT_REFUSED;
	memcpy(head + AT_NEXT, &place, sizeof place);
	if (!old)
		return TLSKEYS_PUT_NEW;
	OPENSSL_cleanse(secret_of(old), old[AT_ROOM] + 1u);
	old[AT_WHAT] |= DEAD;
	return TLSKEYS_PUT_AGAIN;
}

enum tlskeys_put tlskeys_table_put(struct tlskeys_table *t, const struct tlskeys_line *line)
{
	uint64_t hash = hash_of(domain_of(line->which), line->key);
	uint32_t place = find(t, domain_of(line->which), line->key, hash);

	if (place != NOWHERE)
		return put_more(t, place, line);
	if (!slots_grow(t))
		return TLSKEYS_PUT_REFUSED;
	place = record_add(t, line, FIRST, NOWHERE);
	if (place == NOWHERE)
		return TLSKEYS_PUT_REFUSED;
	slot_fill(t, hash, place);
	t->key_count++;
	return TLSKEYS_PUT_NEW;
}

struct span tlskeys_table_get(const struct tlskeys_table *t, unsigned which,
                              const uint8_t key[static TLSKEYS_KEY])
{
	unsigned domain = domain_of(which);
	uint8_t *record = find_secret(t, find(t, domain, key, hash_of(domain, key)), which);

	return record ? span_of(secret_of(record), record[AT_LEN] + 1u) : span_of(NULL, 0);
}
