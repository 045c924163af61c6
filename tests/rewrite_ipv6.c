/* tests/rewrite_ipv6.c - IPv4 packets as IPv6 packets, ICMP errors too (RFC 7915 section 4). */
#include "tests/rewrite_frame.h"

enum { IP4_MIN = 20, IP6_HEADER = 40, ICMP_HEADER = 8 };

/* An address's last four bytes stay; private ones stay private (RFC 4193). */
static const uint8_t public_prefix[12] = { 0x20, 0x01, 0x0d, 0xb8, 0x64, 0x64 };
static const uint8_t private_prefix[12] = { 0xfd, 0x64, 0x64, 0x64 };

struct addr rewrite_address_before(const struct addr *a)
{
	if (!memcmp(a->bytes, public_prefix, sizeof public_prefix) ||
	    !memcmp(a->bytes, private_prefix, sizeof private_prefix))
		return addr_v4(a->bytes + sizeof public_prefix);
	return *a;
}

static void put_address(uint8_t *to, const uint8_t *v4)
{
	struct addr a = addr_v4(v4);

	memcpy(to, addr_is_private(&a) ? private_prefix : public_prefix, sizeof public_prefix);
	memcpy(to + sizeof public_prefix, v4, 4);
}

/* X(type, code, type and code of ICMPv6): RFC 7915 section 4.2. */
#define ICMP_AS_V6(X) \
	X(3, 0, 1, 0) \
	X(3, 1, 1, 0) \
	X(3, 3, 1, 4) \
	X(3, 4, 2, 0) \
	X(3, 9, 1, 1) \
	X(3, 10, 1, 1) \
	X(3, 13, 1, 1) \
	X(3, 15, 1, 1) \
	X(11, 0, 3, 0) \
	X(11, 1, 3, 1)

struct icmp_row {
	uint8_t type, code, type6, code6;
};

static const struct icmp_row *icmp_row_of(const uint8_t *icmp)
{
#define X(type, code, type6, code6) { type, code, type6, code6 },
	static const struct icmp_row rows[] = { ICMP_AS_V6(X) };
#undef X

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].type == icmp[0] && rows[i].code == icmp[1])
			return &rows[i];
	return NULL;
}

static void put_header(uint8_t *to, const uint8_t *ip4, size_t payload)
{
	memset(to, 0, IP6_HEADER);
	to[0] = (uint8_t)(0x60 | ip4[1] >> 4);
	to[1] = (uint8_t)(ip4[1] << 4);
	set_16(to + 4, payload);
	to[6] = ip4[9] == PROTOCOL_ICMP ? PROTOCOL_ICMP6 : ip4[9];
	to[7] = ip4[8];
	put_address(to + 8, ip4 + 12);
	put_address(to + 24, ip4 + 16);
}

/* An error with the packet it quotes, behind its IPv6 header; the length, or 0: cannot be said in
 * IPv6. */
static size_t put_icmp(uint8_t *to, const uint8_t *icmp, size_t len)
{
	const struct icmp_row *row = icmp_row_of(icmp);
	const uint8_t *quoted = icmp + ICMP_HEADER;
	size_t header = len < ICMP_HEADER + IP4_MIN ? 0 : 4u * (quoted[0] & 15), rest;

	if (!row || header < IP4_MIN || len < ICMP_HEADER + header)
		return 0;
	rest = len - ICMP_HEADER - header;
	memset(to, 0, ICMP_HEADER);
	to[0] = row->type6;
	to[1] = row->code6;
	if (row->type6 == 2) /* the MTU: an IPv6 header takes 20 bytes more */
		set_32(to + 4, (uint32_t)((icmp[6] << 8 | icmp[7]) + IP6_HEADER - IP4_MIN));
	put_header(to + ICMP_HEADER, quoted, (size_t)(quoted[2] << 8 | quoted[3]) - header);
	memcpy(to + ICMP_HEADER + IP6_HEADER, quoted + header, rest);
	return ICMP_HEADER + IP6_HEADER + rest;
}

static void set_ethertype(const struct frame *f, uint8_t *bytes, size_t network)
{
	switch ((enum link_type)f->link_type) {
	case LINK_ETHERNET:
	case LINK_SLL: set_16(bytes + network - 2, ETHERTYPE_IP6); break;
	case LINK_SLL2: set_16(bytes, ETHERTYPE_IP6); break;
	case LINK_RAW: break;
	}
}

static const char *add_ip6(struct reel *to, const struct frame *f, const struct shape *s)
{
	const uint8_t *ip4 = f->bytes.at + s->network, *payload = f->bytes.at + s->transport;
	size_t len = s->end - s->transport;
	uint8_t *bytes = reel_bytes(to, s->network + 2 * IP6_HEADER + len),
		*ip6 = bytes + s->network;

	if (len > UINT16_MAX)
		return "packets too large for an IPv6 header";
	memcpy(bytes, f->bytes.at, s->network);
	set_ethertype(f, bytes, s->network);
	if (s->protocol == PROTOCOL_ICMP)
		len = put_icmp(ip6 + IP6_HEADER, payload, len);
	else
		memcpy(ip6 + IP6_HEADER, payload, len);
	if (!len)
		return NULL;
	put_header(ip6, ip4, len);
	seal(ip6, IP6_HEADER + len);
	len += s->network + IP6_HEADER;
	reel_add(to, f, span_of(bytes, len), to->count)->wire_len = (uint32_t)len;
	return NULL;
}

const char *rewrite_ipv6(const struct reel *from, struct reel *to)
{
	for (size_t i = 0; i < from->count; i++) {
		const struct frame *f = &from->all[i].frame;
		const char *why = NULL;
		struct shape s;
		uint16_t type;
		size_t at;

		if (!network_of(f, &at, &type))
			return "frames of a link type that is not rewritten";
		if (type != ETHERTYPE_IP4)
			reel_add(to, f, f->bytes, to->count);
		else if (!shape_of(f, &s))
			return "IPv4 packets that are cut, fragments, or of other protocols";
		else
			why = add_ip6(to, f, &s);
		if (why)
			return why;
	}
	return NULL;
}
