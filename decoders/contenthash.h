/* decoders/contenthash.h - the SHA-1 of update files, as they pass.
 *
 * An update file is named after its SHA-1 (facts/updatefile.h), so all of it is proof whether it arrived
 * unharmed.  That costs reading it, so it is done only for files that metadata in this capture announced, or
 * with --all; only where the file comes in order, whole or in ranges that go on where the last one ended; and
 * never where the capture shortens frames.  HASHED_MAX files are under way at a time, the longest unused one
 * gives way.
 */
#ifndef DECODERS_CONTENTHASH_H
#define DECODERS_CONTENTHASH_H

#include "base/budget.h"
#include "facts/exchange.h"

struct contenthash;
struct hashed_file;
struct limits;

/* NULL: out of memory. */
struct contenthash *contenthash_new(const struct limits *limits, struct budget *budget);
void contenthash_free(struct contenthash *h);

/* Learns from what a call announces. */
void contenthash_exchange(struct contenthash *h, const struct exchange *x);

/* The answer of `x`, whose head is in, goes on with such a file, or begins one.  `h` may be NULL. */
bool contenthash_wanted(const struct contenthash *h, const struct exchange *x, bool all);

/* It is wanted, and its body begins.  NULL: no memory, or another answer is just bringing the same bytes. */
struct hashed_file *contenthash_begin(struct contenthash *h, const struct exchange *x);
void contenthash_piece(struct hashed_file *f, struct span piece);

/* The body is over: `whole`, or as far as its pieces went in order.  Now that file is the table's again. */
enum body_digest contenthash_end(struct hashed_file *f, bool whole);

/* Bytes are missing: what came until then proves nothing, and the file begins anew or never. */
void contenthash_drop(struct hashed_file *f);

#endif
