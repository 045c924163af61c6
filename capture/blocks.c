/* capture/blocks.c - blocks made of their fields: type, length, body, options, length again. */
#include "capture/blocks.h"

#include <stdio.h>

#include "capture/order.h"
#include "capture/pcapng.h"
#include "capture/put.h"
#include "capture/putblock.h"

enum {
	TEXT_MAX = UINT16_MAX,          /* an option's length has 16 bits */
	NUMBERS = 128,                  /* room for what has a fixed length in any block */
	FILTER_LIBPCAP = 0,             /* if_filter begins with what kind of filter it is */
};

/* ---- heads ---- */

static struct span text_of(const char *text)
{
	return text ? span_text(text) : span_of(NULL, 0);
}

bool blocks_section(struct buf *out, const struct writer_section *s)
{
	size_t most = NUMBERS + sizeof s->hardware + sizeof s->system, at;

	for (size_t i = 0; i < WRITER_COMMENTS; i++)
		most += block_room(text_of(s->comments[i]));
	if (!block_begin(out, PCAPNG_BLOCK_SECTION, most, &at))
		return false;
	put(out, PCAPNG_BYTE_ORDER, 4);
	put(out, 1, 2);
	put(out, 0, 2);
	put(out, UINT64_MAX, 8);        /* the section's length is not known */
	for (size_t i = 0; i < WRITER_COMMENTS; i++)
		block_text(out, PCAPNG_COMMENT, text_of(s->comments[i]));
	block_text(out, PCAPNG_SHB_HARDWARE, span_text(s->hardware));
	block_text(out, PCAPNG_SHB_OS, span_text(s->system));
	block_text(out, PCAPNG_SHB_USERAPPL, SPAN("wsuscope"));
	block_options_end(out);
	return block_end(out, at);
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
	size_t most = NUMBERS + block_room(text_of(name)) + block_room(text_of(filter)), at;

	if (!block_begin(out, PCAPNG_BLOCK_INTERFACE, most, &at))
		return false;
	put(out, link_type, 2);
	put(out, 0, 2);
	put(out, snaplen, 4);
	block_text(out, PCAPNG_IF_NAME, text_of(name));
	block_option(out, PCAPNG_IF_TSRESOL, SPAN("\x09"));
	put_filter(out, text_of(filter));
	block_options_end(out);
	return block_end(out, at);
}

/* ---- packets ---- */

static void put_packet_options(struct buf *out, const struct frame *frame, struct span comment)
{
	size_t before = out->len;

	block_text(out, PCAPNG_COMMENT, frame->comment);
	block_text(out, PCAPNG_COMMENT, comment);
	if (frame->direction != FRAME_UNKNOWN)
		block_number(out, PCAPNG_PACKET_FLAGS,
				  frame->direction == FRAME_INBOUND ? PCAPNG_INBOUND : PCAPNG_OUTBOUND, 4);
	if (frame->packet_id)
		block_number(out, PCAPNG_PACKET_ID, frame->packet_id, 8);
	if (out->len > before)
		block_options_end(out);
}

bool blocks_packet(struct buf *out, uint32_t interface, const struct frame *frame, struct span comment)
{
	size_t most = NUMBERS + frame->bytes.len + block_room(frame->comment) + block_room(comment), at;

	if (!block_begin(out, PCAPNG_BLOCK_ENHANCED, most, &at))
		return false;
	put(out, interface, 4);
	block_time(out, frame->time);
	put(out, frame->bytes.len, 4);
	put(out, frame->wire_len, 4);
	block_bytes(out, frame->bytes);
	put_packet_options(out, frame, comment);
	return block_end(out, at);
}

/* ---- statistics ---- */

/* The format has no number for frames that the capturing program itself lost. */
static void put_own_losses(struct buf *out, uint64_t ours)
{
	char text[NUMBERS];
	int len = snprintf(text, sizeof text, "wsuscope itself lost %llu frames: it could not keep up",
			   (unsigned long long)ours);

	if (ours)
		block_text(out, PCAPNG_COMMENT, span_of(text, (size_t)len));
}

static void put_losses(struct buf *out, const struct blocks_statistics *s)
{
	block_number(out, PCAPNG_ISB_IFDROP, s->lost.interface, 8);
	if (s->all_told)
		block_number(out, PCAPNG_ISB_FILTERACCEPT,
				  s->delivered + s->lost.kernel + s->lost.ours, 8);
	block_number(out, PCAPNG_ISB_OSDROP, s->lost.kernel, 8);
}

bool blocks_statistics(struct buf *out, const struct blocks_statistics *s)
{
	size_t at;

	if (!block_begin(out, PCAPNG_BLOCK_STATISTICS, 3 * NUMBERS, &at))
		return false;
	put(out, s->interface, 4);
	block_time(out, s->now);
	put_own_losses(out, s->told ? s->lost.ours : 0);
	block_moment(out, PCAPNG_ISB_STARTTIME, s->begun);
	if (s->ended)
		block_moment(out, PCAPNG_ISB_ENDTIME, s->now);
	if (s->told)
		put_losses(out, s);
	block_number(out, PCAPNG_ISB_USRDELIV, s->delivered, 8);
	block_options_end(out);
	return block_end(out, at);
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
