/* capture/blocks.c - blocks made of their fields: type, length, body, options, length again. */
#include "capture/blocks.h"

#include <stdio.h>

#include "base/utf8.h"
#include "capture/order.h"
#include "capture/pcapng.h"
#include "capture/put.h"

enum {
	TEXT_MAX = UINT16_MAX,          /* an option's length has 16 bits */
	OPTION_HEAD = 4,
	NUMBERS = 128,                  /* room for what has a fixed length in any block */
	FILTER_LIBPCAP = 0,             /* if_filter begins with what kind of filter it is */
};

/* ---- blocks and options ---- */

/* Room for a block with a body of up to `body` bytes; its beginning in *at. */
static bool begin_block(struct buf *out, uint32_t type, size_t body, size_t *at)
{
	*at = out->len;
	if (!buf_reserve(out, body + PCAPNG_BLOCK_MIN))
		return false;
	put(out, type, 4);
	put(out, 0, 4);
	return true;
}

static bool end_block(struct buf *out, size_t at)
{
	size_t end = out->len + PCAPNG_BLOCK_TAIL, length = end - at;

	put(out, length, 4);
	out->len = at + 4;
	put(out, length, 4);
	out->len = end;
	return true;
}

static void put_bytes(struct buf *out, struct span bytes)
{
	static const uint8_t zeros[3];
	size_t padding = -bytes.len & 3;

	if (bytes.len)
		memcpy(out->at + out->len, bytes.at, bytes.len);
	memcpy(out->at + out->len + bytes.len, zeros, padding);
	out->len += bytes.len + padding;
}

static void put_option(struct buf *out, enum pcapng_option code, struct span value)
{
	put(out, code, 2);
	put(out, value.len, 2);
	put_bytes(out, value);
}

/* A text of no bytes is none. */
static void put_text(struct buf *out, enum pcapng_option code, struct span text)
{
	if (text.len > TEXT_MAX)
		text = utf8_whole(span_of(text.at, TEXT_MAX));
	if (text.len)
		put_option(out, code, text);
}

static void put_option_number(struct buf *out, enum pcapng_option code, uint64_t value, size_t width)
{
	put(out, code, 2);
	put(out, width, 2);
	put(out, value, width);
}

static void put_time(struct buf *out, int64_t time)
{
	put(out, blocks_time(time) >> 32, 4);
	put(out, blocks_time(time), 4);
}

static void put_option_time(struct buf *out, enum pcapng_option code, int64_t time)
{
	put(out, code, 2);
	put(out, 8, 2);
	put_time(out, time);
}

static void put_options_end(struct buf *out)
{
	put_option(out, PCAPNG_END, span_of(NULL, 0));
}

static struct span text_of(const char *text)
{
	return text ? span_text(text) : span_of(NULL, 0);
}

/* What an option of that text takes. */
static size_t room_of(struct span text)
{
	return OPTION_HEAD + text.len + 3;
}

/* ---- heads ---- */

bool blocks_section(struct buf *out, const struct writer_section *s)
{
	size_t most = NUMBERS + sizeof s->hardware + sizeof s->system, at;

	for (size_t i = 0; i < WRITER_COMMENTS; i++)
		most += room_of(text_of(s->comments[i]));
	if (!begin_block(out, PCAPNG_BLOCK_SECTION, most, &at))
		return false;
	put(out, PCAPNG_BYTE_ORDER, 4);
	put(out, 1, 2);
	put(out, 0, 2);
	put(out, UINT64_MAX, 8);        /* the section's length is not known */
	for (size_t i = 0; i < WRITER_COMMENTS; i++)
		put_text(out, PCAPNG_COMMENT, text_of(s->comments[i]));
	put_text(out, PCAPNG_SHB_HARDWARE, span_text(s->hardware));
	put_text(out, PCAPNG_SHB_OS, span_text(s->system));
	put_text(out, PCAPNG_SHB_USERAPPL, SPAN("wsuscope"));
	put_options_end(out);
	return end_block(out, at);
}

/* Section 4.2: the text of a filter comes behind a byte for its kind. */
static void put_filter(struct buf *out, struct span filter)
{
	size_t padding;

	if (!filter.len || filter.len >= TEXT_MAX)
		return;
	padding = -(filter.len + 1) & 3;
	put(out, PCAPNG_IF_FILTER, 2);
	put(out, filter.len + 1, 2);
	put(out, FILTER_LIBPCAP, 1);
	memcpy(out->at + out->len, filter.at, filter.len);
	out->len += filter.len;
	put(out, 0, padding);
}

bool blocks_interface(struct buf *out, uint16_t link_type, const char *name, const char *filter,
                      uint32_t snaplen)
{
	size_t most = NUMBERS + room_of(text_of(name)) + room_of(text_of(filter)), at;

	if (!begin_block(out, PCAPNG_BLOCK_INTERFACE, most, &at))
		return false;
	put(out, link_type, 2);
	put(out, 0, 2);
	put(out, snaplen, 4);
	put_text(out, PCAPNG_IF_NAME, text_of(name));
	put_option(out, PCAPNG_IF_TSRESOL, SPAN("\x09"));
	put_filter(out, text_of(filter));
	put_options_end(out);
	return end_block(out, at);
}

/* ---- packets ---- */

static void put_packet_options(struct buf *out, const struct frame *frame, struct span comment)
{
	size_t before = out->len;

	put_text(out, PCAPNG_COMMENT, frame->comment);
	put_text(out, PCAPNG_COMMENT, comment);
	if (frame->direction != FRAME_UNKNOWN)
		put_option_number(out, PCAPNG_PACKET_FLAGS,
				  frame->direction == FRAME_INBOUND ? PCAPNG_INBOUND : PCAPNG_OUTBOUND, 4);
	if (frame->packet_id)
		put_option_number(out, PCAPNG_PACKET_ID, frame->packet_id, 8);
	if (out->len > before)
		put_options_end(out);
}

bool blocks_packet(struct buf *out, uint32_t interface, const struct frame *frame, struct span comment)
{
	size_t most = NUMBERS + frame->bytes.len + room_of(frame->comment) + room_of(comment), at;

	if (!begin_block(out, PCAPNG_BLOCK_ENHANCED, most, &at))
		return false;
	put(out, interface, 4);
	put_time(out, frame->time);
	put(out, frame->bytes.len, 4);
	put(out, frame->wire_len, 4);
	put_bytes(out, frame->bytes);
	put_packet_options(out, frame, comment);
	return end_block(out, at);
}

/* ---- statistics ---- */

/* The format has no number for frames that the capturing program itself lost. */
static void put_own_losses(struct buf *out, uint64_t ours)
{
	char text[NUMBERS];
	int len = snprintf(text, sizeof text, "wsuscope itself lost %llu frames: it could not keep up",
			   (unsigned long long)ours);

	if (ours)
		put_text(out, PCAPNG_COMMENT, span_of(text, (size_t)len));
}

static void put_losses(struct buf *out, const struct blocks_statistics *s)
{
	put_option_number(out, PCAPNG_ISB_IFDROP, s->lost.interface, 8);
	if (s->all_told)
		put_option_number(out, PCAPNG_ISB_FILTERACCEPT,
				  s->delivered + s->lost.kernel + s->lost.ours, 8);
	put_option_number(out, PCAPNG_ISB_OSDROP, s->lost.kernel, 8);
}

bool blocks_statistics(struct buf *out, const struct blocks_statistics *s)
{
	size_t at;

	if (!begin_block(out, PCAPNG_BLOCK_STATISTICS, 3 * NUMBERS, &at))
		return false;
	put(out, s->interface, 4);
	put_time(out, s->now);
	put_own_losses(out, s->told ? s->lost.ours : 0);
	put_option_time(out, PCAPNG_ISB_STARTTIME, s->begun);
	if (s->ended)
		put_option_time(out, PCAPNG_ISB_ENDTIME, s->now);
	if (s->told)
		put_losses(out, s);
	put_option_number(out, PCAPNG_ISB_USRDELIV, s->delivered, 8);
	put_options_end(out);
	return end_block(out, at);
}

/* ---- what was written ---- */

size_t blocks_length(const uint8_t *at)
{
	return order_32(at + 4, false);
}

bool blocks_is_packet(const uint8_t *at)
{
	return order_32(at, false) == PCAPNG_BLOCK_ENHANCED;
}
