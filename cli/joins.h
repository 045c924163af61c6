/* cli/joins.h - which check of a probe made which connection, and what was found there. */
#ifndef CLI_JOINS_H
#define CLI_JOINS_H

#include "base/map.h"
#include "facts/fact.h"
#include "report/report.h"

struct joins {
	struct map by_ends;             /* both ends -> the latest connection between them */
	uint64_t streams;               /* one more than the largest id */
	uint32_t *owners;               /* by frame: 1 + the check that it was made for; 0: nobody's */
	size_t owner_room;
};

void joins_init(struct joins *j);
void joins_release(struct joins *j);

/* Remembers connections, and whose frames are whose. */
void joins_fact(struct joins *j, const struct fact *fact);
void joins_frame(struct joins *j, uint64_t frame, unsigned check);

/* Fills `results` for checks that have their state, when findings are settled.  `frames`: they are real,
 * and a check names its own.  False: out of memory. */
bool joins_make(const struct joins *j, const struct findings *findings, bool frames,
                struct report_check *results, size_t count);

#endif
