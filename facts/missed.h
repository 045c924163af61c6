/* facts/missed.h - when the capture may have missed packets.
 *
 * Whoever captures tells what it dropped between two looks at its counters; whoever forgets connections to
 * stay within memory tells that, too.  What rests on packets that did not come asks here whether they may
 * have come unseen.  Spans that touch are one; beyond MISSED_MAX the nearest are.
 */
#ifndef FACTS_MISSED_H
#define FACTS_MISSED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MISSED_MAX = 256 };

struct missed_span {
	int64_t from, until;            /* ns since 1970, both within */
	uint64_t packets;               /* missed */
	uint64_t seen;                  /* meanwhile */
};

struct missed {                         /* begins as zeros */
	struct missed_span spans[MISSED_MAX];   /* in order of time, apart from each other */
	size_t count;
};

void missed_note(struct missed *m, const struct missed_span *span);

/* How much of what came between both times was missed.  FEW: less than one in a thousand. */
enum missed_share { MISSED_NONE, MISSED_FEW, MISSED_MANY };

enum missed_share missed_between(const struct missed *m, int64_t from, int64_t until);

#endif
