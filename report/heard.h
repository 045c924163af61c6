/* report/heard.h - what a page draws beyond what was judged, heard as facts arise: how traffic went over
 * time, and what each client did last. */
#ifndef REPORT_HEARD_H
#define REPORT_HEARD_H

#include "report/recent.h"
#include "report/series.h"

struct heard {
	struct series series;
	struct recent *recent;
};

/* Bounded: some megabytes.  NULL: out of memory. */
struct heard *heard_new(void);
void heard_free(struct heard *h);
void heard_fact(struct heard *h, const struct fact *fact);

#endif
