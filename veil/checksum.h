/* veil/checksum.h - Internet checksums kept as right or as wrong as they were (RFC 1624).
 *
 * Not computed anew: what changed in the bytes is applied to the checksum that stands there.  So one
 * that was wrong, or covers what was not captured, keeps its error.
 */
#ifndef VEIL_CHECKSUM_H
#define VEIL_CHECKSUM_H

#include "base/span.h"

/* Sum of what changes: begins with 0. */
struct change {
	uint64_t sum;
	bool any;
};

/* Adds bytes and what they become; they begin at an even place of what the checksum covers. */
void change_add(struct change *c, const uint8_t *old, const uint8_t *new, size_t len);

/* Applies it to the two bytes of a checksum.  UDP's (`zero_is_none`): 0 means there is none, and
 * stays. */
void change_apply(const struct change *c, uint8_t *checksum, bool zero_is_none);

#endif
