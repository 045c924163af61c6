/* live/passed.h - whether somebody got past what a finding stopped, by the rows of a view. */
#ifndef LIVE_PASSED_H
#define LIVE_PASSED_H

#include "base/map.h"
#include "live/view.h"

struct passed {
	const struct view *view;        /* lent */
	struct map clients;             /* address -> index + 1 of its first row */
	uint32_t *next;                 /* index + 1 of a client's next row; 0: none */
};

/* For one view.  To be released; where memory lacks, nobody got past. */
void passed_init(struct passed *p, const struct view *v);
void passed_release(struct passed *p);

/* The rung that it stopped: by its own words, by its kind, or as its client's row shows.  RUNG_COUNT: none is
 * known, or getting past proves nothing (another file arrives). */
enum rung_name passed_rung(const struct passed *p, const struct finding *n);

/* When its client, or for a finding of no single client anybody, got past that rung after it failed last;
 * MOMENT_NONE: not yet. */
int64_t passed_when(const struct passed *p, const struct finding *n, enum rung_name rung);

#endif
