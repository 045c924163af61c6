/* veil/draw.c - seeds by HMAC, characters by their kind. */
#include "veil/draw.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/utf8.h"

static void hmac(const uint8_t key[static DRAW_KEY], struct span text, uint8_t to[static DRAW_KEY])
{
	unsigned len = DRAW_KEY;

	/* Without memory libcrypto writes nothing: then zeros are drawn, which tell nothing either. */
	memset(to, 0, DRAW_KEY);
	(void)HMAC(EVP_sha256(), key, DRAW_KEY, text.at, text.len, to, &len);
}

void draw_begin(struct draw *d, const uint8_t key[static DRAW_KEY], enum draw_purpose purpose,
                uint32_t attempt, struct span value)
{
	uint8_t head[DRAW_KEY + 5], inner[DRAW_KEY];

	/* The value's own HMAC first, so that whatever its length the head is of one size. */
	hmac(key, value, inner);
	head[0] = (uint8_t)purpose;
	for (unsigned i = 0; i < 4; i++)
		head[1 + i] = (uint8_t)(attempt >> (8 * i));
	memcpy(head + 5, inner, sizeof inner);
	hmac(key, span_of(head, sizeof head), d->seed);
	d->used = DRAW_KEY;
	d->blocks = 0;
}

uint8_t draw_byte(struct draw *d)
{
	if (d->used == DRAW_KEY) {
		uint8_t number[4];

		for (unsigned i = 0; i < 4; i++)
			number[i] = (uint8_t)(d->blocks >> (8 * i));
		d->blocks++;
		hmac(d->seed, span_of(number, sizeof number), d->block);
		d->used = 0;
	}
	return d->block[d->used++];
}

/* Sixteen bits: the first of ten digits is likelier than the last by less than a thousandth. */
unsigned draw_below(struct draw *d, unsigned count)
{
	unsigned wide = (unsigned)draw_byte(d) << 8;

	return (wide | draw_byte(d)) % count;
}

/* Letters of other scripts that take as many bytes: Cyrillic, Chinese, Chinese beyond the first plane. */
static uint32_t foreign(struct draw *d, size_t len)
{
	unsigned wide = (unsigned)draw_byte(d) << 8;

	wide |= draw_byte(d);
	switch (len) {
	case 2:  return 0x430 + wide % 32;
	case 3:  return 0x4e00 + wide % 0x5000;
	default: return 0x20000 + wide % 0xa000;
	}
}

size_t draw_character(struct draw *d, struct span *from, uint8_t *to)
{
	uint8_t c = from->at[0];
	size_t len = utf8_len(*from);

	if (len > 1) {
		span_take(from, len);
		return utf8_put(foreign(d, len), to);
	}
	span_take(from, 1);
	if (c >= '0' && c <= '9')
		c = (uint8_t)('0' + draw_below(d, 10));
	else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
		c = (uint8_t)((c & 0x20) + 'A' + draw_below(d, 26));
	else if (c >= 0x80)
		c = 0xff;               /* of no character, as it was: readers of XML refuse both */
	*to = c;
	return 1;
}

uint8_t draw_nibble(struct draw *d, uint8_t digit)
{
	static const uint8_t digits[] = "0123456789abcdef";
	uint8_t lower = digit | 0x20;
	bool hex = (digit >= '0' && digit <= '9') || (lower >= 'a' && lower <= 'f');

	return hex ? digits[draw_byte(d) & 15] : digit;
}
