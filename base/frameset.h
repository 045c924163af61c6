/* base/frameset.h - a set of frame numbers: what findings want of a capture of any length.
 *
 * Sorted pages of bits, only those that hold something: adding in order and asking is cheap.
 */
#ifndef BASE_FRAMESET_H
#define BASE_FRAMESET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FRAMESET_WORDS = 4, FRAMESET_PAGE = 64 * FRAMESET_WORDS };

struct frameset_page {
	uint64_t number;                /* frame / FRAMESET_PAGE */
	uint64_t bits[FRAMESET_WORDS];
};

struct frameset {                       /* all zero: empty */
	struct frameset_page *pages;
	size_t count, room;
	uint64_t size;                  /* frames in it */
};

void frameset_release(struct frameset *s);      /* and empties it */

/* False: out of memory. */
bool frameset_add(struct frameset *s, uint64_t frame);
bool frameset_has(const struct frameset *s, uint64_t frame);

#endif
