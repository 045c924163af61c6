/* analyzers/probed.h - findings from what a probe knows and no packet tells (facts/check.h: trouble).
 *
 * Told when all analyzers have judged: what packets told already is not told twice.
 */
#ifndef ANALYZERS_PROBED_H
#define ANALYZERS_PROBED_H

#include "analyzers/finding.h"
#include "facts/check.h"

struct probed;

struct probed *probed_new(struct findings *findings);   /* borrowed; NULL: out of memory */
void probed_free(struct probed *p);                     /* NULL is fine */

void probed_check(struct probed *p, const struct check *check);         /* copied as far as it matters */
void probed_end(struct probed *p);

/* The kind that a trouble is told as; FINDING_KIND_COUNT: none. */
enum finding_kind probed_kind(enum check_trouble trouble);

#endif
