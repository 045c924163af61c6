/* analyzers/ladderverdict.h - the sentence on a client: which rung stopped it, and which finding says why.
 *
 * For ladder.c alone, when all findings are settled.
 */
#ifndef ANALYZERS_LADDERVERDICT_H
#define ANALYZERS_LADDERVERDICT_H

#include "analyzers/ladder.h"
#include "analyzers/words.h"

struct reasons {                        /* findings by whom they concern */
	const struct findings *findings;        /* borrowed */
	struct map errors, warnings;
	struct words *words;            /* where verdicts are kept; borrowed */
};

void reasons_init(struct reasons *r, const struct findings *findings, struct words *words);
void reasons_release(struct reasons *r);

/* Sets `failed` and `verdict`, and marks the rung that a finding stops where no exchange shows it; `now` is
 * the capture's end. */
void ladder_judge(struct ladder *n, const struct reasons *r, int64_t now);

/* The finding tells of a client that does not come, and so has no row. */
bool ladder_is_missed(const struct finding *f);

/* The highest rung in that state, or RUNG_COUNT. */
enum rung_name ladder_highest(const struct ladder *n, enum rung_state state);

/* When a rung at or above `from` was last climbed; MOMENT_NONE: never. */
int64_t ladder_last_success(const struct ladder *n, int from);

/* The highest rung that failed, with nothing at or above it that worked later; or RUNG_COUNT. */
enum rung_name ladder_stopped_at(const struct ladder *n);

#endif
