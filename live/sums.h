/* live/sums.h - many findings of a kind and server as one story: the first few are told, the others counted.
 *
 * Groups are bounded; those beyond share their kind's own, and so do servers
 * beyond a dozen of a kind: a port scan of a network is one story, too.
 */
#ifndef LIVE_SUMS_H
#define LIVE_SUMS_H

#include "analyzers/finding.h"

struct sum {                            /* of findings that are not told one by one */
	uint64_t raised, over, clients;
	struct finding newest;
	int64_t since;
};

struct sums;

struct sums *sums_new(unsigned at_once);        /* NULL: out of memory */
void sums_free(struct sums *s);

/* True: it is to be told itself.  False: it is counted, for a sum. */
bool sums_raise(struct sums *s, const struct finding *n, int64_t now);

/* So many more clients of a finding that stands for many are counted. */
void sums_grow(struct sums *s, const struct finding *n, uint64_t clients, int64_t now);

/* So many that were counted are over; or were none (`withdrawn`): a sum that waits forgets them. */
void sums_over(struct sums *s, const struct finding *n, uint64_t count, bool withdrawn, int64_t now);

/* The next sum that is due, or with `all` owed, which is then paid.  NULL: none; lent until the next call. */
const struct sum *sums_next(struct sums *s, int64_t now, bool all);

#endif
