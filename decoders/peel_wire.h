/* decoders/peel_wire.h - the wires of a capture: VLANs and virtual networks, as small numbers.
 *
 * The same addresses and ports in two VLANs are two connections.  What names a wire is what both
 * directions of a conversation share: not MPLS labels, GTP endpoints or ERSPAN sessions.
 */
#ifndef DECODERS_PEEL_WIRE_H
#define DECODERS_PEEL_WIRE_H

#include "base/map.h"
#include "facts/limits.h"

enum { WIRE_TAGS = 8 };                 /* on the way into one frame */

/* X(symbol, name in outputs) */
#define WIRE_KINDS(X)           \
	X(VLAN,   "vlan")       \
	X(ISID,   "isid")       \
	X(VXLAN,  "vxlan")      \
	X(GENEVE, "geneve")     \
	X(GRE,    "gre")        \
	X(EOIP,   "eoip")

#define X(symbol, name) WIRE_##symbol,
enum wire_kind { WIRE_KINDS(X) };
#undef X

struct wire_tag {
	uint32_t kind;          /* enum wire_kind; as wide as `id`: tags are compared as bytes */
	uint32_t id;
};

struct wires {
	struct map names;       /* tags -> text; a wire's number is its place, from 1 */
	struct arena texts;
	uint32_t last;          /* the wire looked up last: neighbours in a capture share theirs */
};

void wires_init(struct wires *w);
void wires_release(struct wires *w);

/* The number of a wire with at least one tag.  Wires beyond the ceiling share one, and are counted. */
uint32_t wires_number(struct wires *w, const struct wire_tag *tags, size_t count,
		      struct limits *limits);

/* "vlan 20, vxlan 4242"; "" for 0.  Lives as long as `w`. */
const char *wires_text(const struct wires *w, uint32_t wire);

#endif
