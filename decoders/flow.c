/* decoders/flow.c - records in chunks, open addressing, and queues by last touch. */
#include "decoders/flow.h"

#include <assert.h>
#include <stdlib.h>

#include "base/hash.h"

/* A stamp counts 2^28 ns (0.27 s): a busy flow moves in its queue a few times a second, not per
 * packet. */
enum { STAMP_BITS = 28, FIRST_SLOTS = 1024 };

static_assert(sizeof(struct flow) <= 96, "an attempt of bare SYNs must stay small");

void flow_init(struct flow_table *t)
{
	*t = (struct flow_table){ .secret = hash_key() };
}

void flow_release(struct flow_table *t)
{
	for (uint32_t i = 0; i < t->chunk_count; i++)
		free(t->chunks[i]);
	free(t->chunks);
	free(t->slots);
	flow_init(t);
}

struct flow_key flow_key_of(const struct endpoint *source, const struct endpoint *target,
                            uint32_t wire, bool *source_low)
{
	struct flow_key key = { .low_port = source->port, .high_port = target->port, .wire = wire };
	bool low;

	memcpy(key.low, source->addr.bytes, sizeof key.low);
	memcpy(key.high, target->addr.bytes, sizeof key.high);
	if (key.low[1] != key.high[1])
		low = key.low[1] < key.high[1];
	else if (key.low[0] != key.high[0])
		low = key.low[0] < key.high[0];
	else
		low = key.low_port <= key.high_port;
	if (!low) {
		key.low_port = target->port;
		key.high_port = source->port;
		memcpy(key.low, target->addr.bytes, sizeof key.low);
		memcpy(key.high, source->addr.bytes, sizeof key.high);
	}
	*source_low = low;
	return key;
}

struct endpoint flow_low(const struct flow_key *key)
{
	struct endpoint e = { .port = key->low_port };

	memcpy(e.addr.bytes, key->low, sizeof e.addr.bytes);
	return e;
}

struct endpoint flow_high(const struct flow_key *key)
{
	struct endpoint e = { .port = key->high_port };

	memcpy(e.addr.bytes, key->high, sizeof e.addr.bytes);
	return e;
}

/* Of the endpoints: the same on every wire. */
static uint32_t near_hash(const struct flow_table *t, const struct flow_key *key)
{
	uint64_t rest = (uint32_t)key->low_port << 16 | key->high_port;
	uint64_t sum = hash_mix(key->low[1] ^ t->secret, key->high[1] ^ rest);

	/* The first halves are equal within IPv4 and within an IPv6 prefix: one step mixes both. */
	return (uint32_t)hash_mix(sum ^ key->low[0], t->secret ^ key->high[0]);
}

static uint32_t aside_hash(const struct flow_table *t, const struct flow_key *key, uint32_t near)
{
	return (uint32_t)hash_mix((uint64_t)key->wire << 32 | near, t->secret);
}

static bool ends_eq(const struct flow_key *a, const struct flow_key *b)
{
	return a->low[1] == b->low[1] && a->high[1] == b->high[1] && a->low_port == b->low_port &&
	       a->high_port == b->high_port && a->low[0] == b->low[0] && a->high[0] == b->high[0];
}

static bool is_of(const struct flow *f, const struct flow_key *key)
{
	return ends_eq(&f->key, key) &&
	       (f->key.wire == key->wire || (f->two_wires && f->other_wire == key->wire));
}

/* The key's slot, or the free one behind it. */
static const struct flow_slot *slot_of(const struct flow_table *t, const struct flow_key *key,
                                       uint32_t hash)
{
	uint32_t const mask = t->slot_count - 1;
	uint32_t at = hash & mask;

	for (; t->slots[at].ref; at = (at + 1) & mask)
		if (t->slots[at].tag == hash && is_of(flow_at(t, t->slots[at].ref), key))
			break;
	return &t->slots[at];
}

uint32_t flow_find(struct flow_table *t, const struct flow_key *key)
{
	const struct flow_slot *slot;
	uint32_t near;

	if (!t->count)
		return 0;
	if (t->recent && is_of(flow_at(t, t->recent), key))
		return t->recent;
	near = near_hash(t, key);
	slot = slot_of(t, key, near);
	if (!slot->ref && t->aside)
		slot = slot_of(t, key, aside_hash(t, key, near));
	if (slot->ref)
		t->recent = slot->ref;
	return slot->ref;
}

uint32_t flow_near(const struct flow_table *t, const struct flow_key *key, uint32_t *place)
{
	uint32_t const hash = near_hash(t, key), mask = t->slot_count - 1;
	const struct flow_slot *slot;

	if (!t->count)
		return 0;
	while ((slot = &t->slots[(hash + *place) & mask])->ref) {
		++*place;
		if (slot->tag == hash && ends_eq(&flow_at(t, slot->ref)->key, key))
			return slot->ref;
	}
	return 0;
}

/* Tags tell the new places: no record is touched. */
static bool grow_slots(struct flow_table *t)
{
	uint32_t count = t->slot_count ? t->slot_count * 2 : FIRST_SLOTS;
	struct flow_slot *slots = count ? calloc(count, sizeof *slots) : NULL;

	if (!slots)
		return false;
	for (uint32_t i = 0; i < t->slot_count; i++) {
		uint32_t at = t->slots[i].tag & (count - 1);

		if (!t->slots[i].ref)
			continue;
		while (slots[at].ref)
			at = (at + 1) & (count - 1);
		slots[at] = t->slots[i];
	}
	free(t->slots);
	t->slots = slots;
	t->slot_count = count;
	return true;
}

/* Frees a slot; those behind it move up as far as their place allows, so that no search stops
 * early. */
static void clear_slot(struct flow_table *t, uint32_t hole)
{
	uint32_t const mask = t->slot_count - 1;

	for (uint32_t at = (hole + 1) & mask; t->slots[at].ref; at = (at + 1) & mask) {
		uint32_t const away = (at - t->slots[at].tag) & mask;

		if (away < ((at - hole) & mask))
			continue;
		t->slots[hole] = t->slots[at];
		hole = at;
	}
	t->slots[hole].ref = 0;
}

static bool grow_chunks(struct flow_table *t)
{
	struct flow *chunk;

	if (t->chunk_count >= UINT32_MAX >> FLOW_CHUNK_BITS)
		return false;
	if (t->chunk_count == t->chunk_room) {
		uint32_t room = t->chunk_room ? t->chunk_room * 2 : 16;
		struct flow **chunks = realloc(t->chunks, room * sizeof(struct flow *));

		if (!chunks)
			return false;
		t->chunks = chunks;
		t->chunk_room = room;
	}
	chunk = malloc(FLOW_CHUNK * sizeof *chunk);
	if (!chunk)
		return false;
	for (uint32_t i = FLOW_CHUNK; i > 0; i--) {
		chunk[i - 1].newer = t->free;
		t->free = (t->chunk_count << FLOW_CHUNK_BITS) + i;
	}
	t->chunks[t->chunk_count++] = chunk;
	return true;
}

static void enqueue(struct flow_table *t, uint32_t ref, enum flow_queue queue)
{
	struct flow *f = flow_at(t, ref);
	struct flow_line *line = &t->lines[queue];

	f->queue = (uint8_t)queue;
	f->stamp = t->stamp;
	f->older = line->back;
	f->newer = 0;
	if (line->back)
		flow_at(t, line->back)->newer = ref;
	else
		line->front = ref;
	line->back = ref;
}

static void dequeue(struct flow_table *t, uint32_t ref)
{
	const struct flow *f = flow_at(t, ref);
	struct flow_line *line = &t->lines[f->queue];

	if (f->older)
		flow_at(t, f->older)->newer = f->newer;
	else
		line->front = f->newer;
	if (f->newer)
		flow_at(t, f->newer)->older = f->older;
	else
		line->back = f->older;
}

/* The first free slot for that hash; *same: how many records of that hash lie before it. */
static struct flow_slot *free_slot(const struct flow_table *t, uint32_t hash, uint32_t *same)
{
	uint32_t const mask = t->slot_count - 1;
	uint32_t at = hash & mask;

	for (*same = 0; t->slots[at].ref; at = (at + 1) & mask)
		*same += t->slots[at].tag == hash;
	return &t->slots[at];
}

uint32_t flow_add(struct flow_table *t, const struct flow_key *key)
{
	uint32_t hash = near_hash(t, key);
	uint32_t ref, same;
	struct flow_slot *slot;
	struct flow *f;

	/* Tags keep a search within a line or two of the cache up to three quarters. */
	if (t->count >= t->slot_count / 4 * 3 && !grow_slots(t))
		return 0;
	if (!t->free && !grow_chunks(t))
		return 0;
	ref = t->free;
	f = flow_at(t, ref);
	t->free = f->newer;
	*f = (struct flow){ .key = *key };
	slot = free_slot(t, hash, &same);
	if (same >= FLOW_NEAR_MAX) {
		hash = aside_hash(t, key, hash);
		slot = free_slot(t, hash, &same);
		f->aside = true;
		t->aside++;
	}
	*slot = (struct flow_slot){ ref, hash };
	t->count++;
	enqueue(t, ref, FLOW_ATTEMPTS);
	return ref;
}

void flow_remove(struct flow_table *t, uint32_t ref)
{
	struct flow *f = flow_at(t, ref);
	uint32_t const near = near_hash(t, &f->key);
	uint32_t const hash = f->aside ? aside_hash(t, &f->key, near) : near;
	uint32_t at = hash & (t->slot_count - 1);

	while (t->slots[at].ref != ref)
		at = (at + 1) & (t->slot_count - 1);
	clear_slot(t, at);
	dequeue(t, ref);
	f->newer = t->free;
	t->free = ref;
	t->count--;
	t->aside -= f->aside;
	if (t->recent == ref)
		t->recent = 0;
}

void flow_move(struct flow_table *t, uint32_t ref, enum flow_queue queue)
{
	dequeue(t, ref);
	enqueue(t, ref, queue);
}

bool flow_clock(struct flow_table *t, int64_t time)
{
	uint32_t stamp = (uint32_t)(moment_pass(&t->passage, time) >> STAMP_BITS);

	if (stamp == t->stamp)
		return false;
	t->stamp = stamp;
	return true;
}

uint32_t flow_due(const struct flow_table *t)
{
#define X(symbol, seconds) [FLOW_##symbol] = (uint32_t)(MOMENT_S * (seconds) >> STAMP_BITS) + 1,
	static const uint32_t patience[] = { FLOW_QUEUES(X) };
#undef X
	for (size_t i = 0; i < FLOW_QUEUE_COUNT; i++) {
		uint32_t ref = t->lines[i].front;

		if (ref && t->stamp - flow_at(t, ref)->stamp >= patience[i])
			return ref;
	}
	return 0;
}

size_t flow_memory(const struct flow_table *t)
{
	return t->count * sizeof(struct flow) + t->slot_count * sizeof(struct flow_slot);
}

size_t flow_held(const struct flow_table *t)
{
	size_t const records = (size_t)t->chunk_count * FLOW_CHUNK;

	return records * sizeof(struct flow) + t->slot_count * sizeof(struct flow_slot);
}
