/* decoders/link.c - link layers and their tags: Ethernet, cooked captures, loopback, PPP, LLC, MPLS. */
#include "decoders/peel_walk.h"

/* LINKTYPE_ values: https://www.tcpdump.org/linktypes.html */
enum walk_step link_first(uint16_t link_type)
{
	static const struct {
		uint16_t type;
		enum walk_step step;
	} rows[] = {
		{ 1, WALK_ETHERNET },   { 0, WALK_LOOPBACK },   { 9, WALK_PPP },
		{ 12, WALK_IP },        { 14, WALK_IP },        { 50, WALK_PPP },
		{ 51, WALK_PPPOE },     { 101, WALK_IP },       { 104, WALK_HDLC },
		{ 105, WALK_WIFI },     { 108, WALK_LOOPBACK }, { 113, WALK_SLL },
		{ 119, WALK_PRISM },    { 127, WALK_RADIOTAP }, { 163, WALK_AVS },
		{ 166, WALK_PPP_FLAG }, { 192, WALK_PPI },      { 204, WALK_PPP_FLAG },
		{ 228, WALK_IP4 },      { 229, WALK_IP6 },      { 276, WALK_SLL2 },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].type == link_type)
			return rows[i].step;
	return WALK_UNKNOWN_LINK;
}

/* IEEE 802 numbers; the GRE ones share their space (RFC 2784 section 2.4). */
enum walk_step link_ethertype(unsigned type)
{
	static const struct {
		uint16_t type;
		enum walk_step step;
	} rows[] = {
		{ 0x0800, WALK_IP4 },
		{ 0x86dd, WALK_IP6 },
		{ 0x8100, WALK_VLAN },          /* 802.1Q */
		{ 0x88a8, WALK_VLAN },          /* 802.1ad */
		{ 0x9100, WALK_VLAN },          /* QinQ before there was a standard */
		{ 0x9200, WALK_VLAN },
		{ 0x8847, WALK_MPLS },
		{ 0x8848, WALK_MPLS },
		{ 0x8864, WALK_PPPOE },
		{ 0x8926, WALK_VN_TAG },
		{ 0x88e7, WALK_BACKBONE },
		{ 0x6558, WALK_ETHERNET },      /* transparent Ethernet bridging */
		{ 0x880b, WALK_PPP },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].type == type)
			return rows[i].step;
	return WALK_OTHER;
}

/* Below 1536 the field is a length, and LLC follows (IEEE 802.3 section 3.2.6). */
static enum walk_step type_or_length(struct walk *w, unsigned type)
{
	if (type >= 1536)
		return link_ethertype(type);
	if (type < w->len)
		walk_limit(w, type);
	return WALK_LLC;
}

enum walk_step link_ethernet(struct walk *w)
{
	const uint8_t *h = walk_take(w, 14);

	return h ? type_or_length(w, be16(h + 12)) : walk_short(w);
}

/* A tag of VLAN 0 carries a priority only (IEEE 802.1Q section 9.6): the wire is the untagged one. */
enum walk_step link_vlan(struct walk *w)
{
	const uint8_t *h = walk_take(w, 4);
	unsigned id;

	if (!h)
		return walk_short(w);
	id = be16(h) & 0xfff;
	if (id && !walk_tag(w, WIRE_VLAN, id))
		return WALK_MALFORMED;
	return type_or_length(w, be16(h + 2));
}

/* Cisco's VN-Tag between a fabric extender and its switch: interface numbers, then the real type. */
enum walk_step link_vn_tag(struct walk *w)
{
	const uint8_t *h = walk_take(w, 6);

	return h ? type_or_length(w, be16(h + 4)) : walk_short(w);
}

/* 802.1ah: a service id of 24 bits, then the customer's whole frame. */
enum walk_step link_backbone(struct walk *w)
{
	const uint8_t *h = walk_take(w, 4);

	if (!h)
		return walk_short(w);
	return walk_tag(w, WIRE_ISID, be24(h + 1)) ? WALK_ETHERNET : WALK_MALFORMED;
}

enum walk_step link_llc(struct walk *w)
{
	const uint8_t *h = walk_take(w, 3);

	if (!h)
		return walk_short(w);
	if (h[0] == 0x06 && h[1] == 0x06 && h[2] == 0x03)
		return WALK_IP4;
	if (h[0] != 0xaa || h[1] != 0xaa || h[2] != 0x03)
		return WALK_OTHER;
	h = walk_take(w, 5);
	if (!h)
		return walk_short(w);
	/* RFC 1042 and the bridge-tunnel OUI; others are somebody's own. */
	return be24(h) == 0 || be24(h) == 0xf8 ? link_ethertype(be16(h + 3)) : WALK_OTHER;
}

enum { SLL_OUTGOING = 4, SLL_802_2 = 4 };

static enum walk_step cooked(struct walk *w, unsigned packet_type, unsigned protocol)
{
	w->packet->outbound |= packet_type == SLL_OUTGOING;
	return protocol == SLL_802_2 ? WALK_LLC : link_ethertype(protocol);
}

enum walk_step link_sll(struct walk *w)
{
	const uint8_t *h = walk_take(w, 16);

	return h ? cooked(w, be16(h), be16(h + 14)) : walk_short(w);
}

enum walk_step link_sll2(struct walk *w)
{
	const uint8_t *h = walk_take(w, 20);

	return h ? cooked(w, h[10], be16(h)) : walk_short(w);
}

/* An address family in the byte order of whoever captured, so in either: the numbers are small. */
enum walk_step link_loopback(struct walk *w)
{
	static const uint8_t inet6[] = { 10, 23, 24, 28, 30 };  /* Linux, Windows, BSDs, macOS */
	const uint8_t *h = walk_take(w, 4);
	unsigned family;

	if (!h)
		return walk_short(w);
	family = be16(h) ? (unsigned)h[1] << 8 | h[0] : be16(h + 2);
	if (family == 2)
		return WALK_IP4;
	return family < 256 && memchr(inet6, (int)family, sizeof inet6) ? WALK_IP6 : WALK_OTHER;
}

/* Cisco's HDLC: address 0x0f or 0x8f, control 0, Ethernet type. */
enum walk_step link_hdlc(struct walk *w)
{
	const uint8_t *h = walk_take(w, 4);

	return h ? link_ethertype(be16(h + 2)) : walk_short(w);
}

enum walk_step link_ppp_flag(struct walk *w)
{
	return walk_take(w, 1) ? WALK_PPP : walk_short(w);      /* direction */
}

/* Address and control may be left out, and the protocol's first byte when it is 0 (RFC 1661 section 6.5). */
enum walk_step link_ppp(struct walk *w)
{
	const uint8_t *h = w->left.at;
	unsigned protocol;

	if (w->left.len < 2)
		return walk_short(w);
	if (w->left.len >= 4 && (h[0] == 0x0f || h[0] == 0x8f) && h[1] == 0)
		return WALK_HDLC;
	if (h[0] == 0xff && h[1] == 0x03)
		walk_take(w, 2);
	h = walk_take(w, 1);
	if (!h)
		return walk_short(w);
	protocol = h[0];
	if (!(protocol & 1)) {
		h = walk_take(w, 1);
		if (!h)
			return walk_short(w);
		protocol = protocol << 8 | h[0];
	}
	switch (protocol) {
	case 0x0021: return WALK_IP4;
	case 0x0057: return WALK_IP6;
	case 0x0281:
	case 0x0283: return WALK_MPLS;
	}
	return WALK_OTHER;
}

/* RFC 2516 section 4; code 0 is data. */
enum walk_step link_pppoe(struct walk *w)
{
	const uint8_t *h = walk_take(w, 6);

	if (!h)
		return walk_short(w);
	if (h[0] != 0x11 || h[1] != 0)
		return WALK_OTHER;
	if (be16(h + 4) < w->len)
		walk_limit(w, be16(h + 4));
	return WALK_PPP;
}

/* Nothing names what is below the last label.  IP begins with its version; a pseudowire with a control
 * word of zeros (RFC 4385 section 3) or at once with a MAC address, which may look like IP: then
 * an IP header that contradicts itself gives it away. */
static enum walk_step below_labels(const struct walk *w)
{
	const uint8_t *h = w->left.at;

	if (w->left.len < 20)
		return walk_short(w);
	if (h[0] >> 4 == 4 && (h[0] & 15) >= 5 && be16(h + 2) >= 20 && be16(h + 2) <= w->len)
		return WALK_IP4;
	if (h[0] >> 4 == 6 && be16(h + 4) + 40u <= w->len)
		return WALK_IP6;
	return WALK_ETHERNET;
}

enum walk_step link_mpls(struct walk *w)
{
	const uint8_t *h = walk_take(w, 4);
	uint32_t label;
	enum walk_step next;

	if (!h)
		return walk_short(w);
	if (!(h[2] & 1))
		return WALK_MPLS;
	label = be24(h) >> 4;
	if (label == 0 || label == 2)   /* explicit NULL, RFC 3032 section 2.1 */
		return label ? WALK_IP6 : WALK_IP4;
	next = below_labels(w);
	if (next != WALK_ETHERNET)
		return next;
	if (w->left.at[0] >> 4 == 1)    /* an associated channel: the operator's own, RFC 4385 section 5 */
		return WALK_OTHER;
	if (w->left.at[0] >> 4 == 0 && link_ethertype(be16(w->left.at + 12)) == WALK_OTHER)
		walk_take(w, 4);
	return WALK_ETHERNET;
}
