/* veil/repackxpress.c - plain LZ77 as [MS-XCA] section 2.4 has it: the shortest way to write a block, then as
 * much longer as it has to be.
 *
 * Each place's longest match is found by chains of equal beginnings; the way is chosen from the end.
 */
#include <stdlib.h>

#include "veil/repack.h"

enum {
	LEAST = 3, WINDOW = 8192, BLOCK_MAX = 65535,
	LONG = 64,                      /* a match that nobody looks for a better one in */
	CHAIN = 96,                     /* candidates looked at, of equal beginnings */
	HASHES = 4096,
	TRIED = 32,                     /* of a match's lengths, beside the longest */
	STEPS = 256,                    /* to fill what is left */
};

struct place {
	uint32_t cost;                  /* of all from here on, in bits */
	uint16_t longest, distance;
	uint16_t taken;                 /* length of the match that is written here; 0: a literal */
	uint16_t before;                /* an earlier place that begins likewise, plus one */
};

static size_t hash_of(const uint8_t *at)
{
	return ((size_t)at[0] << 8 ^ (size_t)at[1] << 4 ^ at[2]) % HASHES;
}

static size_t equal(const uint8_t *a, const uint8_t *b, size_t most)
{
	size_t len = 0;

	while (len < most && a[len] == b[len])
		len++;
	return len;
}

static void find_match(struct span plain, struct place *places, size_t at, unsigned candidate)
{
	struct place *p = &places[at];

	for (unsigned i = 0; candidate && i < CHAIN && at - (candidate - 1) <= WINDOW; i++) {
		size_t from = candidate - 1;
		size_t len = equal(plain.at + from, plain.at + at, plain.len - at);

		if (len >= LEAST && len > p->longest) {
			p->longest = (uint16_t)len;
			p->distance = (uint16_t)(at - from);
		}
		candidate = places[from].before;
	}
}

static void find_matches(struct span plain, struct place *places)
{
	uint16_t heads[HASHES] = { 0 };

	for (size_t at = 0; at + LEAST <= plain.len; at++) {
		uint16_t *head = &heads[hash_of(plain.at + at)];
		const struct place *last = at ? &places[at - 1] : NULL;

		/* Inside a long match its rest will do, or a run of one letter would be searched for ever. */
		if (last && last->longest > LONG) {
			places[at].longest = (uint16_t)(last->longest - 1);
			places[at].distance = last->distance;
		} else {
			find_match(plain, places, at, *head);
		}
		places[at].before = *head;
		*head = (uint16_t)(at + 1);
	}
}

/* In bits, with the flag; a nibble counts as such, though every other takes a byte. */
static uint32_t match_cost(size_t len)
{
	size_t rest = len - LEAST;

	return 17u + (rest >= 7 ? 4u : 0) + (rest >= 22 ? 8u : 0) + (rest >= 277 ? 16u : 0);
}

static void try_length(struct place *places, size_t at, size_t len)
{
	uint32_t cost = match_cost(len) + places[at + len].cost;

	if (cost < places[at].cost) {
		places[at].cost = cost;
		places[at].taken = (uint16_t)len;
	}
}

static void choose(struct place *places, size_t count)
{
	places[count].cost = 0;
	for (size_t at = count; at-- > 0;) {
		size_t longest = places[at].longest;

		places[at].cost = 9 + places[at + 1].cost;
		places[at].taken = 0;
		for (size_t len = LEAST; len <= longest && len < LEAST + TRIED; len++)
			try_length(places, at, len);
		if (longest >= LEAST)
			try_length(places, at, longest);
	}
}

/* ---- writing ---- */

struct writer {
	uint8_t *to;                    /* NULL: only the length is wanted */
	size_t len, flags_at, nibble_at;
	uint32_t flags;
	unsigned count;                 /* of flags */
	bool nibble;                    /* a high one is free at nibble_at */
};

static void put_byte(struct writer *w, unsigned byte)
{
	if (w->to)
		w->to[w->len] = (uint8_t)byte;
	w->len++;
}

static void put_flags(struct writer *w)
{
	for (unsigned i = 0; w->to && i < 4; i++)
		w->to[w->flags_at + i] = (uint8_t)(w->flags >> (8 * i));
}

static void put_flag(struct writer *w, unsigned flag)
{
	enum { FLAGS = 32 };

	if (w->count % FLAGS == 0) {
		if (w->count)
			put_flags(w);
		w->flags_at = w->len;
		w->flags = 0;
		w->len += 4;
	}
	w->flags |= (uint32_t)flag << (31 - w->count % FLAGS);
	w->count++;
}

static void put_nibble(struct writer *w, unsigned value)
{
	if (w->nibble) {
		if (w->to)
			w->to[w->nibble_at] |= (uint8_t)(value << 4);
	} else {
		w->nibble_at = w->len;
		put_byte(w, value);
	}
	w->nibble = !w->nibble;
}

static void put_match(struct writer *w, size_t len, size_t distance)
{
	size_t rest = len - LEAST;
	size_t token = (distance - 1) << 3 | (rest < 7 ? rest : 7);

	put_flag(w, 1);
	put_byte(w, token & 255);
	put_byte(w, (unsigned)(token >> 8));
	if (rest < 7)
		return;
	put_nibble(w, rest < 22 ? (unsigned)(rest - 7) : 15);
	if (rest < 22)
		return;
	put_byte(w, rest < 277 ? (unsigned)(rest - 22) : 255);
	if (rest < 277)
		return;
	put_byte(w, rest & 255);
	put_byte(w, (unsigned)(rest >> 8));
}

/* Returns the length.  Flags that say nothing are set, as Microsoft's own writer leaves them. */
static size_t write_block(struct span plain, const struct place *places, uint8_t *to)
{
	enum { FLAGS = 32 };
	struct writer w = { .to = to };

	for (size_t at = 0; at < plain.len;) {
		size_t len = places[at].taken;

		if (len) {
			put_match(&w, len, places[at].distance);
		} else {
			put_flag(&w, 0);
			put_byte(&w, plain.at[at]);
		}
		at += len ? len : 1;
	}
	while (w.count % FLAGS) {
		w.flags |= UINT32_C(1) << (31 - w.count % FLAGS);
		w.count++;
	}
	if (w.count)
		put_flags(&w);
	return w.len;
}

/* ---- filling up ---- */

/* What a match takes more when its bytes are written one by one; flags may add four to it. */
static size_t growth(size_t len)
{
	return (9 * len - match_cost(len)) / 8;
}

/* The match that grows most within `room`; SIZE_MAX: none. */
static size_t find_growth(const struct place *places, size_t count, size_t room)
{
	size_t best = SIZE_MAX, most = 0;

	for (size_t at = 0; at < count; at += places[at].taken ? places[at].taken : 1) {
		size_t some = places[at].taken ? growth(places[at].taken) : 0;

		if (some + 5 <= room && some > most) {
			most = some;
			best = at;
		}
	}
	return best;
}

/* Its bytes one by one, or only the first. */
static void loosen(struct place *places, size_t at, bool all)
{
	size_t len = places[at].taken, distance = places[at].distance;

	places[at].taken = 0;
	if (all) {
		for (size_t i = 1; i < len; i++)
			places[at + i].taken = 0;
	} else {
		places[at + 1].taken = (uint16_t)(len - 1);
		places[at + 1].distance = (uint16_t)distance;
	}
}

static void fill_up(struct span plain, struct place *places, size_t len, size_t room)
{
	for (unsigned i = 0; i < STEPS && len < room; i++) {
		size_t at = find_growth(places, plain.len, room - len);

		if (at == SIZE_MAX)
			break;
		loosen(places, at, true);
		len = write_block(plain, places, NULL);
	}
}

/* By one byte each, and four where that takes another flag too many: then the rest stays. */
static void fill_rest(struct span plain, struct place *places, size_t room)
{
	size_t len = write_block(plain, places, NULL);
	unsigned steps = 0;

	for (size_t at = 0; at < plain.len && len < room && steps < STEPS; steps++) {
		struct place one = places[at], two = places[at + 1];

		if (one.taken > LEAST) {
			loosen(places, at, false);
			len = write_block(plain, places, NULL);
		}
		if (len > room) {
			places[at] = one;
			places[at + 1] = two;
			return;
		}
		at += places[at].taken ? places[at].taken : 1;
	}
}

bool repack_xpress(struct budget *budget, struct span plain, uint8_t *to, size_t room)
{
	size_t size = (plain.len + 1) * sizeof(struct place), len;
	struct place *places;

	if (plain.len > BLOCK_MAX)
		return false;
	places = budget_alloc(budget, size);
	if (!places)
		return false;
	find_matches(plain, places);
	choose(places, plain.len);
	len = write_block(plain, places, NULL);
	if (len <= room) {
		fill_up(plain, places, len, room);
		fill_rest(plain, places, room);
		memset(to, 0, room);
		write_block(plain, places, to);
	}
	budget_free(budget, places, size);
	return len <= room;
}
