/* decoders/xpress.h - one block of LZ77 as [MS-XCA] 2.4 has it (plain, no Huffman).
 *
 * The framing around blocks in a body ([MS-WUSP] 2.1.1) is codecxpress.c's.
 */
#ifndef DECODERS_XPRESS_H
#define DECODERS_XPRESS_H

#include "base/span.h"

/* Decodes `data`, which must give exactly `len` bytes, into `out`, which must have that room.
 * False: malformed; `out` then holds a beginning. */
bool xpress_block(struct span data, uint8_t *out, size_t len);

#endif
