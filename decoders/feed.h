/* decoders/feed.h - one side's bytes on their way to the stack. */
#ifndef DECODERS_FEED_H
#define DECODERS_FEED_H

#include "decoders/life.h"

/* Bytes at the front, `len` of them, as far as captured in `bytes`: handed on in place. */
void feed_here(const struct life_env *env, struct life *life, enum side from, struct span bytes,
               uint64_t len,
               struct mark mark);

/* A segment above the front: kept until what is missing comes, is given up, or there is no room.
 * Returns how many of its bytes were new. */
uint64_t feed_later(const struct life_env *env, struct life *life, enum side from,
                    const struct segment *s);

/* Hands on what is in order, and the FIN when everything before it was. */
void feed_pump(const struct life_env *env, struct life *life, enum side from, struct mark mark);

/* The other side acknowledged bytes that were not captured.  They may still come, by another queue
 * of the capturing host: after some packets or some time they will not. */
void feed_patience(const struct life_env *env, struct life *life, enum side from, struct mark mark);

/* The end: gives up every gap and hands on all that waits. */
void feed_flush(const struct life_env *env, struct life *life, enum side from, struct mark mark);

/* That side goes on at `offset`, far from where it was: what is between is a hole. */
void feed_jump(const struct life_env *env, struct life *life, enum side from, uint64_t offset,
               struct mark mark);

#endif
