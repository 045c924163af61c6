/* live/stories.h - what is known of findings from view to view: which of the last view is which of this one.
 *
 * The words of a cause may change while it goes on ("4 of 17 requests"), so a
 * story is found again by kind and parties, and by its words where there are
 * several.
 */
#ifndef LIVE_STORIES_H
#define LIVE_STORIES_H

#include "base/map.h"
#include "live/view.h"

enum { STORIES_MAX = 4000 };            /* twice what a view holds; the oldest that are over are forgotten */

enum story_state {
	STORY_HEARD,                    /* in the last views: the next packets may explain it */
	STORY_OPEN,
	STORY_OVER,
	STORY_RETURNS,                  /* was over, and failed again in the last views */
	STORY_GONE,                     /* explained by what came later: to be dropped */
};

struct story {
	struct finding finding;         /* its latest state */
	enum story_state state;
	bool alone;                     /* told one by one, not in sums */
	bool changed;                   /* its severity did, in one view */
	uint8_t heard;                  /* views in a row, before it counts */
	uint8_t missed;                 /* views in a row that lack it */
	uint8_t rung;                   /* 1 + the one that it stopped; 0: not known */
	int64_t since;                  /* of this episode */
	int64_t over, last_failure;     /* the one before: told over; failed last */
	uint64_t base, carried;         /* failures in finding.count before it; its own elsewhere */
	enum severity told;             /* as it was told last */
	uint64_t told_count;
	uint64_t clients;               /* of a finding that stands for many: so many are in sums */
	/* by the journal's own clock, which only goes on */
	int64_t told_at, gap;           /* to the next update */
	int64_t began, stirred;         /* this episode; it failed last */
	int64_t heard_at;               /* in the first of those views */
	uint32_t next;                  /* index + 1 of another of the same parties */
	bool found;                     /* in this view */
};

struct stories {
	struct story *all;
	size_t count, room;
	struct map by_parties;
	int64_t forgotten;              /* what failed last by then has been told and forgotten */
	uint64_t refused;               /* no room: all are open */
};

void stories_init(struct stories *s);
void stories_release(struct stories *s);

/* Before the findings of a view: none is found yet. */
void stories_begin(struct stories *s);

/* The story of that finding, of this view from now on.  First `exactly` for all findings: by the same
 * words, where several are of the same parties; then for the others.  NULL: none. */
struct story *stories_find(struct stories *s, const struct finding *n, bool exactly);

/* The i-th finding of a view.  One that stands for many clients comes with the milder ones of the same words,
 * for those of them that got through since: put together in `room`, and marked in `taken`. */
const struct finding *stories_whole(const struct view *v, size_t i, bool *taken, struct finding *room);

/* Makes it, STORY_HEARD.  NULL: it has been told and forgotten, or there is no room. */
struct story *stories_make(struct stories *s, const struct finding *n);

/* Drops those that are gone. */
void stories_sweep(struct stories *s);

#endif
