/* decoders/peel_walk.h - what the layers of one frame share while it is peeled; inside the peeler only.
 *
 * A layer is a step: it eats its header off the front of walk->left and names the layer that follows,
 * or an end.  peel.c turns the wheel; no layer calls another, so nesting costs no stack and has a ceiling.
 */
#ifndef DECODERS_PEEL_WALK_H
#define DECODERS_PEEL_WALK_H

#include "decoders/ipfrag.h"
#include "decoders/packet.h"
#include "decoders/peel_wire.h"
#include "facts/limits.h"

enum { WALK_STEPS = 48 };               /* headers in one frame; more is nonsense */

/* X(symbol, the limit it adds to; LIMIT_COUNT: none).  OTHER is zero, so that what a table does not name is
 * another protocol.  Cut frames are counted whether they give a packet or not, fragments while they wait. */
#define WALK_ENDS(X)                            \
	X(OTHER,     LIMIT_COUNT)               \
	X(FOUND,     LIMIT_COUNT)               \
	X(WAITS,     LIMIT_COUNT)               \
	X(CUT,       LIMIT_COUNT)               \
	X(COPY,      LIMIT_DUPLICATES)          \
	X(MALFORMED, LIMIT_MALFORMED)           \
	X(PROTECTED, LIMIT_PROTECTED_WIFI)      \
	X(UNKNOWN_LINK, LIMIT_UNKNOWN_LINK)

/* X(symbol, step) */
#define WALK_LAYERS(X)                  \
	X(ETHERNET, link_ethernet)      \
	X(SLL,      link_sll)           \
	X(SLL2,     link_sll2)          \
	X(LOOPBACK, link_loopback)      \
	X(HDLC,     link_hdlc)          \
	X(PPP,      link_ppp)           \
	X(PPP_FLAG, link_ppp_flag)      \
	X(PPPOE,    link_pppoe)         \
	X(LLC,      link_llc)           \
	X(VLAN,     link_vlan)          \
	X(VN_TAG,   link_vn_tag)        \
	X(BACKBONE, link_backbone)      \
	X(MPLS,     link_mpls)          \
	X(WIFI,     link_wifi)          \
	X(RADIOTAP, link_radiotap)      \
	X(PRISM,    link_prism)         \
	X(AVS,      link_avs)           \
	X(PPI,      link_ppi)           \
	X(IP,       ip_any)             \
	X(IP4,      ip_v4)              \
	X(IP6,      ip_v6)              \
	X(OPTIONS,  ip_options)         \
	X(AUTH,     ip_auth)            \
	X(FRAGMENT, ip_v6_fragment)     \
	X(TCP,      ip_tcp)             \
	X(UDP,      ip_udp)             \
	X(ICMP,     ip_icmp)            \
	X(GRE,      tunnel_gre)         \
	X(ERSPAN,   tunnel_erspan)      \
	X(ERSPAN3,  tunnel_erspan3)     \
	X(WCCP,     tunnel_wccp)        \
	X(ETHER_IP, tunnel_ether_ip)    \
	X(VXLAN,    tunnel_vxlan)       \
	X(VXLAN_GPE, tunnel_vxlan_gpe)  \
	X(GENEVE,   tunnel_geneve)      \
	X(TEREDO,   tunnel_teredo)      \
	X(GTP,      tunnel_gtp)         \
	X(TZSP,     tunnel_tzsp)

#define X(symbol, meaning) WALK_##symbol,
enum walk_step { WALK_ENDS(X) WALK_LAYERS(X) WALK_STEP_COUNT };
#undef X

struct walk {
	struct span left;               /* captured, from the next header on */
	uint32_t len;                   /* the same on the wire: left.len <= len */
	const struct frame *frame;
	struct packet *packet;
	struct ipfrag *fragments;
	struct wires *wires;
	struct limits *limits;
	uint16_t check;                 /* transport checksum, as it stands there */
	uint8_t protocol;               /* that follows the IP header, while options are skipped */
	bool reassembled;               /* the packet came in fragments */
	bool sequenced;                 /* the GRE header had a sequence number */
	unsigned tag_count;
	struct wire_tag tags[WIRE_TAGS];
};

#define X(symbol, step) enum walk_step step(struct walk *w);
WALK_LAYERS(X)
#undef X

enum walk_step link_first(uint16_t link_type);  /* the outermost layer; WALK_UNKNOWN_LINK */
enum walk_step link_ethertype(unsigned type);   /* what an Ethernet type announces */
enum walk_step ip_follow(struct walk *w, uint8_t protocol);     /* what an IP protocol number announces */
enum walk_step tunnel_of_ports(uint16_t source, uint16_t target);       /* WALK_OTHER: none */

/* Eats `len` bytes; NULL when they were not captured: then return walk_short(). */
static inline const uint8_t *walk_take(struct walk *w, size_t len)
{
	const uint8_t *at = w->left.at;

	if (w->left.len < len)
		return NULL;
	w->left.at += len;
	w->left.len -= len;
	w->len -= (uint32_t)len;
	return at;
}

/* A header ended too early: because of the snap length, or of itself. */
static inline enum walk_step walk_short(const struct walk *w)
{
	return w->left.len < w->len ? WALK_CUT : WALK_MALFORMED;
}

/* An inner length says how much belongs to it: what is behind is padding.  More than there is means
 * that the frame was cut by someone who did not say so, and the inner length is believed. */
static inline void walk_limit(struct walk *w, uint32_t len)
{
	w->len = len;
	if (w->left.len > len)
		w->left.len = len;
}

/* False: more nesting than is followed. */
static inline bool walk_tag(struct walk *w, enum wire_kind kind, uint32_t id)
{
	if (w->tag_count == WIRE_TAGS)
		return false;
	w->tags[w->tag_count++] = (struct wire_tag){ kind, id };
	return true;
}

static inline uint32_t walk_wire(const struct walk *w)
{
	return w->tag_count ? wires_number(w->wires, w->tags, w->tag_count, w->limits) : 0;
}

static inline unsigned be16(const uint8_t *at)
{
	return (unsigned)at[0] << 8 | at[1];
}

static inline uint32_t be24(const uint8_t *at)
{
	return (uint32_t)at[0] << 16 | be16(at + 1);
}

static inline uint32_t be32(const uint8_t *at)
{
	return (uint32_t)be16(at) << 16 | be16(at + 2);
}

#endif
