/* capture/copied.c - option by option, with what is known of the numbers in them. */
#include "capture/copied.h"

#include "capture/input.h"
#include "capture/option.h"
#include "capture/put.h"
#include "capture/putblock.h"

enum {
	SECTION_FIELDS = 16,            /* byte order, version, length: before the options */
	INTERFACE_FIELDS = 8,
	STATISTICS_FIELDS = 12,
	SECRETS_FIELDS = 8,
	FIXED = 64,                     /* room for what we add to any block */
	ENTERPRISE = 4,                 /* bytes of a custom option's number */
	NANO = 9,
};

/* What values are in our byte order: `times` numbers of `width` bytes; 0: bytes as they are.  Rows that are
 * `plain` hold nothing that anybody wrote. */
static const struct option_shape {
	uint32_t block;
	uint16_t code;
	uint8_t width, times;
	bool plain;
} shapes[] = {
	{ PCAPNG_BLOCK_INTERFACE, PCAPNG_IF_SPEED, 8, 1, false },
	{ PCAPNG_BLOCK_INTERFACE, PCAPNG_IF_TSRESOL, 0, 0, true },
	{ PCAPNG_BLOCK_INTERFACE, PCAPNG_IF_TZONE, 4, 1, false },
	{ PCAPNG_BLOCK_INTERFACE, PCAPNG_IF_FCSLEN, 0, 0, true },
	{ PCAPNG_BLOCK_INTERFACE, PCAPNG_IF_TSOFFSET, 8, 1, true },
	{ PCAPNG_BLOCK_INTERFACE, PCAPNG_IF_TXSPEED, 8, 1, false },
	{ PCAPNG_BLOCK_INTERFACE, PCAPNG_IF_RXSPEED, 8, 1, false },
	{ PCAPNG_BLOCK_ENHANCED, PCAPNG_PACKET_FLAGS, 4, 1, true },
	{ PCAPNG_BLOCK_ENHANCED, PCAPNG_PACKET_DROPCOUNT, 8, 1, true },
	{ PCAPNG_BLOCK_ENHANCED, PCAPNG_PACKET_ID, 8, 1, true },
	{ PCAPNG_BLOCK_ENHANCED, PCAPNG_PACKET_QUEUE, 4, 1, false },
	{ PCAPNG_BLOCK_STATISTICS, PCAPNG_ISB_STARTTIME, 4, 2, true },
	{ PCAPNG_BLOCK_STATISTICS, PCAPNG_ISB_ENDTIME, 4, 2, true },
	{ PCAPNG_BLOCK_STATISTICS, PCAPNG_ISB_IFRECV, 8, 1, true },
	{ PCAPNG_BLOCK_STATISTICS, PCAPNG_ISB_IFDROP, 8, 1, true },
	{ PCAPNG_BLOCK_STATISTICS, PCAPNG_ISB_FILTERACCEPT, 8, 1, true },
	{ PCAPNG_BLOCK_STATISTICS, PCAPNG_ISB_OSDROP, 8, 1, true },
	{ PCAPNG_BLOCK_STATISTICS, PCAPNG_ISB_USRDELIV, 8, 1, true },
};

static const struct option_shape *shape_of(uint32_t block, uint16_t code)
{
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
		if (shapes[i].block == block && shapes[i].code == code)
			return &shapes[i];
	return NULL;
}

/* ---- options ---- */

static bool is_custom(uint16_t code)
{
	return code == PCAPNG_CUSTOM_TEXT || code == PCAPNG_CUSTOM_BYTES ||
	       code == PCAPNG_CUSTOM_TEXT_FIXED || code == PCAPNG_CUSTOM_BYTES_FIXED;
}

/* The first `numbers` of a value turned, which are multiples of four bytes, and the rest as it is. */
static void put_turned(struct buf *out, uint16_t code, struct span value, size_t width, size_t numbers,
                       bool big)
{
	struct reader r = reader_on(value);

	put(out, code, 2);
	put(out, value.len, 2);
	for (size_t i = 0; i < numbers; i++)
		put(out, order_read(&r, width, big), width);
	block_bytes(out, r.left);
}

static void put_copy(struct buf *out, uint32_t block, uint16_t code, struct span value, bool big)
{
	const struct option_shape *shape = shape_of(block, code);

	if (is_custom(code) && value.len >= ENTERPRISE)
		put_turned(out, code, value, ENTERPRISE, 1, big);
	else if (shape && shape->width && value.len == (size_t)shape->width * shape->times)
		put_turned(out, code, value, shape->width, shape->times, big);
	else
		block_option(out, code, value);
}

static bool may_go(uint32_t block, uint16_t code, bool texts)
{
	const struct option_shape *shape = shape_of(block, code);

	/* Custom options whose meaning may hang on what changes are not to be copied (section 3.5.1). */
	if (code == PCAPNG_CUSTOM_TEXT_FIXED || code == PCAPNG_CUSTOM_BYTES_FIXED)
		return false;
	return texts || (shape && shape->plain);
}

/* All that may go; `without`: codes that are told otherwise, as bits. */
static void put_options(struct buf *out, uint32_t block, struct span options, bool big, bool texts,
                        uint32_t without)
{
	struct reader r = reader_on(options);
	struct span value;
	uint16_t code;

	while (option_next(&r, big, &code, &value))
		if (may_go(block, code, texts) && !(code < 32 && without & 1u << code))
			put_copy(out, block, code, value, big);
}

static void put_comments(struct buf *out, const struct span *comments, size_t count)
{
	for (size_t i = 0; i < count; i++)
		block_text(out, PCAPNG_COMMENT, comments[i]);
}

static size_t room_of(const struct span *comments, size_t count)
{
	size_t room = 0;

	for (size_t i = 0; i < count; i++)
		room += block_room(comments[i]);
	return room;
}

/* ---- sections ---- */

bool copied_section(struct buf *out, const struct source_block *b, const struct span *comments,
                    size_t comment_count, bool texts)
{
	struct span body = b ? b->body : span_of(NULL, 0);
	size_t at;

	if (!block_begin(out, PCAPNG_BLOCK_SECTION, FIXED + body.len + room_of(comments, comment_count), &at))
		return false;
	put(out, PCAPNG_BYTE_ORDER, 4);
	put(out, 1, 2);
	put(out, 0, 2);
	put(out, UINT64_MAX, 8);        /* the section's length is not known */
	put_comments(out, comments, comment_count);
	if (b && texts)
		put_options(out, PCAPNG_BLOCK_SECTION, span_skip(body, SECTION_FIELDS), b->big, true, 0);
	else
		block_text(out, PCAPNG_SHB_USERAPPL, SPAN("wsuscope"));
	block_options_end(out);
	return block_end(out, at);
}

bool copied_section_texts(struct buf *out, const struct source_block *b)
{
	struct reader r = reader_on(span_skip(b->body, SECTION_FIELDS));
	struct span value;
	uint16_t code;

	if (!buf_reserve(out, b->body.len))
		return false;
	while (option_next(&r, b->big, &code, &value))
		if (code <= PCAPNG_SHB_USERAPPL)
			block_text(out, PCAPNG_COMMENT, value);
	return true;
}

/* ---- interfaces ---- */

static void read_clock(struct copied_clock *clock, struct span options, bool big)
{
	struct reader r = reader_on(options);
	struct span value;
	uint16_t code;

	timescale_init(&clock->scale);
	while (option_next(&r, big, &code, &value))
		if (code == PCAPNG_IF_TSRESOL && value.len)
			timescale_set_resolution(&clock->scale, value.at[0]);
		else if (code == PCAPNG_IF_TSOFFSET)
			timescale_set_offset(&clock->scale, (int64_t)option_number(value, 8, big));
	clock->kept = clock->scale.factor != 0;
}

static uint64_t units(const struct copied_clock *clock, int64_t time)
{
	int64_t since = clock->kept ? time - clock->scale.offset : time;

	return since < 0 ? 0 : (uint64_t)since / (clock->kept ? clock->scale.factor : 1);
}

static void put_units(struct buf *out, uint64_t value)
{
	put(out, value >> 32, 4);
	put(out, value, 4);
}

static void put_resolution(struct buf *out, uint8_t exponent)
{
	block_option(out, PCAPNG_IF_TSRESOL, span_of(&exponent, 1));
}

bool copied_interface(struct buf *out, const struct source_block *b, struct span more, bool texts,
                      struct copied_clock *clock)
{
	struct span options = span_skip(b->body, INTERFACE_FIELDS);
	struct reader r = reader_on(b->body);
	uint32_t without;
	size_t at;

	read_clock(clock, options, b->big);
	without = clock->kept ? 0 : 1u << PCAPNG_IF_TSRESOL | 1u << PCAPNG_IF_TSOFFSET;
	if (!block_begin(out, PCAPNG_BLOCK_INTERFACE, FIXED + b->body.len + more.len, &at))
		return false;
	put(out, input_link_type((uint32_t)order_read(&r, 2, b->big)), 2);
	reader_skip(&r, 2);
	put(out, 0, 2);
	put(out, order_read(&r, 4, b->big), 4);
	put_options(out, PCAPNG_BLOCK_INTERFACE, options, b->big, texts, without);
	if (!clock->kept)
		put_resolution(out, NANO);
	block_bytes(out, more);
	block_options_end(out);
	return block_end(out, at);
}

bool copied_plain(struct buf *out, uint16_t link_type, uint32_t snaplen, uint8_t resolution,
                  struct copied_clock *clock)
{
	size_t at;

	timescale_init(&clock->scale);
	timescale_set_resolution(&clock->scale, resolution);
	clock->kept = true;
	if (!block_begin(out, PCAPNG_BLOCK_INTERFACE, FIXED, &at))
		return false;
	put(out, link_type, 2);
	put(out, 0, 2);
	put(out, snaplen, 4);
	put_resolution(out, resolution);
	block_options_end(out);
	return block_end(out, at);
}

/* ---- packets ---- */

bool copied_packet(struct buf *out, uint32_t interface, const struct frame *frame,
                   const struct copied_clock *clock, const struct span *comments, size_t comment_count,
                   bool texts)
{
	size_t most = FIXED + frame->bytes.len + frame->options.len + room_of(comments, comment_count);
	size_t at, before;

	if (!block_begin(out, PCAPNG_BLOCK_ENHANCED, most, &at))
		return false;
	put(out, interface, 4);
	put_units(out, units(clock, frame->time));
	put(out, frame->bytes.len, 4);
	put(out, frame->wire_len, 4);
	block_bytes(out, frame->bytes);
	before = out->len;
	put_options(out, PCAPNG_BLOCK_ENHANCED, frame->options, frame->options_big, texts, 0);
	put_comments(out, comments, comment_count);
	if (out->len > before)
		block_options_end(out);
	return block_end(out, at);
}

/* ---- statistics ---- */

/* Times in units that the copy does not have. */
static void put_times(struct buf *out, const struct source_block *b, const struct copied_clock *clock)
{
	struct reader r = reader_on(span_skip(b->body, STATISTICS_FIELDS));
	struct span value;
	uint16_t code;

	while (option_next(&r, b->big, &code, &value)) {
		struct reader halves = reader_on(value);
		uint64_t high = order_read(&halves, 4, b->big), low = order_read(&halves, 4, b->big);

		if ((code == PCAPNG_ISB_STARTTIME || code == PCAPNG_ISB_ENDTIME) && halves.ok)
			block_moment(out, code, timescale_moment(&clock->scale, high << 32 | low));
	}
}

static bool tells_end(const struct source_block *b)
{
	struct reader r = reader_on(span_skip(b->body, STATISTICS_FIELDS));
	struct span value;
	uint16_t code;

	while (option_next(&r, b->big, &code, &value))
		if (code == PCAPNG_ISB_ENDTIME && value.len == 8)
			return true;
	return false;
}

bool copied_statistics(struct buf *out, const struct source_block *b, uint32_t interface,
                       const struct copied_clock *clock, bool texts, bool *ended)
{
	uint32_t times = 1u << PCAPNG_ISB_STARTTIME | 1u << PCAPNG_ISB_ENDTIME;
	struct reader r = reader_on(b->body);
	uint64_t high, low;
	size_t at;

	if (!block_begin(out, PCAPNG_BLOCK_STATISTICS, FIXED + b->body.len, &at))
		return false;
	reader_skip(&r, 4);
	high = order_read(&r, 4, b->big);
	low = order_read(&r, 4, b->big);
	put(out, interface, 4);
	put_units(out, clock->kept ? high << 32 | low
	                           : units(clock, timescale_moment(&clock->scale, high << 32 | low)));
	put_options(out, PCAPNG_BLOCK_STATISTICS, r.left, b->big, texts, clock->kept ? 0 : times);
	if (!clock->kept)
		put_times(out, b, clock);
	block_options_end(out);
	*ended = *ended || tells_end(b);
	return block_end(out, at);
}

bool copied_end(struct buf *out, uint32_t interface, int64_t time, const struct copied_clock *clock)
{
	size_t at;

	if (!block_begin(out, PCAPNG_BLOCK_STATISTICS, FIXED, &at))
		return false;
	put(out, interface, 4);
	put_units(out, units(clock, time));
	put(out, PCAPNG_ISB_ENDTIME, 2);
	put(out, 8, 2);
	put_units(out, units(clock, time));
	block_options_end(out);
	return block_end(out, at);
}

/* ---- others ---- */

/* Records {type, length, value} until one of type 0, then options (section 4.5). */
bool copied_names(struct buf *out, const struct source_block *b)
{
	struct reader r = reader_on(b->body);
	struct span value;
	uint16_t type;
	size_t at;

	if (!block_begin(out, PCAPNG_BLOCK_NAMES, FIXED + b->body.len, &at))
		return false;
	while (option_next(&r, b->big, &type, &value))
		block_option(out, type, value);
	block_options_end(out);
	put_options(out, PCAPNG_BLOCK_NAMES, r.left, b->big, true, 0);
	block_options_end(out);
	return block_end(out, at);
}

bool copied_whole(struct buf *out, const struct source_block *b)
{
	size_t at;

	if (!block_begin(out, b->type, b->body.len, &at))
		return false;
	block_bytes(out, b->body);
	return block_end(out, at);
}

struct span copied_log(const struct source_block *b)
{
	struct reader r = reader_on(b->body);
	uint32_t type = (uint32_t)order_read(&r, 4, b->big);
	struct span log = reader_bytes(&r, (size_t)order_read(&r, 4, b->big));

	return type == PCAPNG_SECRETS_TLS && r.ok ? log : span_of(NULL, 0);
}

bool copied_secrets(struct buf *out, struct span log)
{
	size_t at;

	if (!block_begin(out, PCAPNG_BLOCK_SECRETS, SECRETS_FIELDS + log.len + 3, &at))
		return false;
	put(out, PCAPNG_SECRETS_TLS, 4);
	put(out, log.len, 4);
	block_bytes(out, log);
	return block_end(out, at);
}
