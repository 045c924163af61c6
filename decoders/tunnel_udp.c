/* decoders/tunnel_udp.c - UDP (RFC 768), and the tunnels that hide behind its ports.
 *
 * A port is only a hint: a header that is not the tunnel's leaves the packet the UDP packet that it is.
 */
#include "decoders/peel_walk.h"

enum walk_step tunnel_of_ports(uint16_t source, uint16_t target)
{
	static const struct {
		uint16_t port;
		bool both;              /* answers come from that port; else both ends send to it */
		enum walk_step step;
	} rows[] = {
		{ 4789, false, WALK_VXLAN },
		{ 8472, false, WALK_VXLAN },            /* Linux, before IANA chose */
		{ 4790, false, WALK_VXLAN_GPE },
		{ 6081, false, WALK_GENEVE },
		{ 3544, true,  WALK_TEREDO },
		{ 2152, true,  WALK_GTP },
		{ 37008, false, WALK_TZSP },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].port == target || (rows[i].both && rows[i].port == source))
			return rows[i].step;
	return WALK_OTHER;
}

enum walk_step ip_udp(struct walk *w)
{
	struct packet *p = w->packet;
	const uint8_t *h = walk_take(w, 8);
	enum walk_step tunnel;
	unsigned len;

	if (!h)
		return walk_short(w);
	len = be16(h + 4);
	if (len && len < 8)
		return WALK_MALFORMED;
	if (len && len - 8 < w->len)            /* 0: a jumbogram, RFC 2675 section 4 */
		walk_limit(w, len - 8);
	p->kind = PACKET_UDP;
	p->source.port = (uint16_t)be16(h);
	p->target.port = (uint16_t)be16(h + 2);
	p->udp = w->left;
	w->check = (uint16_t)be16(h + 6);
	tunnel = tunnel_of_ports(p->source.port, p->target.port);
	return tunnel == WALK_OTHER ? WALK_FOUND : tunnel;
}

/* RFC 7348 section 5: flag I must be set, the rest is reserved. */
enum walk_step tunnel_vxlan(struct walk *w)
{
	const uint8_t *h = w->left.at;

	if (w->left.len < 8 + 14 || !(h[0] & 0x08))
		return WALK_FOUND;
	walk_take(w, 8);
	return walk_tag(w, WIRE_VXLAN, be24(h + 4)) ? WALK_ETHERNET : WALK_MALFORMED;
}

/* draft-ietf-nvo3-vxlan-gpe: flag P says that the fourth byte names what follows. */
enum walk_step tunnel_vxlan_gpe(struct walk *w)
{
	static const enum walk_step follows[] = { [1] = WALK_IP4, [2] = WALK_IP6, [3] = WALK_ETHERNET,
						  [5] = WALK_MPLS };
	const uint8_t *h = w->left.at;
	enum walk_step next = WALK_ETHERNET;

	if (w->left.len < 8 + 14 || !(h[0] & 0x08))
		return WALK_FOUND;
	if (h[0] & 0x04)
		next = h[3] < sizeof follows / sizeof *follows ? follows[h[3]] : WALK_OTHER;
	if (next == WALK_OTHER)
		return WALK_FOUND;
	walk_take(w, 8);
	return walk_tag(w, WIRE_VXLAN, be24(h + 4)) ? next : WALK_MALFORMED;
}

/* RFC 8926 section 3.4. */
enum walk_step tunnel_geneve(struct walk *w)
{
	const uint8_t *h = w->left.at;
	size_t len;

	if (w->left.len < 8)
		return WALK_FOUND;
	len = 8 + (h[0] & 0x3fu) * 4;
	if (h[0] >> 6 || w->left.len < len || link_ethertype(be16(h + 2)) == WALK_OTHER)
		return WALK_FOUND;
	walk_take(w, len);
	return walk_tag(w, WIRE_GENEVE, be24(h + 4)) ? link_ethertype(be16(h + 2)) : WALK_MALFORMED;
}

/* RFC 4380 section 5.1.1: authentication and origin may stand before the IPv6 packet. */
enum walk_step tunnel_teredo(struct walk *w)
{
	struct span s = w->left;

	if (s.len >= 4 && s.at[0] == 0 && s.at[1] == 1)
		s = span_skip(s, 13u + s.at[2] + s.at[3]);
	if (s.len >= 8 && s.at[0] == 0 && s.at[1] == 0)
		s = span_skip(s, 8);
	if (s.len < 40 || s.at[0] >> 4 != 6)
		return WALK_FOUND;
	walk_take(w, w->left.len - s.len);
	return WALK_IP6;
}

/* 3GPP TS 29.281 section 5.1: a G-PDU of version 1 with its optional fields and extension headers. */
enum walk_step tunnel_gtp(struct walk *w)
{
	struct span s = w->left;
	uint8_t next;

	if (s.len < 12 || s.at[0] >> 4 != 3 || s.at[1] != 0xff)
		return WALK_FOUND;
	next = s.at[0] & 4 ? s.at[11] : 0;
	s = span_skip(s, s.at[0] & 7 ? 12 : 8);
	while (next && s.len >= 4 && s.at[0]) {
		size_t len = s.at[0] * 4u;

		next = len <= s.len ? s.at[len - 1] : 0;
		s = span_skip(s, len);
	}
	if (s.len < 20 || (s.at[0] >> 4 != 4 && s.at[0] >> 4 != 6))
		return WALK_FOUND;
	walk_take(w, w->left.len - s.len);
	return WALK_IP;
}

/* TaZmen Sniffer Protocol: a mirror's frame behind tags, of which 0 is filler and 1 the last. */
enum walk_step tunnel_tzsp(struct walk *w)
{
	struct span s = w->left;
	enum walk_step next;

	if (s.len < 5 || s.at[0] != 1 || s.at[1] > 1)
		return WALK_FOUND;
	switch (be16(s.at + 2)) {
	case 0x01: next = WALK_ETHERNET; break;
	case 0x12: next = WALK_WIFI; break;
	case 0x77: next = WALK_PRISM; break;
	case 0x7f: next = WALK_AVS; break;
	default:   return WALK_FOUND;
	}
	s = span_skip(s, 4);
	while (s.len >= 2 && s.at[0] != 1)
		s = span_skip(s, s.at[0] ? 2u + s.at[1] : 1u);
	if (s.len < 2)
		return WALK_FOUND;
	walk_take(w, w->left.len - s.len + 1);
	return next;
}
