/* decoders/ending.h - how a connection ends: resets that are believed after a while, and the
 * verdict. */
#ifndef DECODERS_ENDING_H
#define DECODERS_ENDING_H

#include "decoders/life.h"

/* A packet with RST. */
enum life_step ending_reset(const struct life_env *env, struct life *life, enum side from,
                            const struct packet *p);

/* Any other packet, when a reset may have ended the connection: counts down to believing it, or
 * sees that both sides go on. */
enum life_step ending_after(const struct life_env *env, struct life *life, enum side from,
                            const struct packet *p);

/* Bytes of that side up to `end` came after its reset: they are held until it is disproved. */
static inline bool ending_holds(const struct life *life, enum side from, uint64_t end)
{
	return life->reset.seen && life->phase == LIFE_CLOSING && life->reset.from == from &&
	       end > life->reset.offset;
}

enum ending { ENDING_DECIDED, ENDING_SILENCE, ENDING_CAPTURE };

/* Fills in the verdict, ends the stack and states the connection.  ENDING_DECIDED: by what its
 * packets said; the others: nothing more came, or was captured. */
void ending_conclude(const struct life_env *env, struct life *life, enum ending how);

#endif
