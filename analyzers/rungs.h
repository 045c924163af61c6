/* analyzers/rungs.h - which rung of the ladder an exchange tries, and how that went. */
#ifndef ANALYZERS_RUNGS_H
#define ANALYZERS_RUNGS_H

#include "analyzers/ladder.h"
#include "facts/exchange.h"

/* RUNG_COUNT: none of a scan's. */
enum rung_name rung_of_exchange(const struct exchange *x);

/* RUNG_UNSEEN: the capture does not tell. */
enum rung_state rung_state_of(const struct exchange *x, enum rung_name rung);

/* "200", "407 by Squid", "the connection was reset".  Returns `text` or a static text. */
const char *rung_result(const struct exchange *x, char text[static RUNG_DETAIL]);

#endif
