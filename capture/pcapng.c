/* capture/pcapng.c - reading pcapng (draft-ietf-opsawg-pcapng).
 *
 * Blocks of {type, length, body, length again}, in sections.  A section has a
 * byte order and interfaces of its own; a packet names its interface, which
 * tells link type and clock.  Blocks that nobody needs are skipped by length.
 */
#include "capture/pcapng.h"

#include "capture/input.h"
#include "capture/losses.h"
#include "capture/option.h"
#include "capture/timescale.h"

#include <stdlib.h>

enum {
	BLOCK_MAX = INPUT_FRAME_MAX + (1 << 20),        /* of a block that is looked into */
	SECRETS_BLOCK_MAX = INPUT_SECRETS_MAX + 64,
	OTHER_BLOCK_MAX = 4 << 20,                      /* of one that only a listener looks into */
	INTERFACES_MAX = 65536,                         /* in one section */
	SECTION_HEAD = 28,                              /* a section header block without options */
};

struct interface {
	uint16_t link_type;
	uint32_t snaplen;               /* 0: unlimited */
	struct timescale scale;
	struct losses losses;
};

struct pcapng {
	bool big;                       /* byte order of this section */
	struct interface *interfaces;   /* of this section */
	size_t count, room;
	uint32_t before;                /* interfaces of the sections before */
};

/* One block, whole, as it lies in the input. */
struct block {
	uint32_t type;
	uint64_t at;                    /* its first byte */
	struct span body;
};

static struct interface *interface_of(const struct pcapng *p, uint32_t index)
{
	return index < p->count ? &p->interfaces[index] : NULL;
}

/* Sections ---------------------------------------------------------------- */

/* The block head lies before us.  A section's header tells the byte order in
 * which its own length is to be read. */
static bool section_order(const struct input *in, bool *big)
{
	uint32_t magic = order_32(in->bytes.left.at + 8, false);

	*big = magic == __builtin_bswap32(PCAPNG_BYTE_ORDER);
	return *big || magic == PCAPNG_BYTE_ORDER;
}

/* What the section header at the read position makes impossible; NULL: nothing. */
static const char *section_wrong(struct input *in, struct pcapng *p)
{
	uint32_t length;

	if (!section_order(in, &p->big))
		return "a section header without its byte-order mark";
	length = order_32(in->bytes.left.at + 4, p->big);
	if (length < SECTION_HEAD || length % 4)
		return "a section header of an impossible length";
	if (order_16(in->bytes.left.at + 12, p->big) != 1)
		return "a section of an unknown version (1.x is known)";
	return NULL;
}

static void begin_section(struct pcapng *p)
{
	p->before += (uint32_t)p->count;
	p->count = 0;
}

static bool pcapng_open(struct input *in, struct fault *f)
{
	struct pcapng *p = calloc(1, sizeof *p);
	const char *wrong;

	if (!p)
		return fault_set(f, FAULT_MEMORY, "%s: no memory to read it", in->bytes.name);
	in->state = p;
	wrong = section_wrong(in, p);
	if (!wrong)
		return true;
	return fault_set(f, FAULT_INPUT, "%s: begins like pcapng but has %s; nothing can be read",
			 in->bytes.name, wrong);
}

static void pcapng_close(struct input *in)
{
	struct pcapng *p = in->state;

	if (p)
		free(p->interfaces);
	free(p);
}

/* Interfaces -------------------------------------------------------------- */

static struct interface *add_interface(struct pcapng *p)
{
	if (p->count == p->room) {
		size_t room = p->room ? p->room * 2 : 8;
		struct interface *grown = realloc(p->interfaces, room * sizeof *grown);

		if (!grown)
			return NULL;
		p->interfaces = grown;
		p->room = room;
	}
	return &p->interfaces[p->count++];
}

static void read_interface_options(const struct pcapng *p, struct reader *r, struct interface *i)
{
	struct span value;
	uint16_t code;

	while (option_next(r, p->big, &code, &value))
		if (code == PCAPNG_IF_TSRESOL && value.len)
			timescale_set_resolution(&i->scale, value.at[0]);
		else if (code == PCAPNG_IF_TSOFFSET)
			timescale_set_offset(&i->scale, (int64_t)option_number(value, 8, p->big));
}

static enum source_next read_interface(struct input *in, const struct block *b, struct fault *f)
{
	struct pcapng *p = in->state;
	struct reader r = reader_on(b->body);
	struct interface *i;

	if (p->count == INTERFACES_MAX)
		return input_damaged(in, b->at, f, "more than %d interfaces in a section", INTERFACES_MAX);
	i = add_interface(p);
	if (!i) {
		fault_set(f, FAULT_MEMORY, "%s: no memory for its interfaces", in->bytes.name);
		return SOURCE_FAULT;
	}
	*i = (struct interface){ .link_type = input_link_type((uint32_t)order_read(&r, 2, p->big)),
		                 .losses = { .told = MOMENT_NONE, .told_frames = in->info.frames } };
	reader_skip(&r, 2);
	i->snaplen = (uint32_t)order_read(&r, 4, p->big);
	timescale_init(&i->scale);
	read_interface_options(p, &r, i);
	return SOURCE_IDLE;
}

/* Both halves in the order of the file, the high one first; units are the interface's (section 4.6). */
static void note_end(struct input *in, const struct interface *i, struct span value, bool big)
{
	struct reader r = reader_on(value);
	uint64_t high = order_read(&r, 4, big), low = order_read(&r, 4, big);
	int64_t ended = timescale_moment(&i->scale, high << 32 | low);

	if (value.len == 8 && ended > in->info.ended)
		in->info.ended = ended;
}

static void read_statistics(struct input *in, const struct block *b)
{
	const struct pcapng *p = in->state;
	struct reader r = reader_on(b->body);
	struct interface *i = interface_of(p, (uint32_t)order_read(&r, 4, p->big));
	uint64_t lost = 0, high, low;
	bool tells_lost = false;        /* else what was told before holds */
	struct span value;
	uint16_t code;

	high = order_read(&r, 4, p->big);
	low = order_read(&r, 4, p->big);
	if (!i)
		return;
	while (option_next(&r, p->big, &code, &value)) {
		bool is_lost = code == PCAPNG_ISB_IFDROP || code == PCAPNG_ISB_OSDROP;

		tells_lost |= is_lost;
		if (is_lost)
			lost = losses_add(lost, option_number(value, 8, p->big));
		if (code == PCAPNG_ISB_ENDTIME)
			note_end(in, i, value, p->big);
	}
	if (tells_lost)
		losses_of_statistics(&i->losses, in, lost, timescale_moment(&i->scale, high << 32 | low));
}

/* Packets ----------------------------------------------------------------- */

static enum frame_direction direction_of(uint64_t flags)
{
	switch (flags & PCAPNG_DIRECTION) {
	case PCAPNG_INBOUND:
		return FRAME_INBOUND;
	case PCAPNG_OUTBOUND:
		return FRAME_OUTBOUND;
	default:
		return FRAME_UNKNOWN;
	}
}

static void read_packet_options(struct input *in, struct interface *i, struct span options)
{
	const struct pcapng *p = in->state;
	struct frame *frame = &in->frame;
	struct reader r = reader_on(options);
	struct span value;
	uint16_t code;

	frame->options = options;
	while (option_next(&r, p->big, &code, &value)) {
		if (code == PCAPNG_COMMENT && !frame->comment.len)
			frame->comment = value;
		else if (code == PCAPNG_PACKET_FLAGS)
			frame->direction = direction_of(option_number(value, 4, p->big));
		else if (code == PCAPNG_PACKET_ID)
			frame->packet_id = option_number(value, 8, p->big);
		else if (code == PCAPNG_PACKET_DROPCOUNT)
			losses_of_packets(&i->losses, in, option_number(value, 8, p->big));
	}
}

static void begin_frame(struct input *in, uint32_t index, const struct interface *i)
{
	const struct pcapng *p = in->state;

	in->frame.link_type = i->link_type;
	in->frame.interface = p->before + index;
	in->frame.direction = FRAME_UNKNOWN;
	in->frame.packet_id = 0;
	in->frame.comment = span_of(NULL, 0);
	in->frame.options = span_of(NULL, 0);
	in->frame.options_big = p->big;
}

/* The two packet blocks differ in the interface's number alone: 32 bits, or
 * 16 followed by 16 that count the packets lost before this one (all ones:
 * not known). */
static enum source_next read_packet(struct input *in, const struct block *b, struct fault *f)
{
	const struct pcapng *p = in->state;
	const uint8_t *at = b->body.at;
	bool obsolete = b->type == PCAPNG_BLOCK_PACKET;
	size_t head = PCAPNG_ENHANCED_HEAD - PCAPNG_BLOCK_HEAD;
	uint32_t index, captured;
	struct interface *i;

	if (b->body.len < head)
		return input_damaged(in, b->at, f, "a packet block too short for its header");
	index = obsolete ? order_16(at, p->big) : order_32(at, p->big);
	captured = order_32(at + 12, p->big);
	i = interface_of(p, index);
	if (!i)
		return input_damaged(in, b->at, f, "a packet of interface %u, which no block describes",
				     index);
	if (captured > b->body.len - head)
		return input_damaged(in, b->at, f, "a packet of %u bytes in a block of %zu", captured,
				     b->body.len + PCAPNG_BLOCK_MIN);
	begin_frame(in, index, i);
	in->frame.time = timescale_moment(&i->scale, (uint64_t)order_32(at + 4, p->big) << 32 |
						     order_32(at + 8, p->big));
	in->frame.wire_len = order_32(at + 16, p->big);
	in->frame.bytes = span_of(at + head, captured);
	if (obsolete && order_16(at + 2, p->big) != UINT16_MAX)
		losses_of_packets(&i->losses, in, order_16(at + 2, p->big));
	read_packet_options(in, i, span_skip(b->body, head + ((captured + 3u) & ~(size_t)3)));
	return SOURCE_FRAME;
}

/* A simple packet is of the first interface and has no time: it takes that of
 * the frame before it. */
static enum source_next read_simple(struct input *in, const struct block *b, struct fault *f)
{
	const struct pcapng *p = in->state;
	struct reader r = reader_on(b->body);
	uint32_t wire = (uint32_t)order_read(&r, 4, p->big);
	const struct interface *i = interface_of(p, 0);
	size_t captured = wire;

	if (!r.ok || !i)
		return input_damaged(in, b->at, f, "a simple packet %s",
				     i ? "block too short for its header"
				       : "before any interface is described");
	if (i->snaplen && captured > i->snaplen)
		captured = i->snaplen;
	if (captured > r.left.len)
		return input_damaged(in, b->at, f, "a packet of %zu bytes in a block of %zu", captured,
				     b->body.len + PCAPNG_BLOCK_MIN);
	begin_frame(in, 0, i);
	in->frame.wire_len = wire;
	in->frame.bytes = span_of(r.left.at, captured);
	return SOURCE_FRAME;
}

static void read_secrets(struct input *in, const struct block *b)
{
	const struct pcapng *p = in->state;
	struct reader r = reader_on(b->body);
	uint32_t type = (uint32_t)order_read(&r, 4, p->big);
	struct span text = reader_bytes(&r, (size_t)order_read(&r, 4, p->big));

	if (r.ok && type == PCAPNG_SECRETS_TLS)
		input_keep_secrets(in, text);
	else
		in->info.secrets_lost++;
}

/* Blocks ------------------------------------------------------------------ */

/* Blocks that are looked into, and the largest that makes sense; 0: skipped. */
static uint32_t block_limit(uint32_t type)
{
	switch (type) {
	case PCAPNG_BLOCK_INTERFACE:
	case PCAPNG_BLOCK_STATISTICS:
	case PCAPNG_BLOCK_ENHANCED:
	case PCAPNG_BLOCK_PACKET:
	case PCAPNG_BLOCK_SIMPLE:
		return BLOCK_MAX;
	case PCAPNG_BLOCK_SECRETS:
		return SECRETS_BLOCK_MAX;
	default:
		return 0;
	}
}

/* Others matter to a listener alone; one that is larger is passed over. */
static bool is_skipped(const struct input *in, uint32_t type, uint32_t length)
{
	uint32_t limit = block_limit(type);

	return limit ? type == PCAPNG_BLOCK_SECRETS && length > limit
	             : !in->listener.block || length > OTHER_BLOCK_MAX;
}

/* A packet block's interface is its frame's matter. */
static void tell_listener(struct input *in, const struct block *b)
{
	const struct pcapng *p = in->state;
	struct source_block told = { .file = in->frame.file, .big = p->big, .type = b->type,
		                     .body = b->body };

	if (b->type == PCAPNG_BLOCK_INTERFACE)
		told.interface = p->before + (uint32_t)p->count - 1;
	else if (b->type == PCAPNG_BLOCK_STATISTICS && b->body.len >= 4)
		told.interface = p->before + order_32(b->body.at, p->big);
	in->listener.block(in->listener.self, &told);
}

/* SOURCE_IDLE: the block held no frame, and the next one may. */
static enum source_next read_block(struct input *in, const struct block *b, struct fault *f)
{
	switch (b->type) {
	case PCAPNG_BLOCK_ENHANCED:
	case PCAPNG_BLOCK_PACKET:
		return read_packet(in, b, f);
	case PCAPNG_BLOCK_SIMPLE:
		return read_simple(in, b, f);
	case PCAPNG_BLOCK_INTERFACE:
		return read_interface(in, b, f);
	case PCAPNG_BLOCK_STATISTICS:
		read_statistics(in, b);
		return SOURCE_IDLE;
	case PCAPNG_BLOCK_SECRETS:
		read_secrets(in, b);
		return SOURCE_IDLE;
	default:
		return SOURCE_IDLE;
	}
}

static enum source_next skip_block(struct input *in, uint32_t type, uint32_t length, struct fault *f)
{
	uint64_t end = in->bytes.offset + length;

	in->info.secrets_lost += type == PCAPNG_BLOCK_SECRETS;
	if (bytes_skip(&in->bytes, length))
		return SOURCE_IDLE;
	return input_cut(in, "a block", end - in->bytes.offset, f);
}

static enum source_next lengths_differ(struct input *in, const struct block *b, uint32_t length,
				       struct fault *f)
{
	return input_damaged(in, b->at, f, "a block of type %u whose two lengths differ (first %u)",
			     b->type, length);
}

/* The block at the read position, of a sane length. */
static enum source_next take_block(struct input *in, uint32_t type, uint32_t length, struct fault *f)
{
	const struct pcapng *p = in->state;
	struct block b = { .type = type, .at = in->bytes.offset };
	uint32_t limit = block_limit(type);
	enum source_next next;
	const uint8_t *at;

	if (is_skipped(in, type, length))
		return skip_block(in, type, length, f);
	if (limit && length > limit)
		return input_damaged(in, b.at, f, "a block of type %u with %u bytes (at most %u make sense)",
				     type, length, limit);
	if (!bytes_need(&in->bytes, length))
		return input_cut(in, "a block", length - in->bytes.left.len, f);
	at = in->bytes.left.at;
	if (order_32(at + length - PCAPNG_BLOCK_TAIL, p->big) != length)
		return lengths_differ(in, &b, length, f);
	b.body = span_of(at + PCAPNG_BLOCK_HEAD, length - PCAPNG_BLOCK_MIN);
	bytes_eat(&in->bytes, length);
	next = read_block(in, &b, f);
	if (next == SOURCE_IDLE && in->listener.block)
		tell_listener(in, &b);
	return next;
}

static enum source_next next_block(struct input *in, struct fault *f)
{
	struct pcapng *p = in->state;
	uint32_t type, length;

	if (!bytes_need(&in->bytes, PCAPNG_BLOCK_MIN)) {
		if (!in->bytes.left.len && in->bytes.fault.kind == FAULT_NONE)
			return SOURCE_END;
		return input_cut(in, "a block's header", PCAPNG_BLOCK_MIN - in->bytes.left.len, f);
	}
	type = order_32(in->bytes.left.at, p->big);
	if (type == PCAPNG_BLOCK_SECTION) {
		const char *wrong;

		if (!bytes_need(&in->bytes, SECTION_HEAD))
			return input_cut(in, "a section header",
					 SECTION_HEAD - in->bytes.left.len, f);
		wrong = section_wrong(in, p);
		if (wrong)
			return input_damaged(in, in->bytes.offset, f, "%s", wrong);
		begin_section(p);
	}
	length = order_32(in->bytes.left.at + 4, p->big);
	if (length < PCAPNG_BLOCK_MIN || length % 4)
		return input_damaged(in, in->bytes.offset, f,
				     "a block of type %u with an impossible length, %u", type, length);
	return take_block(in, type, length, f);
}

static enum source_next pcapng_next(struct input *in, struct fault *f)
{
	enum source_next next;

	do
		next = next_block(in, f);
	while (next == SOURCE_IDLE);
	return next;
}

const struct format format_pcapng = {
	.name = "pcapng",
	.magics = { SPAN_LIT("\x0a\x0d\x0d\x0a") },
	.head = SECTION_HEAD,
	.open = pcapng_open,
	.next = pcapng_next,
	.close = pcapng_close,
};
