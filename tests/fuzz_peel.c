/* tests/fuzz_peel.c - bytes to frames of a link type that they choose, and what must hold of each packet.
 *
 * Input: a link type, then frames of two length bytes, one byte that cuts, and the bytes.
 */
#include <stdlib.h>

#include "base/reader.h"
#include "decoders/icmp.h"
#include "decoders/peel.h"

static const uint16_t link_types[] = { 1, 0, 9, 12, 14, 50, 51, 101, 104, 105, 108,
				       113, 119, 127, 163, 166, 192, 204, 228, 229, 276, 147 };

static void judge(const struct packet *k)
{
	struct icmp_error error;
	struct span payload = { 0 };
	unsigned sum = 0;

	switch (k->kind) {
	case PACKET_TCP:
		payload = k->tcp.payload;
		if (payload.len > k->tcp.len)
			abort();
		break;
	case PACKET_UDP:
		payload = k->udp;
		break;
	case PACKET_ICMP:
		payload = k->icmp;
		if (payload.len < 4)
			abort();
		icmp_decode(k, &error);
		break;
	case PACKET_NONE:
		abort();
	}
	for (size_t i = 0; i < payload.len; i++)
		sum += payload.at[i];
	if (sum > payload.len * 255)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader r = reader_on(span_of(data, size));
	struct limits limits = { { 0 } };
	struct peel *p = peel_new(&limits);
	struct frame frame = {
		.link_type = link_types[reader_u8(&r) % (sizeof link_types / sizeof *link_types)],
	};
	struct packet packet;

	while (r.ok && r.left.len) {
		size_t len = reader_be16(&r) & 0x1fff;
		uint8_t cut = reader_u8(&r);

		frame.number++;
		frame.time += cut * INT64_C(10000);
		frame.packet_id = cut & 1;
		frame.bytes = span_take(&r.left, len);
		frame.wire_len = (uint32_t)(cut & 2 ? len : frame.bytes.len);
		if (!peel_frame(p, &frame, &packet))
			continue;
		judge(&packet);
		if (!peel_wire_text(p, packet.wire)[0] != !packet.wire)
			abort();
	}
	peel_free(p);
	return 0;
}
