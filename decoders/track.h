/* decoders/track.h - TCP connections: from packets to in-order bytes and connection facts.
 *
 *   packet -> flow table -> one connection -> reorder buffer -> stack
 */
#ifndef DECODERS_TRACK_H
#define DECODERS_TRACK_H

#include "decoders/packet.h"
#include "decoders/stack.h"

struct track;

/* The context is borrowed and outlives the tracker.  Its budget must be there: when it runs short,
 * connections are forgotten, those first that were quiet longest.  NULL: out of memory. */
struct track *track_new(const struct stack_context *context);
void track_free(struct track *t);

/* A TCP packet.  Expiry of other connections runs by its time. */
void track_packet(struct track *t, const struct packet *packet);

/* No packet came until then: what has waited for too long is over. */
void track_pass(struct track *t, int64_t time);

/* The connection of the last packet, by the id that its facts have; TRACK_NO_STREAM: it belonged to none. */
#define TRACK_NO_STREAM UINT64_MAX
uint64_t track_stream(const struct track *t);

/* Where the last packet's payload lies: in which connection, who sent it, and the offset of its first byte in
 * what that side sends, the same each time it is sent.  False: it belongs to no connection that is open. */
struct track_place {
	uint64_t stream;
	enum side from;
	uint64_t at;
};
bool track_place(const struct track *t, struct track_place *place);

/* An ICMP error: joined to the connection that it quotes, when there is one, and then stated as a fact.
 * `error->conn` is filled in for the fact. */
void track_icmp(struct track *t, struct icmp_error *error);

/* The capture is over: everything open is stated. */
void track_end(struct track *t);

uint64_t track_connections(const struct track *t);      /* so far */

#endif
