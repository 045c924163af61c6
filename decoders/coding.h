/* decoders/coding.h - HTTP content codings undone as a stream (RFC 9110 section 8.4, RFC 7932, RFC 8878, MS-WUSP 2.1.1).
 *
 * Bytes go in as they arrive, cut anywhere; decoded bytes come out in pieces
 * that are lent until the next call.  Nothing is held whole.
 */
#ifndef DECODERS_CODING_H
#define DECODERS_CODING_H

#include "base/span.h"

enum coding_status { CODING_MORE, CODING_PIECE, CODING_END, CODING_BAD, CODING_BOMB };

struct coding;

/* `names` is a Content-Encoding (or Transfer-Encoding) value: a list, applied in order ("gzip", "xpress",
 * "deflate, br").  NULL with *known false: a name nobody knows; NULL with *known true: nothing to undo
 * (identity) or out of memory. */
struct coding *coding_new(struct span names, bool *known);
void coding_free(struct coding *c);

/* Takes from the front of *in; CODING_PIECE lends decoded bytes in *out.  CODING_MORE: *in is used up. */
enum coding_status coding_next(struct coding *c, struct span *in, struct span *out);

/* The body is over.  True when it ended where the coding ends too. */
bool coding_finish(struct coding *c);

#endif
