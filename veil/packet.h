/* veil/packet.h - one frame, layer by layer: addresses, headers, UDP payloads, checksums.
 *
 * Turns the wheel of decoders/peel_walk.h over the frame and rewrites a copy of each header as it
 * passes. What is behind the last header that is known is blanked.  A checksum that was right is right
 * again, one that was wrong stays wrong.  Fragments are rewritten as the datagram that they are pieces
 * of, which only an earlier reading has seen whole.
 */
#ifndef VEIL_PACKET_H
#define VEIL_PACKET_H

#include "base/frame.h"
#include "decoders/track.h"
#include "veil/names.h"

struct packets;

/* Who knows TCP connections.  Each TCP packet is shown once a reading, in order; true: *place tells
 * where its payload lies.  Payloads, as far as captured, are rewritten in place, sooner or later than
 * shown. */
struct packets_payload {
	void *self;
	bool (*locate)(void *self, const struct packet *packet, struct track_place *place);
	void (*rewrite)(void *self, const struct track_place *place, uint8_t *bytes, size_t len);
};

/* All is borrowed.  NULL: out of memory. */
struct packets *packets_new(struct names *names, const struct packets_payload *payload,
                            struct budget *budget);
void packets_free(struct packets *p);

/* The same frames come again, from the first on: a third reading rewrites them all.  False: out of
 * memory. */
bool packets_again(struct packets *p);

/* Rewrites a frame; the bytes are lent until the next call.  Values are shown to the registry on the
 * way. */
struct span packets_frame(struct packets *p, const struct frame *frame);

#endif
