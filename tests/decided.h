/* tests/decided.h - a rewriter of streams held to its word: whatever comes, in both readings every byte is
 * decided at most once, inside of what came, and all memory is given back.  Aborts otherwise: for fuzz
 * targets.
 */
#ifndef TESTS_DECIDED_H
#define TESTS_DECIDED_H

#include "veil/streams.h"

enum { DECIDED_MAX = 64 * 1024 }; /* of each side's stream */

struct decided {
	const struct rewriter *rewriter;
	void *self;      /* what it made */
	uint64_t end[2]; /* of what came */
	bool bytes[2][DECIDED_MAX];
};

/* What the rewriter hears next of that side.  False: the stream is too long already. */
bool decided_bytes(struct decided *d, enum side from, struct span bytes);
bool decided_hole(struct decided *d, enum side from, size_t len);

/* Both readings of what `say` makes of the input.  `keys`: what opens TLS; borrowed, may be NULL. */
struct decided_stream {
	const struct rewriter *rewriter;
	uint16_t port;
	struct tlskeys *keys;
	void (*say)(struct decided *d, struct span in);
};
void decided_read(const struct decided_stream *stream, struct span in);

#endif
