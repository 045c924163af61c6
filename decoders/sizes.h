/* decoders/sizes.h - which segment sizes get through, and which never do.
 *
 * Full-size segments that are lost for good while small ones pass are the mark of
 * an MTU black hole.  Kept are a few candidates, not every segment: of those in
 * flight, the ones larger than all before (the next record to be acknowledged), and
 * the ones larger than all after (the largest that is left in the end).
 */
#ifndef DECODERS_SIZES_H
#define DECODERS_SIZES_H

#include <stdbool.h>
#include <stdint.h>

enum { SIZES_KEPT = 4 };

struct size_sent {
	uint64_t end;                   /* stream offset behind its last byte */
	uint32_t len;
};

struct sizes {
	struct size_sent rising[SIZES_KEPT], falling[SIZES_KEPT];
	uint8_t rising_count, falling_count;
	uint32_t acked;                 /* the largest acknowledged */
};

/* A segment whose bytes were not seen before. */
void sizes_sent(struct sizes *s, uint64_t end, uint32_t len);

/* Bytes below `end` were sent again from `end - len` on: a larger segment there did not get through
 * whole. */
void sizes_resent(struct sizes *s, uint64_t end, uint32_t len);

/* All below `offset` is acknowledged. */
void sizes_acked(struct sizes *s, uint64_t offset);

/* The largest segment in flight; 0: none. */
static inline uint32_t sizes_unacked(const struct sizes *s)
{
	return s->falling_count ? s->falling[0].len : 0;
}

/* Cheap tests for the common packet: nothing to remember, nothing to acknowledge. */
static inline bool sizes_idle(const struct sizes *s)
{
	return !s->rising_count && !s->falling_count;
}

#endif
