/* live/journal.h - findings as a story in time: raised, going on, resolved, back again.
 *
 * Hears one view after the other and tells what changed, each once.  A finding
 * counts when it has stood for some seconds, in several views: what the next
 * packets explain is no news.  It is over when its client, or for a finding of
 * no single client anyone, has got past the rung that it stopped, or when it
 * has not been seen again for long compared with how often it came.
 *
 * An outage of ten thousand clients is one story: beyond the first few of a
 * kind and server in a short time the others are counted, and told in sums at
 * growing distances.
 */
#ifndef LIVE_JOURNAL_H
#define LIVE_JOURNAL_H

#include "live/view.h"

/* X(symbol, name in outputs: event.action) */
#define JOURNAL_WORDS(X)                        \
	X(RAISED,    "raised")                  \
	X(AGAIN,     "raised again")            \
	X(UPDATED,   "updated")                 \
	X(RESOLVED,  "resolved")                \
	X(CEASED,    "not seen again")          \
	X(WITHDRAWN, "withdrawn")               \
	X(MORE,      "more of the same")        /* a sum: others of that kind and server, raised or over */

#define X(symbol, name) JOURNAL_##symbol,
enum journal_word { JOURNAL_WORDS(X) JOURNAL_WORD_COUNT };
#undef X

const char *journal_word_name(enum journal_word w);

struct journal_entry {                  /* what is told; lent */
	enum journal_word word;
	const struct finding *finding;  /* its latest state; of MORE the newest of them */
	int64_t when;                   /* of the capture's clock, ns */
	int64_t since;                  /* this episode began */
	int64_t until;                  /* and ended, if it is over: got past, or failed last */
	uint64_t count;                 /* failures of this episode (after AGAIN: since then) */
	uint64_t raised, over;          /* of MORE: findings that are not told one by one */
	uint64_t clients;               /* of MORE: how many of `raised` name a client of their own */
	bool at_least;                  /* of MORE: there are findings that the views do not hold */
};

struct journal;

struct journal_options {
	enum severity from;             /* told from this level on */
	void (*tell)(void *self, const struct journal_entry *e);
	void *self;
	unsigned at_once;               /* of a kind and server, one by one (0: 3) */
	int64_t quiet;                  /* ns without a failure until one is over, at least (0: 15 min) */
};

struct journal *journal_new(const struct journal_options *o);   /* NULL: out of memory */
void journal_free(struct journal *j);

void journal_take(struct journal *j, const struct view *v);

/* The end of the run, whose last view was that of its report: tells what is still owed (what only that view
 * has, and sums); what is open stays so. */
void journal_end(struct journal *j, int64_t now);

/* Stories that are over, the newest last, at most a few hundred: for the report at the end. */
size_t journal_past_count(const struct journal *j);
const struct journal_entry *journal_past_at(const struct journal *j, size_t i);

/* Open now; and told so far by kind and word, for metrics. */
size_t journal_open(const struct journal *j);

/* Those open, of info too, one after the other: *at is 0 at first.  *stopped: RUNG_COUNT where it is not
 * known.  NULL: that was the last.  Lent until the next view. */
const struct finding *journal_open_next(const struct journal *j, size_t *at, enum rung_name *stopped);

uint64_t journal_told(const struct journal *j, enum finding_kind kind, enum journal_word w);

#endif
