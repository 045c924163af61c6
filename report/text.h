/* report/text.h - the parts of the text report, in the order in which they are read. */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include "report/page.h"

/* Whether anything is to be told beyond "all is well": a failed client, or a finding of level
 * warning or more. */
bool text_has_trouble(const struct report *r);

/* Whether the client got into TLS, and all that it asked for is hidden there. */
bool text_is_hidden(const struct report *r, const struct ladder *l);

/* Who cannot update from where, and why, in a sentence or two. */
void text_verdict(struct page *p, const struct report *r);

/* A row for each client (the troubled first, a page at most), a column for each rung that anybody
 * was seen on. */
void text_clients(struct page *p, const struct report *r);

/* The rungs that were seen, in one line: all that a healthy capture needs. */
void text_rungs_reached(struct page *p, const struct report *r);

/* Of a probe: who is served by which way, and why others are not. */
void text_checks(struct page *p, const struct report *r);

/* A row for each way, a column for each rung that was checked; then each check that failed or warns. */
void text_checked(struct page *p, const struct report *r);

/* Every finding that the style shows; equal ones of several clients as one. */
void text_findings(struct page *p, const struct report *r);

/* What was over long before the end of a live run, a line each. */
void text_past(struct page *p, const struct report *r);

#endif
