/* decoders/peel.h - from a captured frame to its innermost packet.
 *
 * Owns what spans frames: fragments that wait for their datagram, the names
 * of wires, and the memory of recent frames by which copies are recognised.
 */
#ifndef DECODERS_PEEL_H
#define DECODERS_PEEL_H

#include "decoders/packet.h"
#include "facts/limits.h"

struct peel;

struct peel *peel_new(struct limits *limits);   /* NULL: out of memory; limits is borrowed */
void peel_free(struct peel *p);

/* True: *packet holds a TCP, UDP or ICMP packet.  False: nothing to judge in this frame (another protocol, a
 * fragment that waits, a copy of a frame seen just before, malformed): what it was is counted in limits. */
bool peel_frame(struct peel *p, const struct frame *frame, struct packet *packet);

/* Frames of the fragments that the last packet came in, its own frame among them; how many, 0: it came whole.
 * Lent until the next frame is peeled. */
size_t peel_fragments(const struct peel *p, const uint64_t **frames);

/* "vlan 10", "vlan 20, vxlan 4242"; "" for 0.  Lives as long as `p`. */
const char *peel_wire_text(const struct peel *p, uint32_t wire);

#endif
