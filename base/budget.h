/* base/budget.h - how many bytes may be held, by all who draw on one budget.
 *
 * Whoever takes memory that a stranger's bytes ask for draws on the budget first, and gives back
 * what it frees.  A budget may be a share of a whole: what is drawn on a share is drawn on the
 * whole as well.  A NULL budget has no end, and measures nothing.
 */
#ifndef BASE_BUDGET_H
#define BASE_BUDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct budget {
	size_t used, ceiling;           /* bytes */
	struct budget *whole;           /* borrowed: this is a share of it; NULL */
	uint64_t refused;               /* draws that did not fit; the owner may take them out */
};

/* One of so many parts of `whole` (NULL: without end), at most: for one sort of thing, so that a crowd of it
 * leaves room for others. */
struct budget budget_part(struct budget *whole, size_t parts);

bool budget_has(const struct budget *b, size_t len);     /* room for so much, in the whole too */
bool budget_take(struct budget *b, size_t len);         /* false: no room, and nothing drawn */
void budget_add(struct budget *b, size_t len);          /* already taken, whatever the ceiling */
void budget_give(struct budget *b, size_t len);

/* Memory with its draw.  budget_alloc zeroes it.  NULL: no room, or out of memory. */
void *budget_room(struct budget *b, size_t size);
void *budget_alloc(struct budget *b, size_t size);
void budget_free(struct budget *b, void *at, size_t size);      /* NULL is fine */

#endif
