/* decoders/tunnel.c - tunnels right above IP: GRE (RFC 2784, 2890, 2637), ERSPAN, WCCP, EtherIP. */
#include "decoders/peel_walk.h"

enum {
	GRE_CHECKSUM = 0x8000, GRE_ROUTING = 0x4000, GRE_KEY = 0x2000, GRE_SEQUENCE = 0x1000,
	GRE_VERSION = 7, GRE_ACK = 0x0080,
	TYPE_ERSPAN = 0x88be, TYPE_ERSPAN3 = 0x22eb, TYPE_WCCP = 0x883e, TYPE_PPP = 0x880b,
	TYPE_EOIP = 0x6400, TYPE_ARUBA_FIRST = 0x8200, TYPE_ARUBA_LAST = 0x83ff,
};

/* Enhanced GRE of PPTP (RFC 2637 section 4.1): its key is a length and a call id, one for each direction. */
static enum walk_step pptp(struct walk *w, unsigned flags)
{
	size_t len = 8 + (flags & GRE_SEQUENCE ? 4u : 0u) + (flags & GRE_ACK ? 4u : 0u);

	if (!(flags & GRE_SEQUENCE))            /* an acknowledgment alone */
		return WALK_OTHER;
	return walk_take(w, len) ? WALK_PPP : walk_short(w);
}

/* Ethernet over IP as MikroTik does it: the key is a length and the tunnel's id, least byte first. */
static enum walk_step eoip(struct walk *w)
{
	const uint8_t *h = walk_take(w, 8);

	if (!h)
		return walk_short(w);
	return walk_tag(w, WIRE_EOIP, (uint32_t)h[7] << 8 | h[6]) ? WALK_ETHERNET : WALK_MALFORMED;
}

static enum walk_step gre_payload(unsigned type)
{
	/* Aruba access points send whole 802.11 frames, by priority under neighbouring numbers. */
	if (type >= TYPE_ARUBA_FIRST && type <= TYPE_ARUBA_LAST)
		return WALK_WIFI;
	switch (type) {
	case TYPE_ERSPAN:  return WALK_ERSPAN;
	case TYPE_ERSPAN3: return WALK_ERSPAN3;
	case TYPE_WCCP:    return WALK_WCCP;
	}
	return link_ethertype(type);
}

/* What ERSPAN mirrors belongs to the wire that it was mirrored from: a session's key says nothing. */
static bool is_mirror(unsigned type)
{
	return type == TYPE_ERSPAN || type == TYPE_ERSPAN3;
}

enum walk_step tunnel_gre(struct walk *w)
{
	const uint8_t *h = w->left.at;
	unsigned flags, type;
	size_t len = 4;

	if (w->left.len < 4)
		return walk_short(w);
	flags = be16(h);
	type = be16(h + 2);
	if ((flags & GRE_VERSION) == 1 && type == TYPE_PPP)
		return pptp(w, flags);
	if ((flags & GRE_VERSION) == 1 && type == TYPE_EOIP)
		return eoip(w);
	if (flags & GRE_VERSION || flags & GRE_ROUTING)
		return WALK_OTHER;
	len += flags & GRE_CHECKSUM ? 4 : 0;
	len += flags & GRE_KEY ? 4 : 0;
	len += flags & GRE_SEQUENCE ? 4 : 0;
	w->sequenced = flags & GRE_SEQUENCE;
	if (!walk_take(w, len))
		return walk_short(w);
	if (flags & GRE_KEY && !is_mirror(type) &&
	    !walk_tag(w, WIRE_GRE, be32(h + (flags & GRE_CHECKSUM ? 8 : 4))))
		return WALK_MALFORMED;
	return gre_payload(type);
}

/* Type I has no header of its own and no GRE sequence number; type II has both
 * (draft-foschiano-erspan section 4). */
enum walk_step tunnel_erspan(struct walk *w)
{
	return !w->sequenced || walk_take(w, 8) ? WALK_ETHERNET : walk_short(w);
}

/* Type III: the last bit announces a subheader; the frame type is Ethernet or IP. */
enum walk_step tunnel_erspan3(struct walk *w)
{
	const uint8_t *h = walk_take(w, 12);

	if (!h || (h[11] & 1 && !walk_take(w, 8)))
		return walk_short(w);
	switch (h[10] >> 2 & 0x1f) {
	case 0: return WALK_ETHERNET;
	case 2: return WALK_IP;
	}
	return WALK_OTHER;
}

/* What a router redirects to a proxy: version 2 puts a header of four bytes before the IP packet. */
enum walk_step tunnel_wccp(struct walk *w)
{
	if (w->left.len && w->left.at[0] >> 4 != 4 && !walk_take(w, 4))
		return walk_short(w);
	return WALK_IP;
}

enum walk_step tunnel_ether_ip(struct walk *w)
{
	return walk_take(w, 2) ? WALK_ETHERNET : walk_short(w);         /* RFC 3378 section 2 */
}
