/* decoders/mate.h - one conversation on two wires.
 *
 * A mirror port often tags one direction only, or each with its own VLAN; behind a
 * router on one trunk requests and answers lie in different VLANs anyway.  By itself
 * each wire then shows half a conversation.  The same endpoints on two wires remain
 * two conversations when each wire shows both directions, or the numbers do not fit.
 */
#ifndef DECODERS_MATE_H
#define DECODERS_MATE_H

#include "decoders/flow.h"

/* For a packet that no record has: the record whose other direction it is, made to stand for the
 * packet's wire too; 0: none. */
uint32_t mate_find(struct flow_table *t, const struct flow_key *key, bool source_low,
                   const struct packet *p);

/* For a packet of a record that stands for two wires; false: it shows that each wire is whole, and
 * the record stands for its own one again. */
bool mate_goes_on(struct flow *f, uint32_t wire, bool source_low, const struct packet *p);

/* For an ICMP error that names no record of its own wire: it comes back over the other direction's.
 * The record whose packet it quotes, by the sequence number; 0: none. */
uint32_t mate_quoted(const struct flow_table *t, const struct flow_key *key, bool source_low,
                     uint32_t seq);

#endif
