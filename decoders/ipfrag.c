/* decoders/ipfrag.c - a bounded table of unfinished datagrams, oldest out first. */
#include "decoders/ipfrag.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/moment.h"

enum {
	DATAGRAMS_MAX = 1024,
	BYTES_MAX = 16 << 20,           /* of all that wait */
	DATAGRAM_MAX = 65535,
	BLOCK = 8,                      /* fragments begin at multiples of this */
	BLOCKS_MAX = (DATAGRAM_MAX + BLOCK) / BLOCK,
	WORD = 64,                      /* blocks in a word of the map */
	NOBODY = UINT16_MAX,
};

static const int64_t patience = 30 * MOMENT_S;  /* Linux's ipfrag_time; RFC 8200 says 60 s at most */
static const int64_t copy_window = MOMENT_MS;   /* as in copies.c */

struct datagram {
	struct ipfrag_key key;
	uint64_t hash;
	uint16_t next_in_bucket;
	enum { FREE, WAITING, WHOLE } state;
	int64_t time;           /* of its first fragment; when whole, of the one that completed it */
	uint8_t protocol;
	uint32_t fragments;     /* counted as a limit while it waits */
	uint32_t total;         /* known from its last fragment; 0: not yet */
	uint32_t reach;         /* end of the furthest fragment */
	uint32_t captured;      /* no further than this is every byte captured */
	uint32_t have;          /* blocks that are in */
	uint8_t *bytes;
	size_t room;
	uint64_t frames[IPFRAG_FRAMES];
	size_t frame_count;
	uint64_t blocks[BLOCKS_MAX / WORD + 1]; /* a bit each */
};

struct ipfrag {
	struct limits *limits;
	struct datagram ring[DATAGRAMS_MAX];    /* in order of age: `next` is the oldest */
	size_t next;
	uint16_t buckets[DATAGRAMS_MAX];
	size_t held;            /* bytes of all rooms */
	uint8_t *lent;
	uint64_t frames[IPFRAG_FRAMES];         /* of what is lent */
	size_t frame_count;
};

struct ipfrag *ipfrag_new(struct limits *limits)
{
	struct ipfrag *f = calloc(1, sizeof *f);

	if (!f)
		return NULL;
	f->limits = limits;
	for (size_t i = 0; i < DATAGRAMS_MAX; i++)
		f->buckets[i] = NOBODY;
	return f;
}

void ipfrag_free(struct ipfrag *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < DATAGRAMS_MAX; i++)
		free(f->ring[i].bytes);
	free(f->lent);
	free(f);
}

static uint16_t *bucket(struct ipfrag *f, uint64_t hash)
{
	return &f->buckets[hash % DATAGRAMS_MAX];
}

/* Its fragments stay counted as lost unless it became whole. */
static void forget(struct ipfrag *f, struct datagram *d)
{
	uint16_t self = (uint16_t)(d - f->ring);
	uint16_t *at = bucket(f, d->hash);

	if (d->state == FREE)
		return;
	while (*at != self)
		at = &f->ring[*at].next_in_bucket;
	*at = d->next_in_bucket;
	f->held -= d->room;
	free(d->bytes);
	*d = (struct datagram){ .state = FREE };
}

static struct datagram *find(struct ipfrag *f, const struct ipfrag_piece *piece, uint64_t hash)
{
	for (uint16_t i = *bucket(f, hash); i != NOBODY; i = f->ring[i].next_in_bucket) {
		struct datagram *d = &f->ring[i];
		int64_t age = piece->time - d->time;

		if (d->hash != hash || memcmp(&d->key, &piece->key, sizeof d->key))
			continue;
		/* Identifications return after 65536 datagrams: an old one is another. */
		if (age > (d->state == WHOLE ? copy_window : patience)) {
			forget(f, d);
			return NULL;
		}
		return d;
	}
	return NULL;
}

static struct datagram *begin(struct ipfrag *f, const struct ipfrag_piece *piece, uint64_t hash)
{
	struct datagram *d = &f->ring[f->next];

	f->next = (f->next + 1) % DATAGRAMS_MAX;
	forget(f, d);
	d->key = piece->key;
	d->hash = hash;
	d->state = WAITING;
	d->time = piece->time;
	d->captured = UINT32_MAX;
	d->next_in_bucket = *bucket(f, hash);
	*bucket(f, hash) = (uint16_t)(d - f->ring);
	return d;
}

/* Room up to `end`; older datagrams give way when all together take too much. */
static bool make_room(struct ipfrag *f, struct datagram *d, size_t end)
{
	size_t room = d->room * 2 > end ? d->room * 2 : end;
	uint8_t *grown;

	if (end <= d->room)
		return true;
	for (size_t i = f->next; f->held + room - d->room > BYTES_MAX; i = (i + 1) % DATAGRAMS_MAX)
		if (&f->ring[i] != d)
			forget(f, &f->ring[i]);
	grown = realloc(d->bytes, room);
	if (!grown)
		return false;
	f->held += room - d->room;
	d->bytes = grown;
	d->room = room;
	return true;
}

/* How many blocks from `block` on, `count` at most and within a word of the map, are alike in being there
 * or not. */
static uint32_t alike(const struct datagram *d, uint32_t block, uint32_t count, bool *there)
{
	uint64_t const map = d->blocks[block / WORD] >> block % WORD;
	uint64_t const other = map & 1 ? ~map : map;
	uint32_t len = WORD - block % WORD;
	uint32_t const run = other ? (uint32_t)__builtin_ctzll(other) : WORD;

	*there = map & 1;
	len = run < len ? run : len;
	return len < count ? len : count;
}

/* Blocks that are in already stay as they were first seen.  Returns how many are new.  A fragment that
 * was cut to its header may announce 64 KiB, so blocks go by the word where they can. */
static uint32_t fill(struct datagram *d, const struct ipfrag_piece *piece)
{
	uint32_t const end = (piece->offset + piece->len + BLOCK - 1) / BLOCK;
	uint32_t fresh = 0, step;

	for (uint32_t block = piece->offset / BLOCK; block < end; block += step) {
		uint32_t at = block * BLOCK - piece->offset;
		struct span part = span_skip(piece->bytes, at);
		bool there;

		step = alike(d, block, end - block, &there);
		if (there)
			continue;
		d->blocks[block / WORD] |= UINT64_MAX >> (WORD - step) << block % WORD;
		fresh += step;
		part = span_take(&part, (size_t)step * BLOCK);
		if (part.len)
			memcpy(d->bytes + piece->offset + at, part.at, part.len);
	}
	d->have += fresh;
	return fresh;
}

static bool contradicts(const struct datagram *d, const struct ipfrag_piece *piece)
{
	uint32_t end = piece->offset + piece->len;

	if (piece->offset % BLOCK || !piece->len || end > DATAGRAM_MAX)
		return true;
	if (piece->more)
		return piece->len % BLOCK || (d && d->total && end > d->total);
	return d && ((d->total && d->total != end) || d->reach > end);
}

/* The datagram leaves its copy behind for a while, so that a mirror's second sighting of its fragments
 * does not begin another. */
static enum ipfrag_result finish(struct ipfrag *f, struct datagram *d, struct ipfrag_piece *piece,
				 struct span *bytes, uint32_t *len)
{
	free(f->lent);
	f->lent = d->bytes;
	memcpy(f->frames, d->frames, sizeof f->frames);
	f->frame_count = d->frame_count;
	f->held -= d->room;
	d->bytes = NULL;
	d->room = 0;
	d->state = WHOLE;
	d->time = piece->time;
	f->limits->count[LIMIT_FRAGMENTS] -= d->fragments;
	piece->next = d->protocol;
	*len = d->total;
	*bytes = span_of(f->lent, d->captured < d->total ? d->captured : d->total);
	return IPFRAG_WHOLE;
}

size_t ipfrag_frames(const struct ipfrag *f, const uint64_t **frames)
{
	*frames = f->frames;
	return f->frame_count;
}

enum ipfrag_result ipfrag_add(struct ipfrag *f, struct ipfrag_piece *piece,
			      struct span *bytes, uint32_t *len)
{
	uint64_t hash = hash_bytes(hash_key(), span_of(&piece->key, sizeof piece->key));
	struct datagram *d = find(f, piece, hash);
	uint32_t end = piece->offset + piece->len;

	if (d && d->state == WHOLE)
		return end <= d->total ? IPFRAG_COPY : IPFRAG_MALFORMED;
	if (contradicts(d, piece))
		return IPFRAG_MALFORMED;
	if (!d)
		d = begin(f, piece, hash);
	if (!make_room(f, d, end)) {
		limit_add(f->limits, LIMIT_MEMORY, 1);
		forget(f, d);
		return IPFRAG_WAITS;
	}
	if (!fill(d, piece))
		return IPFRAG_COPY;
	d->fragments++;
	if (d->frame_count < IPFRAG_FRAMES)
		d->frames[d->frame_count++] = piece->frame;
	limit_add(f->limits, LIMIT_FRAGMENTS, 1);
	if (!piece->offset)
		d->protocol = piece->next;
	if (!piece->more)
		d->total = end;
	if (end > d->reach)
		d->reach = end;
	if (piece->bytes.len < piece->len && piece->offset + piece->bytes.len < d->captured)
		d->captured = piece->offset + (uint32_t)piece->bytes.len;
	if (!d->total || d->have < (d->total + BLOCK - 1) / BLOCK)
		return IPFRAG_WAITS;
	return finish(f, d, piece, bytes, len);
}
