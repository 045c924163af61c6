/* veil/thin.h - text that has to fit a room when it is coded: what tells least goes first.
 *
 * Pseudonyms are letters drawn at random, so now and then text under the veil takes some bytes more than it
 * did.  Then letters become one letter: first of attributes that nobody reads, then of long runs that are no
 * words, from the end, then of all text between tags, at last all.
 */
#ifndef VEIL_THIN_H
#define VEIL_THIN_H

#include "base/budget.h"
#include "base/span.h"

/* As repack.h has it; `plain` is what was written then.  UTF-8, or UTF-16LE if it is `wide`. */
bool thin_repack(struct budget *budget, struct span coding, struct span coded, uint8_t *plain, size_t len,
                 bool wide, bool whole, uint8_t *to);

#endif
