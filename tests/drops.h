/* tests/drops.h - frames on their way to an engine, of which a host that is too slow drops some.
 *
 * As in live capture nobody knows which: once a second somebody looks how many they were.
 */
#ifndef TESTS_DROPS_H
#define TESTS_DROPS_H

#include "cli/engine.h"

struct drops {                          /* begins with the engine, borrowed, and zeros */
	struct engine *engine;
	int64_t looked, now;            /* ns */
	uint64_t dropped, seen;         /* since then */
	uint64_t all;
};

void drops_frame(struct drops *d, const struct frame *frame, bool dropped);
void drops_end(struct drops *d);        /* ends the engine, too */

/* Chance: from 0 to `below` - 1, the same for the same seed and number. */
uint64_t drops_chance(uint64_t seed, uint64_t number, uint64_t below);

#endif
