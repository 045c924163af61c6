/* decoders/copies.h - a frame seen twice: mirror ports (ingress and egress), pktmon's layers, "any".
 *
 * A copy must not be taken for a retransmission; a retransmission must not be taken for a copy.
 * Owns a small table of recent packets; allocates nothing per packet.
 */
#ifndef DECODERS_COPIES_H
#define DECODERS_COPIES_H

#include "decoders/packet.h"

struct copies;

struct copies *copies_new(void);        /* NULL: out of memory */
void copies_free(struct copies *c);

/* True: `packet` is another sighting of one just seen.  `check` is its transport checksum as it stands,
 * `packet_id` its frame's epb_packetid or 0. */
bool copies_seen(struct copies *c, const struct packet *packet, uint16_t check, uint64_t packet_id);

#endif
