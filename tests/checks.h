/* tests/checks.h - a probe's report made of a few checks. */
#ifndef TESTS_CHECKS_H
#define TESTS_CHECKS_H

#include "tests/case.h"

enum { CHECKS_MAX = 600 };

struct checks_case {
	struct report_case base;        /* its findings, and no input */
	struct check checks[CHECKS_MAX];
	struct report_check results[CHECKS_MAX];
};

void checks_begin(struct checks_case *c);

/* The next check, 10 ms after the one before and 10 ms long, from 2026-03-10 10:02:11; skipped ones were not
 * begun.  Its result has the same state. */
struct report_check *checks_add(struct checks_case *c, enum check_rung rung, const char *name,
                                const char *target, const char *proxy, enum check_state state,
                                const char *detail);

/* What stands in its place may be changed until it is written. */
struct check *checks_last(struct checks_case *c);

/* The finding of that kind, of 198.51.100.10:8530 and 192.0.2.50, settled. */
const struct finding *checks_find(struct checks_case *c, enum finding_kind kind);

void checks_end(struct checks_case *c);

#endif
