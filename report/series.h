/* report/series.h - how traffic went over time, and how long answers took: facts counted as they arise.
 *
 * Bounded whatever the capture: a row of buckets that double their width where it is too short, histograms of
 * fixed bounds, statuses by their number.  Of all connections and requests of the capture.
 */
#ifndef REPORT_SERIES_H
#define REPORT_SERIES_H

#include "facts/fact.h"

enum { SERIES_BUCKETS = 128,
       SERIES_BARS = 16,
       SERIES_STATUSES = 600 };

/* How a request was answered, in the order in which bars are stacked.  X(symbol, name) */
#define SERIES_ANSWERS(X) \
	X(GOOD, N_("answered well")) \
	X(ELSEWHERE, N_("sent elsewhere (3xx)")) \
	X(LOGIN, N_("asked for a login")) \
	X(REFUSED, N_("refused (4xx)")) \
	X(FAILED, N_("server error (5xx)")) \
	X(NONE, N_("no answer"))

#define X(symbol, name) ANSWER_##symbol,
enum series_answer { SERIES_ANSWERS(X) ANSWER_COUNT };
#undef X

/* What came of a connection.  X(symbol, name) */
#define SERIES_ATTEMPTS(X) \
	X(ACCEPTED, N_("accepted")) \
	X(REFUSED, N_("refused")) \
	X(REJECTED, N_("rejected")) \
	X(UNANSWERED, N_("no answer"))

#define X(symbol, name) ATTEMPT_##symbol,
enum series_attempt { SERIES_ATTEMPTS(X) ATTEMPT_COUNT };
#undef X

struct series_bucket {
	uint32_t answers[ANSWER_COUNT], attempts[ATTEMPT_COUNT];
};

struct histogram {
	uint64_t bars[SERIES_BARS]; /* see series_bar_bound */
	uint64_t count;
	int64_t most; /* ns */
};

struct series {              /* begins as zeros */
	int64_t from, width; /* ns: of the first bucket, of each; width 0: nothing was counted */
	size_t used;         /* buckets up to the last that counts */
	struct series_bucket buckets[SERIES_BUCKETS];
	uint64_t answers[ANSWER_COUNT], attempts[ATTEMPT_COUNT]; /* in all */
	uint64_t statuses[SERIES_STATUSES];                      /* answers by status */
	struct histogram first_byte, round_trip;
};

void series_fact(struct series *s, const struct fact *fact);

const char *series_answer_name(enum series_answer a);
const char *series_attempt_name(enum series_attempt a);

/* ns below which what a bar counts lies; INT64_MAX of the last.  It begins where the one before ends. */
int64_t series_bar_bound(size_t bar);

/* ns that so many of a hundred are below, as near as bars tell; -1: nothing was counted. */
int64_t series_share(const struct histogram *h, unsigned percent);

#endif
