/* bench/xpress_pack.c - the plain LZ77 of MS-XCA section 2.4, greedy, with a table of last places. */
#include "bench/bodies.h"

enum { BLOCK = 16352, WINDOW = 8192, SHORTEST = 3, LONGEST = 1 << 15, PLACES = 4096, HEAD = 8 };

struct packer {
	struct buf *out;
	size_t flags_at;        /* in out: the flag word that is being filled */
	uint32_t flags;
	unsigned flag_count;
	size_t nibble_at;       /* in out: a length byte with its upper half free; 0: none */
};

static void put_le(uint8_t *at, uint32_t value, unsigned width)
{
	for (unsigned i = 0; i < width; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

static bool add_le(struct buf *out, uint32_t value, unsigned width)
{
	uint8_t bytes[4];

	put_le(bytes, value, width);
	return buf_add(out, span_of(bytes, width));
}

/* Flags fill a word from its highest bit; the next word comes where the next element would. */
static bool flag(struct packer *p, bool match)
{
	p->flags = p->flags << 1 | match;
	if (++p->flag_count < 32)
		return true;
	put_le(p->out->at + p->flags_at, p->flags, 4);
	p->flags_at = p->out->len;
	p->flag_count = 0;
	return add_le(p->out, 0, 4);
}

/* What of a match's length the three bits of its first word cannot hold. */
static bool add_length(struct packer *p, size_t rest)
{
	uint8_t nibble = (uint8_t)(rest < 15 ? rest : 15);

	if (p->nibble_at) {
		p->out->at[p->nibble_at] |= (uint8_t)(nibble << 4);
		p->nibble_at = 0;
	} else {
		p->nibble_at = p->out->len;
		if (!buf_add_byte(p->out, nibble))
			return false;
	}
	if (rest < 15)
		return true;
	if (rest - 15 < 255)
		return buf_add_byte(p->out, (uint8_t)(rest - 15));
	return buf_add_byte(p->out, 255) && add_le(p->out, (uint32_t)(rest + 7), 2);
}

/* The flag goes in last, because filling its word opens the next one. */
static bool add_match(struct packer *p, size_t distance, size_t len)
{
	size_t extra = len - SHORTEST;
	uint32_t word = (uint32_t)((distance - 1) << 3 | (extra < 7 ? extra : 7));

	return add_le(p->out, word, 2) && (extra < 7 || add_length(p, extra - 7)) && flag(p, true);
}

static size_t common(struct span text, size_t a, size_t b)
{
	size_t len = 0;

	while (b + len < text.len && len < LONGEST && text.at[a + len] == text.at[b + len])
		len++;
	return len;
}

static size_t place_of(const uint8_t *at)
{
	uint32_t three = (uint32_t)(at[0] | at[1] << 8 | at[2] << 16);

	return three * 2654435761u >> 20 & (PLACES - 1);
}

static bool pack_block(struct packer *p, struct span text)
{
	size_t last[PLACES] = { 0 };    /* place + 1 of the last text with that hash */
	size_t at = 0;

	while (at < text.len) {
		size_t *slot = text.len - at >= SHORTEST ? &last[place_of(text.at + at)] : NULL;
		size_t from = slot ? *slot : 0;
		size_t len = from && at - (from - 1) <= WINDOW ? common(text, from - 1, at) : 0;

		if (slot)
			*slot = at + 1;
		if (len >= SHORTEST) {
			if (!add_match(p, at - (from - 1), len))
				return false;
			at += len;
			continue;
		}
		if (!buf_add_byte(p->out, text.at[at++]) || !flag(p, false))
			return false;
	}
	return true;
}

/* The flags that are left over are ones (MS-XCA section 2.4.4). */
static void finish(struct packer *p)
{
	while (p->flag_count < 32) {
		p->flags = p->flags << 1 | 1;
		p->flag_count++;
	}
	put_le(p->out->at + p->flags_at, p->flags, 4);
}

bool xpress_pack(struct span body, struct buf *packed)
{
	while (body.len) {
		struct span block = span_take(&body, BLOCK);
		size_t head = packed->len;
		struct packer p = { .out = packed, .flags_at = head + HEAD };

		if (!add_le(packed, (uint32_t)block.len, 4) || !add_le(packed, 0, 4) ||
		    !add_le(packed, 0, 4) || !pack_block(&p, block))
			return false;
		finish(&p);
		if (packed->len - head - HEAD >= block.len) {
			packed->len = head + HEAD;      /* a block that does not shrink is stored */
			if (!buf_add(packed, block))
				return false;
		}
		put_le(packed->at + head + 4, (uint32_t)(packed->len - head - HEAD), 4);
	}
	return true;
}
