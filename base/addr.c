/* base/addr.c - addresses to text and back, without the system's resolver. */
#include "base/addr.h"

#include <stdio.h>

static const uint8_t mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

struct addr addr_v4(const uint8_t bytes[static 4])
{
	struct addr a;

	memcpy(a.bytes, mapped, sizeof mapped);
	memcpy(a.bytes + sizeof mapped, bytes, 4);
	return a;
}

struct addr addr_v6(const uint8_t bytes[static 16])
{
	struct addr a;

	memcpy(a.bytes, bytes, sizeof a.bytes);
	return a;
}

struct endpoint_key endpoint_key(const struct endpoint *e)
{
	struct endpoint_key k;

	memcpy(k.bytes, e->addr.bytes, sizeof e->addr.bytes);
	k.bytes[16] = (uint8_t)(e->port >> 8);
	k.bytes[17] = (uint8_t)e->port;
	return k;
}

bool addr_is_v4(const struct addr *a)
{
	return !memcmp(a->bytes, mapped, sizeof mapped);
}

bool addr_is_private(const struct addr *a)
{
	static const struct prefix inside[] = {
		{ { { [10] = 0xff, 0xff, 10 } }, 104 },
		{ { { [10] = 0xff, 0xff, 127 } }, 104 },
		{ { { [10] = 0xff, 0xff, 172, 16 } }, 108 },
		{ { { [10] = 0xff, 0xff, 192, 168 } }, 112 },
		{ { { [10] = 0xff, 0xff, 169, 254 } }, 112 },
		{ { { 0xfc } }, 7 },
		{ { { 0xfe, 0x80 } }, 10 },
		{ { { [15] = 1 } }, 128 },
	};

	for (size_t i = 0; i < sizeof inside / sizeof *inside; i++)
		if (prefix_holds(&inside[i], a))
			return true;
	return false;
}

struct run {
	unsigned at, len;
};

/* The longest run of two or more zero groups is the one written "::" (RFC 5952 section 4.2). */
static struct run zero_run(const unsigned groups[static 8])
{
	struct run best = { 8, 1 };

	for (unsigned i = 0; i < 8; i++) {
		unsigned len = 0;

		while (i + len < 8 && !groups[i + len])
			len++;
		if (len > best.len)
			best = (struct run){ i, len };
	}
	return best;
}

const char *addr_text(const struct addr *a, char text[static ADDR_TEXT])
{
	const uint8_t *b = a->bytes;
	unsigned groups[8];
	struct run gap;
	int len = 0;

	if (addr_is_v4(a)) {
		snprintf(text, ADDR_TEXT, "%u.%u.%u.%u", b[12], b[13], b[14], b[15]);
		return text;
	}
	for (unsigned i = 0; i < 8; i++)
		groups[i] = (unsigned)b[2 * i] << 8 | b[2 * i + 1];
	gap = zero_run(groups);
	text[0] = '\0';
	for (unsigned i = 0; i < 8; i++) {
		if (i == gap.at) {
			len += snprintf(text + len, (size_t)(ADDR_TEXT - len), "::");
			i += gap.len - 1;
			continue;
		}
		len += snprintf(text + len, (size_t)(ADDR_TEXT - len), "%s%x",
		                i && i != gap.at + gap.len ? ":" : "", groups[i]);
	}
	return text;
}

const char *endpoint_text(const struct endpoint *e, char text[static ENDPOINT_TEXT])
{
	char host[ADDR_TEXT];

	snprintf(text, ENDPOINT_TEXT, addr_is_v4(&e->addr) ? "%s:%u" : "[%s]:%u",
	         addr_text(&e->addr, host), e->port);
	return text;
}

static bool parse_v4(struct span text, uint8_t out[static 4])
{
	for (unsigned i = 0; i < 4; i++) {
		bool more = span_byte(text, '.') != SIZE_MAX;
		struct span part = span_split(&text, '.');
		uint64_t value;

		if (part.len > 3 || !span_decimal(part, &value) || value > 255 || more != (i < 3))
			return false;
		out[i] = (uint8_t)value;
	}
	return true;
}

/* Colon-separated groups; at the end of an address the last may be dotted IPv4 (RFC 4291 section 2.2).
 * Returns bytes written, or -1. */
static int parse_groups(struct span text, uint8_t *out, int room, bool at_end)
{
	int len = 0;

	if (!text.len)
		return 0;
	for (;;) {
		bool last = span_byte(text, ':') == SIZE_MAX;
		struct span part = span_split(&text, ':');
		uint64_t value;

		if (last && at_end && span_byte(part, '.') != SIZE_MAX)
			return room - len >= 4 && parse_v4(part, out + len) ? len + 4 : -1;
		if (room - len < 2 || part.len > 4 || !span_hex(part, &value))
			return -1;
		out[len++] = (uint8_t)(value >> 8);
		out[len++] = (uint8_t)value;
		if (last)
			return len;
	}
}

static bool parse_v6(struct span text, struct addr *a)
{
	size_t gap = span_find(text, SPAN("::"));
	uint8_t tail[16];
	int front, back;

	*a = (struct addr){ { 0 } };
	if (gap == SIZE_MAX)
		return parse_groups(text, a->bytes, 16, true) == 16;
	front = parse_groups(span_of(text.at, gap), a->bytes, 14, false);
	if (front < 0)
		return false;
	back = parse_groups(span_skip(text, gap + 2), tail, 14 - front, true);
	if (back < 0)
		return false;
	memcpy(a->bytes + 16 - back, tail, (size_t)back);
	return true;
}

bool addr_parse(struct span text, struct addr *a)
{
	uint8_t v4[4];

	if (text.len > 2 && text.at[0] == '[' && text.at[text.len - 1] == ']')
		return parse_v6(span_of(text.at + 1, text.len - 2), a);
	if (span_byte(text, ':') != SIZE_MAX)
		return parse_v6(text, a);
	if (!parse_v4(text, v4))
		return false;
	*a = addr_v4(v4);
	return true;
}

bool prefix_parse(struct span text, struct prefix *p)
{
	bool slash = span_byte(text, '/') != SIZE_MAX;
	struct span host = span_split(&text, '/');
	uint64_t bits = 0;
	unsigned shift;

	if (!addr_parse(host, &p->addr))
		return false;
	shift = addr_is_v4(&p->addr) ? 96 : 0;
	if (slash && (!span_decimal(text, &bits) || bits > 128 - shift))
		return false;
	p->bits = slash ? shift + (unsigned)bits : 128;
	return true;
}

bool prefix_holds(const struct prefix *p, const struct addr *a)
{
	unsigned whole = p->bits / 8, rest = p->bits % 8;
	uint8_t mask = (uint8_t)(0xff << (8 - rest));

	if (memcmp(p->addr.bytes, a->bytes, whole))
		return false;
	return !rest || !((p->addr.bytes[whole] ^ a->bytes[whole]) & mask);
}
