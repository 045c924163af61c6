/* cli/shares.h - how the parts of a run share --memory.
 *
 * What is shared is all that the run's processes hold at their peak: private memory, a page that a judging
 * child changes counted twice; views; the kernel's rings.  Not the program's own text, which is page cache.
 */
#ifndef CLI_SHARES_H
#define CLI_SHARES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fault.h"

/* Who takes part, with its name in what is told.
 * X(symbol, name, whether others map it too, all are one part in so many of --memory,
 *   least and most bytes of each) */
#define SHARES(X) \
	X(RING, "the kernel's buffers (-B)", true, 8, 2 << 20, 32 << 20) \
	X(SPOOL, "outputs", false, 32, 256 << 10, 8 << 20) \
	X(VIEW, "judgements", true, 8, 1 << 20, 32 << 20) \
	X(PRETRIGGER, "packets that wait for a finding (--pre-trigger)", false, 8, 1 << 20, 64 << 20) \
	X(RECENT, "what clients did last", false, 16, 1 << 20, 40 << 20)

#define X(symbol, name, shared, part, least, most) SHARE_##symbol,
enum share { SHARES(X) SHARE_COUNT };
#undef X

struct shares_wanted {
	size_t memory;                  /* bytes */
	size_t count[SHARE_COUNT];      /* how many there are of each */
	size_t asked[SHARE_COUNT];      /* bytes of each, as the user says; 0: what its share is */
	size_t beside;                  /* bytes that are fixed, beside what every run takes */
};

struct shares {
	size_t each[SHARE_COUNT];       /* bytes of each one; 0: there is none */
	size_t all[SHARE_COUNT];        /* of all of them */
	size_t engine;                  /* the rest, for connections, keys and clients */
	size_t private;                 /* of the run itself, without its children: all but rings and views */
};

/* Of a live run.  False: --memory is less than the least of all; the fault tells how much that is. */
bool shares_divide(struct shares *s, const struct shares_wanted *w, struct fault *f);

/* Of a run over files, which judges once, at its end.  `text`: bytes of the program and its libraries, which
 * are within, as whoever measures a command counts them.  Never refused: of less memory than the
 * program itself takes the engine has a part that comes on top. */
void shares_of_files(struct shares *s, size_t memory, size_t files, size_t text);

#endif
