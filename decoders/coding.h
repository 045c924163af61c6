/* decoders/coding.h - HTTP content codings undone as a stream.
 *
 * gzip and deflate (RFC 1950 to 1952, raw deflate too), br (RFC 7932), zstd (RFC 8878), xpress
 * ([MS-WUSP] 2.1.1), and lists of them (RFC 9110 section 8.4).  Bytes go in as they arrive, cut
 * anywhere; decoded bytes come out in pieces that are lent until the next call.  Nothing is held
 * whole.  A pool keeps decoders between bodies, since setting one up costs more than a small body.
 */
#ifndef DECODERS_CODING_H
#define DECODERS_CODING_H

#include "base/budget.h"
#include "base/span.h"
#include "facts/limits.h"

enum coding_status { CODING_MORE, CODING_PIECE, CODING_END, CODING_BAD, CODING_BOMB };

struct coding;
struct coding_pool;

/* One per engine and thread; both are borrowed.  Codings at work and those that wait for work draw
 * on `budget`.  NULL: out of memory.  Freed after its codings. */
struct coding_pool *coding_pool_new(struct limits *limits, struct budget *budget);
void coding_pool_free(struct coding_pool *pool);        /* NULL is fine */

/* `names` is a Content-Encoding (or Transfer-Encoding) value: a list, in the order in which the
 * codings were applied ("gzip", "xpress", "deflate, br").  `pool` may be NULL: then nothing is kept
 * for reuse.  NULL with *known false: a name nobody knows, or too many.  NULL with *known true:
 * nothing to undo (identity), or no room, which the pool counts in its limits. */
struct coding *coding_new(struct coding_pool *pool, struct span names, bool *known);
void coding_free(struct coding *c);                     /* back to its pool; NULL is fine */

/* Takes from the front of *in.  PIECE lends decoded bytes in *out; MORE: *in is used up; END: the
 * coding is over, and what is left in *in does not belong to it.  BAD and BOMB (more than 64 MiB
 * and 1000 times the input came out) are for good. */
enum coding_status coding_next(struct coding *c, struct span *in, struct span *out);

/* The body is over.  True when it ended where the codings end too, or never began. */
bool coding_finish(struct coding *c);

#endif
