/* report/text.h - the parts of the text report, in the order in which they are read. */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include "report/page.h"

/* A row for each client (the troubled first, a page at most), a column for each rung that anybody
 * was seen on. */
void text_clients(struct page *p, const struct report *r);

/* The rungs that were seen, in one line: all that a healthy capture needs. */
void text_rungs_reached(struct page *p, const struct report *r);

/* Of a probe: a row for each way, a column for each rung that was checked; then each check that failed or
 * warns. */
void text_checked(struct page *p, const struct report *r);

/* Every finding that the style shows; equal ones of several clients as one. */
void text_findings(struct page *p, const struct report *r);

/* What was over long before the end of a live run, a line each. */
void text_past(struct page *p, const struct report *r);

#endif
