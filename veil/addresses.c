/* veil/addresses.c - bit by bit, as a tree of flips. */
#include "veil/addresses.h"

struct network {                        /* `bits` from the front of an address as struct addr has it */
	uint8_t at[16];
	unsigned bits;
};

#define V4(a, b, len) { { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, a, b }, 96 + (len) }
#define V6(a, b, c, d, len) { { a, b, c, d }, len }

/* The special-purpose registries of IANA, as far as somebody judges by them. */
static const struct network special[] = {
	V4(0, 0, 8), V4(10, 0, 8), V4(100, 64, 10), V4(127, 0, 8), V4(169, 254, 16), V4(172, 16, 12),
	V4(192, 168, 16), V4(224, 0, 4), V4(240, 0, 4),
	V6(0, 0, 0, 0, 80), V6(0, 0x64, 0xff, 0x9b, 96), V6(0x20, 0x01, 0, 0, 32), V6(0x20, 0x02, 0, 0, 16),
	V6(0xfe, 0x80, 0, 0, 16), V6(0xfd, 0, 0, 0, 8), V6(0xff, 0, 0, 0, 8),
};

static bool same_bits(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	unsigned rest = bits % 8;

	return !memcmp(a, b, bits / 8) && (!rest || (a[bits / 8] ^ b[bits / 8]) >> (8 - rest) == 0);
}

/* The `bits` before this one are on the way into a network that must not be entered or left. */
static bool is_branch(const uint8_t at[static 16], unsigned bits)
{
	for (size_t i = 0; i < sizeof special / sizeof *special; i++)
		if (special[i].bits > bits && same_bits(at, special[i].at, bits))
			return true;
	return false;
}

/* The first bit of a byte below which all numbers have as many decimal digits. */
static unsigned first_free(uint8_t byte)
{
	static const struct {
		uint8_t upto, bit;
	} rows[] = {
		{ 7, 5 }, { 11, 7 }, { 15, 6 }, { 31, 4 }, { 63, 3 }, { 95, 3 }, { 103, 6 }, { 111, 5 },
		{ 127, 4 }, { 255, 1 },
	};
	size_t i = 0;

	while (byte > rows[i].upto)
		i++;
	return rows[i].bit;
}

enum { V4_AT = 12 };

static bool flips_v4(const struct addr *a, unsigned byte, unsigned bit)
{
	uint8_t value = a->bytes[byte];
	bool broadcast = byte == V4_AT + 3 && value >> (8 - bit) == 0xff >> (8 - bit);

	return bit >= first_free(value) && !broadcast && !is_branch(a->bytes, byte * 8 + bit);
}

static bool flips_v6(const struct addr *a, unsigned byte, unsigned bit)
{
	unsigned group = (unsigned)a->bytes[byte & ~1u] << 8 | a->bytes[byte | 1u];
	unsigned above = (byte & 1) * 8 + bit;

	return group >> (16 - above) && !is_branch(a->bytes, byte * 8 + bit);
}

/* The last bit of what is usually one network. */
static bool must_flip(unsigned byte, unsigned bit, bool v4)
{
	return bit == 7 && byte == (v4 ? V4_AT + 2u : 3u);
}

static uint8_t draw_one(const uint8_t key[static DRAW_KEY], uint32_t attempt, const struct addr *a,
                        unsigned byte, bool v4)
{
	uint8_t flips = 0, tree[32];
	struct draw d;

	/* One draw holds the flips of all 255 places in the tree of a byte. */
	draw_begin(&d, key, v4 ? DRAW_V4 : DRAW_V6, attempt, span_of(a->bytes, byte));
	for (unsigned i = 0; i < sizeof tree; i++)
		tree[i] = draw_byte(&d);
	for (unsigned bit = 0; bit < 8; bit++) {
		unsigned node = 1u << bit | a->bytes[byte] >> (8 - bit);
		bool flip = must_flip(byte, bit, v4) || tree[node / 8] >> (node % 8) & 1;

		if (flip && (v4 ? flips_v4(a, byte, bit) : flips_v6(a, byte, bit)))
			flips |= (uint8_t)(0x80 >> bit);
	}
	return a->bytes[byte] ^ flips;
}

static struct addr draw_v4(const uint8_t key[static DRAW_KEY], uint32_t attempt, const struct addr *a)
{
	struct addr to = *a;

	for (unsigned byte = V4_AT; byte < 16; byte++)
		to.bytes[byte] = draw_one(key, attempt, a, byte, true);
	return to;
}

/* ---- IPv4 inside IPv6 ---- */

static void inner(const uint8_t key[static DRAW_KEY], uint32_t attempt, const uint8_t *from, uint8_t *to,
                  uint8_t mask)
{
	uint8_t plain[4];
	struct addr a;

	for (unsigned i = 0; i < 4; i++)
		plain[i] = from[i] ^ mask;
	a = addr_v4(plain);
	if (!address_is_common(&a))
		a = draw_v4(key, attempt, &a);
	for (unsigned i = 0; i < 4; i++)
		to[i] = a.bytes[V4_AT + i] ^ mask;
}

static bool is_isatap(const struct addr *a)
{
	static const uint8_t id[] = { 0, 0, 0x5e, 0xfe };       /* RFC 5214 section 6.1, bit u aside */

	return !((a->bytes[8] ^ id[0]) & ~2) && !memcmp(a->bytes + 9, id + 1, 3);
}

static bool is_in(const struct addr *a, uint8_t first, uint8_t second, unsigned zeros)
{
	static const uint8_t none[16];

	return a->bytes[0] == first && a->bytes[1] == second && !memcmp(a->bytes + 2, none, zeros);
}

static struct addr draw_v6(const uint8_t key[static DRAW_KEY], uint32_t attempt, const struct addr *a)
{
	struct addr to = *a;

	for (unsigned byte = 0; byte < 16; byte++)
		to.bytes[byte] = draw_one(key, attempt, a, byte, false);
	if (is_in(a, 0x20, 0x02, 0)) {                          /* 6to4: RFC 3056 section 2 */
		inner(key, attempt, a->bytes + 2, to.bytes + 2, 0);
	} else if (is_in(a, 0x20, 0x01, 2)) {                   /* Teredo: RFC 4380 section 4 */
		inner(key, attempt, a->bytes + 4, to.bytes + 4, 0);
		memcpy(to.bytes + 8, a->bytes + 8, 4);
		inner(key, attempt, a->bytes + 12, to.bytes + 12, 0xff);
	} else if (is_isatap(a) || (is_in(a, 0, 0x64, 0) && a->bytes[2] == 0xff && a->bytes[3] == 0x9b)) {
		memcpy(to.bytes + 8, a->bytes + 8, 4);
		inner(key, attempt, a->bytes + 12, to.bytes + 12, 0);
	}
	return to;
}

void solicited_draw(const uint8_t key[static DRAW_KEY], const uint8_t from[static 3], uint8_t *to)
{
	struct draw d;

	draw_begin(&d, key, DRAW_V6, UINT32_MAX, span_of(from, 3));
	for (unsigned i = 0; i < 3; i++)
		to[i] = draw_byte(&d);
}

static bool is_solicited(const struct addr *a)
{
	/* RFC 4291 section 2.7.1 */
	static const uint8_t group[] = { 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff };

	return !memcmp(a->bytes, group, sizeof group);
}

bool address_is_common(const struct addr *a)
{
	static const struct addr nobody[2] = { { { 0 } }, { { [15] = 1 } } };
	uint8_t first = a->bytes[V4_AT];

	if (!addr_is_v4(a))
		return (a->bytes[0] == 0xff && !is_solicited(a)) || addr_eq(a, &nobody[0]) ||
		       addr_eq(a, &nobody[1]);
	return !first || first == 127 || first >= 224;
}

struct addr address_draw(const uint8_t key[static DRAW_KEY], uint32_t attempt, const struct addr *a)
{
	struct addr to = *a;

	if (addr_is_v4(a))
		return draw_v4(key, attempt, a);
	if (!is_solicited(a))
		return draw_v6(key, attempt, a);
	solicited_draw(key, a->bytes + 13, to.bytes + 13);
	return to;
}

/* ---- MAC addresses ---- */

bool mac_is_common(const uint8_t mac[static 6])
{
	/* Others hold what their makers like: 03-bf of load balancers goes on with an address. */
	static const uint8_t groups[][3] = {
		{ 0xff, 0xff, 0xff }, { 0x01, 0x00, 0x5e }, { 0x01, 0x80, 0xc2 }, { 0x01, 0x00, 0x0c },
		{ 0x01, 0x1b, 0x19 }, { 0x01, 0x0c, 0xcd }, { 0x03, 0x00, 0x00 }, { 0x09, 0x00, 0x2b },
	};
	static const uint8_t none[6];

	if (mac[0] == 0x33 && mac[1] == 0x33)
		return mac[2] != 0xff;
	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
		if (!memcmp(mac, groups[i], 3))
			return true;
	return !memcmp(mac, none, 6);
}

/* Whether it is a group's and who gave it out (its two lowest bits) stay. */
void mac_draw(const uint8_t key[static DRAW_KEY], uint32_t attempt, const uint8_t mac[static 6], uint8_t *to)
{
	struct draw d;

	memcpy(to, mac, 3);
	if (mac[0] == 0x33 && mac[1] == 0x33) {
		solicited_draw(key, mac + 3, to + 3);
		return;
	}
	draw_begin(&d, key, DRAW_MAC_VENDOR, 0, span_of(mac, 3));
	to[0] = (uint8_t)((draw_byte(&d) & ~3) | (mac[0] & 3));
	to[1] = draw_byte(&d);
	to[2] = draw_byte(&d);
	draw_begin(&d, key, DRAW_MAC, attempt, span_of(mac, 6));
	for (unsigned i = 3; i < 6; i++)
		to[i] = draw_byte(&d);
}
