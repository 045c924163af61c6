/* capture/order.h - integers of capture files, whose writer chose the byte order.
 *
 * For fields whose bytes are known to be there; variable structures go
 * through base/reader.h.
 */
#ifndef CAPTURE_ORDER_H
#define CAPTURE_ORDER_H

#include "base/reader.h"

static inline uint16_t order_16(const uint8_t *at, bool big)
{
	uint16_t value;

	value = (uint16_t)(at[0] | at[1] << 8);
	return big ? __builtin_bswap16(value) : value;
}

static inline uint32_t order_32(const uint8_t *at, bool big)
{
	uint32_t value = (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
			 (uint32_t)at[3] << 24;

	return big ? __builtin_bswap32(value) : value;
}

static inline uint64_t order_read(struct reader *r, size_t width, bool big)
{
	return big ? reader_be(r, width) : reader_le(r, width);
}

#endif
