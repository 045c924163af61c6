/* tests/xpress_encoder.c - a greedy encoder, [MS-XCA] section 2.3. */
#include "tests/xpress_encoder.h"

struct encoder {
	struct buf *to;
	size_t flags_at;        /* where the current flag word lies */
	uint32_t flags;
	unsigned count;         /* elements under it */
	size_t nibble_at;       /* a byte whose high nibble is free; 0: none */
};

static void add_le(struct buf *to, uint32_t value, unsigned width)
{
	while (width--) {
		buf_add_byte(to, (uint8_t)value);
		value >>= 8;
	}
}

static void put_flags(struct encoder *e)
{
	for (unsigned i = 0; i < 4; i++)
		e->to->at[e->flags_at + i] = (uint8_t)(e->flags >> 8 * i);
}

static void add_flag(struct encoder *e, uint32_t bit)
{
	e->flags = e->flags << 1 | bit;
	if (++e->count < 32)
		return;
	put_flags(e);
	e->flags_at = e->to->len;
	e->flags = 0;
	e->count = 0;
	add_le(e->to, 0, 4);
}

static void add_nibble(struct encoder *e, uint8_t nibble)
{
	if (e->nibble_at) {
		e->to->at[e->nibble_at] |= (uint8_t)(nibble << 4);
		e->nibble_at = 0;
		return;
	}
	e->nibble_at = e->to->len;
	buf_add_byte(e->to, nibble);
}

static void add_match(struct encoder *e, size_t distance, size_t length)
{
	size_t rest = length - 3;

	add_le(e->to, (uint32_t)((distance - 1) << 3 | (rest < 7 ? rest : 7)), 2);
	if (rest < 7)
		return;
	add_nibble(e, rest - 7 < 15 ? (uint8_t)(rest - 7) : 15);
	if (rest - 7 < 15)
		return;
	if (rest - 22 < 255) {
		buf_add_byte(e->to, (uint8_t)(rest - 22));
		return;
	}
	buf_add_byte(e->to, 255);
	add_le(e->to, (uint32_t)rest, 2);
}

static size_t same(struct span plain, size_t a, size_t b)
{
	size_t n = 0;

	while (b + n < plain.len && plain.at[a + n] == plain.at[b + n])
		n++;
	return n;
}

/* Some places behind `at`, near and far: enough to meet every form of match. */
static size_t find_match(struct span plain, size_t at, size_t *distance)
{
	static const size_t tries[] = { 1, 2, 3, 5, 8, 26, 64, 100, 255, 256, 1000, 4096, 8191, 8192 };
	size_t best = 0;

	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		size_t length = tries[i] <= at ? same(plain, at - tries[i], at) : 0;

		if (length > best) {
			best = length;
			*distance = tries[i];
		}
	}
	return best;
}

void xpress_encode(struct span plain, struct buf *packed)
{
	struct encoder e = { .to = packed, .flags_at = packed->len };
	size_t at = 0;

	add_le(packed, 0, 4);
	while (at < plain.len) {
		size_t distance = 0, length = find_match(plain, at, &distance);

		/* The flag word of an element comes before its bytes, also when it is a new one. */
		if (length < 3) {
			buf_add_byte(packed, plain.at[at++]);
			add_flag(&e, 0);
		} else {
			add_match(&e, distance, length);
			at += length;
			add_flag(&e, 1);
		}
	}
	while (e.count)                 /* padding: matches that the end of input makes void */
		if (e.count == 31) {
			e.flags = e.flags << 1 | 1;
			put_flags(&e);
			e.count = 0;
		} else {
			e.flags = e.flags << 1 | 1;
			e.count++;
		}
}

size_t xpress_encoder_text(uint8_t *plain, size_t room, unsigned seed)
{
	uint32_t state = seed * 2654435761u + 1;
	size_t len = seed < 10 ? seed : (size_t)seed * seed * 18 % room + 1, at = 0;

	while (at < len) {
		static const size_t backs[] = { 1, 3, 26, 100, 256, 4096, 8192 };
		size_t run, back;

		state = state * 1664525 + 1013904223;
		run = (state >> 8) % (state >> 31 ? 700 : 12) + 1;
		back = backs[(state >> 3) % 7];
		for (; run && at < len; run--, at++) {
			state = state * 1664525 + 1013904223;
			plain[at] = back <= at && seed % 3 ? plain[at - back] : (uint8_t)(state >> 24);
		}
	}
	return len;
}
