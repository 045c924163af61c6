/* cli/joins.h - which check of a probe made which connection, and what was found there. */
#ifndef CLI_JOINS_H
#define CLI_JOINS_H

#include "base/map.h"
#include "facts/fact.h"
#include "report/report.h"

struct joins {
	struct map by_ends;             /* both ends -> the latest connection between them */
	uint64_t streams;               /* one more than the largest id */
};

void joins_init(struct joins *j);
void joins_release(struct joins *j);

/* Remembers connections. */
void joins_fact(struct joins *j, const struct fact *fact);

/* Fills `results` for checks that have their state, when findings are settled.  `frames`: they are real,
 * and a check names its own.  False: out of memory. */
bool joins_make(const struct joins *j, const struct findings *findings, bool frames,
                struct report_check *results, size_t count);

#endif
