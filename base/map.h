/* base/map.h - a hash map from bytes to a pointer, walked in order of insertion.
 *
 * The order of a walk never depends on the hash, so outputs do not either.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/arena.h"

struct map_entry {
	struct span key;        /* the map's own copy */
	uint64_t hash;
	void *value;
};

struct map_slot {
	uint32_t entry;         /* index + 1, 0: free */
	uint32_t tag;           /* upper half of its hash: a walk over slots touches no other entries */
};

struct map {
	struct map_entry *entries;      /* in order of insertion */
	size_t count, room;
	struct map_slot *slots;
	size_t slot_count;              /* a power of two */
	size_t ceiling;                 /* count never passes it */
	struct arena keys;
	struct budget *budget;          /* borrowed: all of it is drawn on it; NULL: none */
	size_t drawn;                   /* without the keys */
};

void map_init(struct map *m, size_t ceiling);
void map_init_on(struct map *m, size_t ceiling, struct budget *budget);
void map_release(struct map *m);        /* values are the caller's */

/* NULL: not there. */
struct map_entry *map_find(const struct map *m, struct span key);

/* The entry of that key, made with value NULL when it was not there.
 * NULL: the ceiling is reached or memory or budget is out.  Entries move when others
 * are added: keep no pointer to one. */
struct map_entry *map_put(struct map *m, struct span key);

/* The value of that key: `size` zeroed bytes, made when the key is new.  NULL as for map_put. */
void *map_value(struct map *m, struct span key, size_t size);

/* Frees the values that map_value made, and the map. */
void map_release_values(struct map *m);

#endif
