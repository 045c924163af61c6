/* tests/xpress_encoder.h - plain LZ77 the other way round ([MS-XCA] 2.3), to test the decoder by.
 *
 * Written from the specification alone; it shares nothing with the decoder.
 */
#ifndef TESTS_XPRESS_ENCODER_H
#define TESTS_XPRESS_ENCODER_H

#include "base/buf.h"

/* Appends the block's data to *packed. */
void xpress_encode(struct span plain, struct buf *packed);

/* Fills `plain` with at most `room` bytes of a text of its own per seed; returns its length. */
size_t xpress_encoder_text(uint8_t *plain, size_t room, unsigned seed);

#endif
