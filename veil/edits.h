/* veil/edits.h - what takes the place of bytes in TCP streams: by connection, side and offset.
 *
 * Whatever nobody decided about is blanked: what a rewriter does not know cannot slip through.
 * Offsets are those of decoders/track.h (track_place).  A range is decided once; of two that overlap
 * the one that begins first counts.  All is drawn on a budget; what finds no room is blanked and counted.
 */
#ifndef VEIL_EDITS_H
#define VEIL_EDITS_H

#include "base/budget.h"
#include "facts/connection.h"

struct edits;

struct edits *edits_new(struct budget *budget); /* borrowed; NULL: out of memory */
void edits_free(struct edits *e);

/* The bytes there stay; become these; become so many of one byte. */
void edits_keep(struct edits *e, uint64_t stream, enum side from, uint64_t at, uint64_t len);
void edits_put(struct edits *e, uint64_t stream, enum side from, uint64_t at, struct span bytes);
void edits_fill(struct edits *e, uint64_t stream, enum side from, uint64_t at, uint64_t len, uint8_t byte);

/* No more will be decided. */
void edits_seal(struct edits *e);

/* Rewrites `len` bytes that lie at that place; returns how many of them were blanked. */
size_t edits_apply(const struct edits *e, uint64_t stream, enum side from, uint64_t at, uint8_t *bytes,
                   size_t len);

uint64_t edits_refused(const struct edits *e);  /* ranges that found no room */

#endif
