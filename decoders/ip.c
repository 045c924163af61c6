/* decoders/ip.c - IPv4 (RFC 791), IPv6 (RFC 8200), their extension headers, and ICMP's place in them. */
#include "decoders/peel_walk.h"

enum {
	MORE_FRAGMENTS = 0x2000, OFFSET_MASK = 0x1fff,  /* IPv4 */
	OPTION_JUMBO = 0xc2,                            /* RFC 2675 */
	PROTOCOL_ICMP = 1, PROTOCOL_TCP = 6, PROTOCOL_UDP = 17, PROTOCOL_ICMP6 = 58,
};

/* Numbers of IANA's registry; 0 (WALK_OTHER) for all that carries nothing we read. */
static const uint8_t protocols[256] = {
	[0] = WALK_OPTIONS,     /* hop by hop */
	[PROTOCOL_ICMP] = WALK_ICMP,
	[4] = WALK_IP4,
	[PROTOCOL_TCP] = WALK_TCP,
	[PROTOCOL_UDP] = WALK_UDP,
	[41] = WALK_IP6,        /* 6in4 */
	[43] = WALK_OPTIONS,    /* routing */
	[44] = WALK_FRAGMENT,
	[47] = WALK_GRE,
	[51] = WALK_AUTH,
	[PROTOCOL_ICMP6] = WALK_ICMP,
	[60] = WALK_OPTIONS,    /* destination */
	[97] = WALK_ETHER_IP,
	[135] = WALK_OPTIONS,   /* mobility, HIP, shim6 */
	[137] = WALK_MPLS,
	[139] = WALK_OPTIONS,
	[140] = WALK_OPTIONS,
};

enum walk_step ip_follow(struct walk *w, uint8_t protocol)
{
	w->protocol = protocol;
	return protocols[protocol];
}

enum walk_step ip_any(struct walk *w)
{
	if (!w->left.len)
		return walk_short(w);
	switch (w->left.at[0] >> 4) {
	case 4: return WALK_IP4;
	case 6: return WALK_IP6;
	}
	return WALK_OTHER;
}

/* A first fragment must hold the whole transport header: shorter ones are made to slip past filters
 * (RFC 1858, RFC 7112). */
static bool is_tiny(uint8_t protocol, uint32_t len)
{
	switch (protocol) {
	case PROTOCOL_TCP:  return len < 20;
	case PROTOCOL_UDP:
	case PROTOCOL_ICMP:
	case PROTOCOL_ICMP6: return len < 8;
	}
	return false;
}

static enum walk_step fragment(struct walk *w, struct ipfrag_piece *piece)
{
	piece->bytes = w->left;
	piece->len = w->len;
	piece->time = w->frame->time;
	piece->frame = w->frame->number;
	if (!piece->offset && is_tiny(piece->next, piece->len))
		return WALK_MALFORMED;
	switch (ipfrag_add(w->fragments, piece, &w->left, &w->len)) {
	case IPFRAG_WAITS:     return WALK_WAITS;
	case IPFRAG_COPY:      return WALK_COPY;
	case IPFRAG_MALFORMED: return WALK_MALFORMED;
	case IPFRAG_WHOLE:     break;
	}
	w->reassembled = true;
	return ip_follow(w, piece->next);
}

static enum walk_step v4_fragment(struct walk *w, const uint8_t *h)
{
	unsigned field = be16(h + 6);
	struct ipfrag_piece piece = {
		.key = {
			.source = w->packet->source.addr,
			.target = w->packet->target.addr,
			.wire = walk_wire(w),
			.id = w->packet->ip_id,
			.protocol = h[9],
		},
		.offset = (field & OFFSET_MASK) * 8u,
		.more = field & MORE_FRAGMENTS,
		.next = h[9],
	};

	return fragment(w, &piece);
}

enum walk_step ip_v4(struct walk *w)
{
	const uint8_t *h = w->left.at;
	struct packet *p = w->packet;
	uint32_t header, total;

	if (w->left.len < 20)
		return walk_short(w);
	header = (h[0] & 15) * 4u;
	total = be16(h + 2);
	if (h[0] >> 4 != 4 || header < 20 || (total && total < header))
		return WALK_MALFORMED;
	/* 0: longer than the field can tell, for the network card to cut up; all there is belongs to it. */
	if (total)
		walk_limit(w, total);
	if (!walk_take(w, header))
		return walk_short(w);
	p->source.addr = addr_v4(h + 12);
	p->target.addr = addr_v4(h + 16);
	p->ttl = h[8];
	p->ip_id = (uint16_t)be16(h + 4);
	p->traffic_class = h[1];
	if (be16(h + 6) & (MORE_FRAGMENTS | OFFSET_MASK))
		return v4_fragment(w, h);
	return ip_follow(w, h[9]);
}

enum walk_step ip_v6(struct walk *w)
{
	const uint8_t *h = walk_take(w, 40);
	struct packet *p = w->packet;

	if (!h)
		return walk_short(w);
	if (h[0] >> 4 != 6)
		return WALK_MALFORMED;
	/* 0: a jumbogram (RFC 2675), or a large offloaded packet. */
	if (be16(h + 4))
		walk_limit(w, be16(h + 4));
	p->source.addr = addr_v6(h + 8);
	p->target.addr = addr_v6(h + 24);
	p->ttl = h[7];
	p->ip_id = 0;
	p->traffic_class = (uint8_t)(be16(h) >> 4);
	return ip_follow(w, h[6]);
}

/* Most IPv6 extension headers share a shape: next header, length in eight bytes beyond the first. */
enum walk_step ip_options(struct walk *w)
{
	const uint8_t *h = w->left.at;

	if (w->left.len < 8)
		return walk_short(w);
	if (!w->protocol && h[2] == OPTION_JUMBO && be32(h + 4) > UINT16_MAX && be32(h + 4) < w->len)
		walk_limit(w, be32(h + 4));
	return walk_take(w, (h[1] + 1u) * 8) ? ip_follow(w, h[0]) : walk_short(w);
}

/* The authentication header counts in four bytes, less two (RFC 4302 section 2.2). */
enum walk_step ip_auth(struct walk *w)
{
	const uint8_t *h = w->left.at;

	if (w->left.len < 12)
		return walk_short(w);
	return walk_take(w, (h[1] + 2u) * 4) ? ip_follow(w, h[0]) : walk_short(w);
}

enum walk_step ip_v6_fragment(struct walk *w)
{
	const uint8_t *h = walk_take(w, 8);
	struct ipfrag_piece piece;

	if (!h)
		return walk_short(w);
	if (!(be16(h + 2) & ~6u))       /* atomic: whole by itself (RFC 6946) */
		return ip_follow(w, h[0]);
	piece = (struct ipfrag_piece){
		.key = {
			.source = w->packet->source.addr,
			.target = w->packet->target.addr,
			.wire = walk_wire(w),
			.id = be32(h + 4),
		},
		.offset = be16(h + 2) & ~7u,
		.more = h[3] & 1,
		.next = h[0],
	};
	return fragment(w, &piece);
}

enum walk_step ip_icmp(struct walk *w)
{
	struct packet *p = w->packet;
	bool v6 = w->protocol == PROTOCOL_ICMP6;

	if (addr_is_v4(&p->source.addr) == v6)
		return WALK_OTHER;
	if (w->len < 8)
		return WALK_MALFORMED;
	if (w->left.len < 4)
		return WALK_CUT;
	p->kind = PACKET_ICMP;
	p->source.port = p->target.port = 0;
	p->icmp = w->left;
	w->check = (uint16_t)be16(w->left.at + 2);
	return WALK_FOUND;
}
