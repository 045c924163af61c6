/* analyzers/lately.h - what an analyzer remembers of each server, client or case that was met lately.
 *
 * Bounded; where it is full, the quarter that has been idle for longest is given up, told and counted, so
 * that no number of strangers keeps an analyzer from seeing who comes after them.
 */
#ifndef ANALYZERS_LATELY_H
#define ANALYZERS_LATELY_H

#include "base/map.h"
#include "facts/limits.h"

struct lately {
	struct map map;                 /* key -> its holder, in order of appearance */
	size_t size;                    /* of a value, bytes */
	uint64_t turn;                  /* one for each use */
	struct limits *limits;          /* borrowed */
	void (*give_up)(void *self, void *value);       /* its last word; NULL: it has none */
	void *self;
};

void lately_init(struct lately *l, size_t ceiling, size_t size, struct limits *limits);
void lately_release(struct lately *l);  /* without last words */

/* The value of that key, zeroed when it is new; used now.  Good until the next call.  NULL: memory is out,
 * and that is counted. */
void *lately_value(struct lately *l, struct span key);

/* NULL: not there.  Not used by that. */
void *lately_find(const struct lately *l, struct span key);

/* In order of appearance; a value is NULL where memory was out. */
size_t lately_count(const struct lately *l);
void *lately_at(const struct lately *l, size_t i);

#endif
