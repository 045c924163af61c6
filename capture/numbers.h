/* capture/numbers.h - a set of numbers with a ceiling: of more, the one longest unused makes room. */
#ifndef CAPTURE_NUMBERS_H
#define CAPTURE_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct numbers_entry {
	uint64_t number;
	uint32_t next;                  /* of the same bucket */
	uint32_t older, newer;          /* by use */
};

/* Entries are told by index + 1; 0: none. */
struct numbers {
	struct numbers_entry *entries;
	uint32_t *buckets;
	uint32_t count, ceiling, mask;
	uint32_t oldest, newest;
};

/* `ceiling` of at least 1; all memory is taken now.  False: out of memory. */
bool numbers_init(struct numbers *n, size_t ceiling);
void numbers_release(struct numbers *n);

/* Whether it is there; used: it counts as used just now. */
bool numbers_has(const struct numbers *n, uint64_t number);
bool numbers_use(struct numbers *n, uint64_t number);

/* Adds or uses it.  True: it is new. */
bool numbers_add(struct numbers *n, uint64_t number);

#endif
