/* capture/put.h - integers of capture files as they are written: little-endian, wherever that is.
 *
 * Room in the buffer was reserved.
 */
#ifndef CAPTURE_PUT_H
#define CAPTURE_PUT_H

#include "base/buf.h"

static inline void put(struct buf *out, uint64_t value, size_t width)
{
	for (size_t i = 0; i < width; i++)
		out->at[out->len++] = (uint8_t)(value >> 8 * i);
}

#endif
