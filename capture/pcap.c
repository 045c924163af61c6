/* capture/pcap.c - the classic format of libpcap (pcap-savefile(5)).
 *
 * A header of 24 bytes, then records: seconds, fraction, captured length,
 * wire length, bytes.  All in the byte order of the writer, which the magic
 * number shows, as it shows the unit of the fraction.
 */
#include "capture/input.h"
#include "capture/order.h"

#include <stdlib.h>

enum {
	FILE_HEAD = 24,
	RECORD_HEAD = 16,
	RECORD_HEAD_MODIFIED = 24,      /* interface index, protocol, packet type and padding follow */
	PACKET_TYPE_AT = 22,
};

#define MAGIC_NANO     0xa1b23c4du      /* 0xa1b2c3d4 has microseconds */
#define MAGIC_MODIFIED 0xa1b2cd34u      /* A. Kuznetsov's patch, in old Red Hat and SuSE systems */

struct pcap {
	bool big;                       /* byte order */
	bool modified;
	uint16_t link_type;
	uint16_t minor;                 /* of the format's version */
	size_t head;                    /* of a record */
	int64_t fraction;               /* nanoseconds of its unit */
};

static bool pcap_open(struct input *in, struct fault *f)
{
	struct span head = bytes_eat(&in->bytes, FILE_HEAD);
	struct pcap *p = calloc(1, sizeof *p);
	uint32_t magic;

	if (!p)
		return fault_set(f, FAULT_MEMORY, "%s: no memory to read it", in->bytes.name);
	in->state = p;
	p->big = head.at[0] == 0xa1;
	magic = order_32(head.at, p->big);
	p->modified = magic == MAGIC_MODIFIED;
	p->head = p->modified ? RECORD_HEAD_MODIFIED : RECORD_HEAD;
	p->fraction = magic == MAGIC_NANO ? 1 : 1000;
	p->minor = order_16(head.at + 6, p->big);
	p->link_type = input_link_type(order_32(head.at + 20, p->big));
	in->info.snaplen = order_32(head.at + 16, p->big);
	in->info.resolution = magic == MAGIC_NANO ? 9 : 6;
	if (order_16(head.at + 4, p->big) == 2)
		return true;
	return fault_set(f, FAULT_INPUT,
			 "%s: a pcap file of version %u.%u; only version 2 is known.  Convert it: "
			 "editcap -F pcapng %s out.pcapng", in->bytes.name,
			 order_16(head.at + 4, p->big), p->minor, in->bytes.name);
}

/* Files before version 2.3 hold the two lengths the other way round, and some
 * of 2.3 do (libpcap: sf-pcap.c); a frame never grows by being captured. */
static void settle_lengths(const struct pcap *p, uint32_t *captured, uint32_t *wire)
{
	uint32_t swap = *captured;

	if (p->minor > 3 || (p->minor == 3 && *captured <= *wire))
		return;
	*captured = *wire;
	*wire = swap;
}

/* PACKET_ of the Linux kernel (packet(7)): to this host, to all, to a group, of others, sent. */
static enum frame_direction direction_of(uint8_t packet_type)
{
	if (packet_type > 4 || packet_type == 3)
		return FRAME_UNKNOWN;
	return packet_type == 4 ? FRAME_OUTBOUND : FRAME_INBOUND;
}

static enum source_next pcap_next(struct input *in, struct fault *f)
{
	const struct pcap *p = in->state;
	struct frame *frame = &in->frame;
	uint32_t captured, wire;
	const uint8_t *at;

	if (!bytes_need(&in->bytes, p->head)) {
		if (!in->bytes.left.len && in->bytes.fault.kind == FAULT_NONE)
			return SOURCE_END;
		return input_cut(in, "a record's header", p->head - in->bytes.left.len, f);
	}
	at = in->bytes.left.at;
	captured = order_32(at + 8, p->big);
	wire = order_32(at + 12, p->big);
	settle_lengths(p, &captured, &wire);
	if (captured > INPUT_FRAME_MAX)
		return input_damaged(in, in->bytes.offset, f,
				     "a packet of %u captured bytes (at most %d make sense)", captured,
				     INPUT_FRAME_MAX);
	if (!bytes_need(&in->bytes, p->head + captured))
		return input_cut(in, "a packet", p->head + captured - in->bytes.left.len, f);
	at = bytes_eat(&in->bytes, p->head + captured).at;
	frame->time = (int64_t)order_32(at, p->big) * MOMENT_S + order_32(at + 4, p->big) * p->fraction;
	frame->bytes = span_of(at + p->head, captured);
	frame->wire_len = wire;
	frame->link_type = p->link_type;
	if (p->modified)
		frame->direction = direction_of(at[PACKET_TYPE_AT]);
	return SOURCE_FRAME;
}

static void pcap_close(struct input *in)
{
	free(in->state);
}

const struct format format_pcap = {
	.name = "pcap",
	.magics = {
		SPAN_LIT("\xd4\xc3\xb2\xa1"), SPAN_LIT("\xa1\xb2\xc3\xd4"),
		SPAN_LIT("\x4d\x3c\xb2\xa1"), SPAN_LIT("\xa1\xb2\x3c\x4d"),
		SPAN_LIT("\x34\xcd\xb2\xa1"), SPAN_LIT("\xa1\xb2\xcd\x34"),
	},
	.head = FILE_HEAD,
	.open = pcap_open,
	.next = pcap_next,
	.close = pcap_close,
};
