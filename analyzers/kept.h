/* analyzers/kept.h - what an analyzer remembers of each server, client or case: bounded, told when full. */
#ifndef ANALYZERS_KEPT_H
#define ANALYZERS_KEPT_H

#include "base/map.h"
#include "facts/limits.h"

/* The value of that key, as map_value.  NULL: the map is full, or memory is out, and that is counted. */
static inline void *kept_value(struct map *m, struct span key, size_t size, struct limits *limits)
{
	void *value = map_value(m, key, size);

	if (!value)
		limit_add(limits, LIMIT_FINDING_CEILING, 1);
	return value;
}

#endif
