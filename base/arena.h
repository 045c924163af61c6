/* base/arena.h - many allocations, one lifetime. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/budget.h"
#include "base/span.h"

struct arena_block;

struct arena {
	struct arena_block *blocks;     /* newest first */
	size_t used;                    /* bytes handed out */
	size_t ceiling;                 /* `used` never passes it */
	size_t held;                    /* bytes that its blocks take */
	struct budget *budget;          /* borrowed: that `held` is drawn on; NULL: none */
};

void arena_init(struct arena *a, size_t ceiling);
void arena_init_on(struct arena *a, size_t ceiling, struct budget *budget);
void arena_release(struct arena *a);    /* frees everything */
void arena_reset(struct arena *a);      /* the same, but keeps one block for reuse */

/* Zeroed, aligned for any type.  NULL: ceiling, budget or memory. */
void *arena_alloc(struct arena *a, size_t len);

/* The same, but not zeroed: for bytes that are written at once. */
void *arena_room(struct arena *a, size_t len);

/* A copy that lives as long as the arena; {NULL, 0} when there is no room. */
struct span arena_copy(struct arena *a, struct span bytes);
const char *arena_text(struct arena *a, struct span bytes);     /* NUL-terminated; NULL: no room */

#endif
