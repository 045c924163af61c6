/* decoders/handshake.h - how a connection begins: SYN, SYN-ACK, or in its middle. */
#ifndef DECODERS_HANDSHAKE_H
#define DECODERS_HANDSHAKE_H

#include "decoders/flow.h"
#include "decoders/life.h"

/* Makes the attempt that the flow's record holds a life that still tries. */
void handshake_from_attempt(struct life *life, const struct flow *flow);

/* Begins a life at its first packet, which is no bare SYN. */
void handshake_begin(struct life *life, const struct flow *flow, bool from_low,
                     const struct packet *p);

/* A SYN or a SYN-ACK. */
enum life_step handshake_syn(const struct life_env *env, struct life *life, enum side from,
                             const struct packet *p);

/* Any other packet while something about the beginning is open; may turn the sides round, *from
 * too. False: it does not belong to the connection. */
bool handshake_settle(struct life *life, enum side *from, const struct packet *p);

#endif
