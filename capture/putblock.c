/* capture/putblock.c - the frame of a block, and options of each kind. */
#include "capture/putblock.h"

#include "base/utf8.h"
#include "capture/blocks.h"
#include "capture/pcapng.h"
#include "capture/put.h"

enum { TEXT_MAX = UINT16_MAX, OPTION_HEAD = 4 };        /* an option's length has 16 bits */

bool block_begin(struct buf *out, uint32_t type, size_t body, size_t *at)
{
	*at = out->len;
	if (!buf_reserve(out, body + PCAPNG_BLOCK_MIN))
		return false;
	put(out, type, 4);
	put(out, 0, 4);
	return true;
}

bool block_end(struct buf *out, size_t at)
{
	size_t end = out->len + PCAPNG_BLOCK_TAIL, length = end - at;

	put(out, length, 4);
	out->len = at + 4;
	put(out, length, 4);
	out->len = end;
	return true;
}

void block_bytes(struct buf *out, struct span bytes)
{
	static const uint8_t zeros[3];
	size_t padding = -bytes.len & 3;

	if (bytes.len)
		memcpy(out->at + out->len, bytes.at, bytes.len);
	memcpy(out->at + out->len + bytes.len, zeros, padding);
	out->len += bytes.len + padding;
}

void block_option(struct buf *out, uint16_t code, struct span value)
{
	put(out, code, 2);
	put(out, value.len, 2);
	block_bytes(out, value);
}

void block_text(struct buf *out, uint16_t code, struct span text)
{
	if (text.len > TEXT_MAX)
		text = utf8_whole(span_of(text.at, TEXT_MAX));
	if (text.len)
		block_option(out, code, text);
}

void block_number(struct buf *out, uint16_t code, uint64_t value, size_t width)
{
	put(out, code, 2);
	put(out, width, 2);
	put(out, value, width);
}

void block_time(struct buf *out, int64_t time)
{
	put(out, blocks_time(time) >> 32, 4);
	put(out, blocks_time(time), 4);
}

void block_moment(struct buf *out, uint16_t code, int64_t time)
{
	put(out, code, 2);
	put(out, 8, 2);
	block_time(out, time);
}

void block_options_end(struct buf *out)
{
	block_option(out, PCAPNG_END, span_of(NULL, 0));
}

size_t block_room(struct span value)
{
	return OPTION_HEAD + value.len + 3;
}
