/* cli/leaks.h - what a run under a veil writes is looked through for values that were replaced.
 *
 * Outputs as they are written, packets as they go to whoever judges and writes them, and what is inside
 * of their streams: a second veil learns from them, and must learn nothing of the first one's.
 */
#ifndef CLI_LEAKS_H
#define CLI_LEAKS_H

#include "base/frame.h"
#include "cli/outputs.h"
#include "veil/veil.h"

struct leaks;

/* What `veil` has learned is what may not be found; all is borrowed, `keys` open the copy.  NULL: out of
 * memory. */
struct leaks *leaks_new(struct veil *veil, struct outputs *outputs, struct tlskeys *keys, size_t memory);
void leaks_free(struct leaks *l);               /* NULL is fine */

/* A frame of the copy. */
void leaks_frame(struct leaks *l, const struct frame *frame);

/* All is written.  True: nothing was found, and everything was looked through; else that has been told, with
 * the values themselves where `reveal`. */
bool leaks_tell(struct leaks *l, bool reveal);

#endif
