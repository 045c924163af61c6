/* analyzers/ladderverdict.h - the sentence on a client: which rung stopped it, and which finding says why.
 *
 * For ladder.c alone, when all findings are settled.
 */
#ifndef ANALYZERS_LADDERVERDICT_H
#define ANALYZERS_LADDERVERDICT_H

#include "analyzers/ladder.h"
#include "analyzers/words.h"

struct reason {                         /* a finding, or what one client has of a sum */
	const struct finding *finding;  /* borrowed */
	int64_t last;
	uint32_t next;                  /* index + 1 of another of the same parties; 0: none */
	bool met, holds;                /* a row of its parties was judged; and one does not get past it */
};

struct reasons {                        /* by whom they concern */
	struct reason *all;
	size_t count;
	struct map errors, warnings;    /* parties -> index + 1 of the latest */
	struct map parties;             /* parties -> index + 1 of one; along `next` all */
	struct words *words;            /* where verdicts are kept; borrowed */
};

void reasons_init(struct reasons *r, const struct findings *findings, struct words *words);
void reasons_release(struct reasons *r);

/* Sets `failed` and `verdict`, and marks the rung that a finding stops where no exchange shows it; `now` is
 * the capture's end. */
void ladder_judge(struct ladder *n, const struct reasons *r, int64_t now);

/* After all rows were judged: tells `findings` which of them their clients got past. */
void reasons_conclude(struct reasons *r, const struct ladder *rows, size_t count, struct findings *findings);

/* Of all findings, and then of all who are in sums: the one that tells of a client that does not come, and so
 * has no row; NULL: the i-th does not. */
const struct finding *ladder_missed(const struct findings *findings, size_t i, struct addr *client);

/* The highest rung in that state, or RUNG_COUNT. */
enum rung_name ladder_highest(const struct ladder *n, enum rung_state state);

/* When a rung at or above `from` was last climbed; MOMENT_NONE: never. */
int64_t ladder_last_success(const struct ladder *n, int from);

/* The highest rung that failed, with nothing at or above it that worked later; or RUNG_COUNT. */
enum rung_name ladder_stopped_at(const struct ladder *n);

#endif
