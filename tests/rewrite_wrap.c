/* tests/rewrite_wrap.c - frames under VLAN tags and in a VXLAN tunnel. */
#include "tests/rewrite_frame.h"

enum { MACS = 12, ETHERNET_HEADER = 14, VXLAN_PORT = 4789 };

static const char not_ethernet[] = "frames of a link type that no Ethernet header can stand for";

/* Ethernet as it is, or the packet of another link type behind an Ethernet header; empty: cannot be
 * done. */
static struct span as_ethernet(const struct frame *f, struct reel *to)
{
	uint16_t type;
	uint8_t *bytes;
	size_t at, len;

	if (f->link_type == LINK_ETHERNET)
		return f->bytes;
	if (!network_of(f, &at, &type))
		return (struct span){ 0 };
	len = ETHERNET_HEADER + f->bytes.len - at;
	bytes = reel_bytes(to, len);
	memcpy(bytes, "\x02\0\0\0\0\x02\x02\0\0\0\0\x01", MACS);
	set_16(bytes + MACS, type);
	memcpy(bytes + ETHERNET_HEADER, f->bytes.at + at, len - ETHERNET_HEADER);
	return span_of(bytes, len);
}

static void add_wrapped(struct reel *to, const struct frame *f, const uint8_t *bytes, size_t len)
{
	reel_add(to, f, span_of(bytes, len), to->count)->link_type = LINK_ETHERNET;
}

/* From the higher address of two to the lower. */
static bool goes_down(const struct frame *f)
{
	uint16_t type;
	size_t at, first, width;

	if (!network_of(f, &at, &type))
		return false;
	width = type == ETHERTYPE_IP6 ? 16 : 4;
	first = type == ETHERTYPE_IP6 ? 8 : 12;
	return f->bytes.len >= at + first + 2 * width &&
	       memcmp(f->bytes.at + at + first, f->bytes.at + at + first + width, width) > 0;
}

static const char *tag(const struct reel *from, struct reel *to, struct span tags, bool half)
{
	for (size_t i = 0; i < from->count; i++) {
		const struct frame *f = &from->all[i].frame;
		struct span inner = as_ethernet(f, to);
		size_t const more = half && goes_down(f) ? 0 : tags.len;
		uint8_t *bytes = reel_bytes(to, inner.len + more);

		if (inner.len < ETHERNET_HEADER)
			return not_ethernet;
		memcpy(bytes, inner.at, MACS);
		memcpy(bytes + MACS, tags.at, more);
		memcpy(bytes + MACS + more, inner.at + MACS, inner.len - MACS);
		add_wrapped(to, f, bytes, inner.len + more);
	}
	return NULL;
}

const char *rewrite_tag(const struct reel *from, struct reel *to, struct span tags)
{
	return tag(from, to, tags, false);
}

const char *rewrite_tag_half(const struct reel *from, struct reel *to, struct span tags)
{
	return tag(from, to, tags, true);
}

/* RFC 7348 section 5: Ethernet, IPv4, UDP, VXLAN; the tunnel's hosts forbid fragments, so their
 * identification is 0, and leave the UDP checksum out. */
static const uint8_t vxlan_head[] = {
	0x02,
	0,
	0,
	0,
	0,
	0x12,
	0x02,
	0,
	0,
	0,
	0,
	0x11,
	0x08,
	0x00,
	0x45,
	0,
	0,
	0,
	0,
	0,
	0x40,
	0,
	64,
	PROTOCOL_UDP,
	0,
	0,
	10,
	77,
	0,
	1,
	10,
	77,
	0,
	2,
	0xc0,
	0x00,
	VXLAN_PORT >> 8,
	VXLAN_PORT & 0xff,
	0,
	0,
	0,
	0,
	0x08,
	0,
	0,
	0,
	0,
	0x10,
	0x92,
	0,
};

const char *rewrite_vxlan(const struct reel *from, struct reel *to)
{
	enum { IP = 14, UDP = 34 };

	for (size_t i = 0; i < from->count; i++) {
		const struct frame *f = &from->all[i].frame;
		struct span inner = as_ethernet(f, to);
		size_t len = sizeof vxlan_head + inner.len;
		uint8_t *bytes = reel_bytes(to, len);

		if (inner.len < ETHERNET_HEADER)
			return not_ethernet;
		if (len - IP > UINT16_MAX)
			return "frames too large for a tunnel";
		memcpy(bytes, vxlan_head, sizeof vxlan_head);
		memcpy(bytes + sizeof vxlan_head, inner.at, inner.len);
		seal(bytes + IP, len - IP);
		set_16(bytes + UDP + 6, 0);
		add_wrapped(to, f, bytes, len);
	}
	return NULL;
}
