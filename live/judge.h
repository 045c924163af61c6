/* live/judge.h - what the run would report if it ended now, again and again while it goes on.
 *
 * Analyzers judge at the end of a capture, with the whole story before them.
 * So a child is forked, which ends its copy of the engine, takes a view of the
 * result into shared memory and is gone; the run itself is never disturbed,
 * and what is told live is what the report at the end will say.
 */
#ifndef LIVE_JUDGE_H
#define LIVE_JUDGE_H

#include "live/view.h"

struct judge;

struct judge_options {
	/* In the child: ends the run and fills the report; without findings it failed.  It writes nothing:
	 * streams are the run's. */
	void (*end)(void *self, struct report *r);
	void *self;
	struct report_style style;      /* of the text report */
	int64_t every;                  /* ns between two judgements, at least; more where one takes long */
	size_t room;                    /* bytes of a view at most; 0: 64 MiB */
};

struct judge *judge_new(const struct judge_options *o);         /* NULL: out of memory */
void judge_free(struct judge *j);       /* ends a child that is at work, and frees all views */

/* Begins a judgement when one is due and none is under way; `now` and times are CLOCK_MONOTONIC's, ns.
 * Takes the one that has come to its end: then true, and judge_view is another. */
bool judge_turn(struct judge *j, int64_t now);

/* The next judgement begins with the next turn and brings the text report along. */
void judge_ask_report(struct judge *j);

/* The latest; NULL: none yet.  Good until judge_turn says true. */
const struct view *judge_view(const struct judge *j);

/* The last few failed, one after the other: nothing is told as it happens. */
bool judge_is_blind(const struct judge *j);

struct judge_counts {
	uint64_t made, failures;        /* failed: no process, no memory, or the child died */
	int64_t took, latest;           /* ns, of all that were made, and of the last */
};

struct judge_counts judge_counts(const struct judge *j);

#endif
