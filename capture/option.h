/* capture/option.h - reading the options of pcapng's blocks (draft-ietf-opsawg-pcapng section 3.5). */
#ifndef CAPTURE_OPTION_H
#define CAPTURE_OPTION_H

#include "capture/order.h"
#include "capture/pcapng.h"

/* Options: {code, length, value, padding to 4 bytes} until code 0 or the end.
 * False: no further one, or one that does not fit into its block. */
static inline bool option_next(struct reader *r, bool big, uint16_t *code, struct span *value)
{
	size_t len;

	if (r->left.len < 4)
		return false;
	*code = (uint16_t)order_read(r, 2, big);
	len = (size_t)order_read(r, 2, big);
	*value = reader_bytes(r, len);
	if (r->left.len)
		reader_skip(r, -len & 3);
	return r->ok && *code != PCAPNG_END;
}

/* 0 when it is shorter. */
static inline uint64_t option_number(struct span value, size_t width, bool big)
{
	struct reader r = reader_on(value);
	uint64_t number = order_read(&r, width, big);

	return r.ok ? number : 0;
}

#endif
