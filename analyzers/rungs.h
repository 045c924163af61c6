/* analyzers/rungs.h - which rung of the ladder an exchange tries, and how that went. */
#ifndef ANALYZERS_RUNGS_H
#define ANALYZERS_RUNGS_H

#include "analyzers/ladder.h"
#include "analyzers/words.h"
#include "facts/exchange.h"
#include "facts/wsusmethods.h"

/* RUNG_COUNT: none of a scan's. */
enum rung_name rung_of_method(enum wsus_method method);
enum rung_name rung_of_exchange(const struct exchange *x);

/* A client asks a management point where to climb, and tells it how that went: that is no climb itself. */
bool rung_is_way(const struct exchange *x);

/* The same as raise.stops has it. */
uint8_t rung_stopped(const struct exchange *x);

/* RUNG_UNSEEN: the capture does not tell. */
enum rung_state rung_state_of(const struct exchange *x, enum rung_name rung);

/* Nothing is known of a ladder. */
void rungs_clear(struct rung rungs[static RUNG_COUNT]);

/* One piece of evidence; `detail` lives as long as the rung. */
void rung_climb(struct rung *r, enum rung_state state, int64_t when, uint64_t frame, const char *detail);

/* As a rung keeps them; what is too long is as long as can be. */
int32_t rung_microseconds(int64_t ns);

/* What an exchange tells: of the way to the server, and of its own rung. */
void rungs_take(struct rung rungs[static RUNG_COUNT], const struct exchange *x, struct words *words);

#endif
