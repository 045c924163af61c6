/* decoders/fragcache.h - what fragments told that were read already.
 *
 * A server sends the same fragments to each of its clients, so most have been read before: to know one again
 * costs a fraction of reading it.  One that ends in rules is known by its front.  Some thousand are kept, in
 * the places that their texts hash to, until another takes it or room is short.
 */
#ifndef DECODERS_FRAGCACHE_H
#define DECODERS_FRAGCACHE_H

#include "base/budget.h"
#include "facts/wsuscall.h"

enum { FRAGCACHE_FILES = 8 };

struct fragtold {
	struct wsus_update update;
	struct wsus_file files[FRAGCACHE_FILES];
	size_t file_count;              /* more than there is room for: not to be kept */
	bool over;                      /* whatever follows this text tells nothing */
};

struct fragcache;

/* What is kept draws on `budget`; what finds no room there is not kept.  NULL: out of memory. */
struct fragcache *fragcache_new(struct budget *budget);
void fragcache_free(struct fragcache *c);               /* NULL is fine */

/* Lent until the next call; NULL: it is not known. */
const struct fragtold *fragcache_find(const struct fragcache *c, struct span text);

/* Copies the text, and what it told, with all its texts. */
void fragcache_keep(struct fragcache *c, struct span text, const struct fragtold *told);

#endif
