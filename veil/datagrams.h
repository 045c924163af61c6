/* veil/datagrams.h - IP datagrams that came in fragments: what an earlier reading saw whole.
 *
 * A fragment can only be rewritten as a piece of its datagram, whose other pieces come later.  So the
 * first reading keeps datagrams, the second learns where a TCP payload in them lies, and the third
 * rewrites one when its first piece comes.  Drawn on a budget: fragments of what found no room are
 * blanked.
 */
#ifndef VEIL_DATAGRAMS_H
#define VEIL_DATAGRAMS_H

#include "base/budget.h"
#include "decoders/track.h"

struct datagram {
	struct datagram *next;          /* older */
	uint8_t protocol;
	bool placed, done;              /* `place` holds; `to` is rewritten */
	struct track_place place;       /* of a TCP payload */
	uint32_t wire_len;              /* len <= wire_len: it may have been captured in part */
	size_t len;
	uint8_t *from, *to;
};

struct datagrams;

struct datagrams *datagrams_new(struct budget *budget);
void datagrams_free(struct datagrams *d);

/* Keeps a datagram that came in those frames; NULL: no room.  Nothing but the bytes is filled in. */
struct datagram *datagrams_keep(struct datagrams *d, struct span bytes, const uint64_t *frames, size_t count);

/* That the frame brought a piece of; NULL: none that was kept. */
struct datagram *datagrams_of(const struct datagrams *d, uint64_t frame);

#endif
