/* tests/fuzz_packet.c - frames of any kind under a veil: all readings, and what must hold of each frame.
 *
 * Input: a link type, then frames of two length bytes, one byte that cuts, and the bytes.
 */
#include <stdlib.h>

#include "base/reader.h"
#include "veil/veil.h"

static const uint16_t link_types[] = { 1, 0, 9, 12, 14, 50, 51, 101, 104, 105, 108,
				       113, 119, 127, 163, 166, 192, 204, 228, 229, 276, 147 };

static void read_all(struct veil *v, struct span input)
{
	struct reader in = reader_on(input);
	uint16_t link = link_types[reader_u8(&in) % (sizeof link_types / sizeof *link_types)];
	struct frame frame = { .link_type = link };

	while (in.left.len) {
		size_t len = reader_be16(&in) % 2048;
		uint8_t cut = reader_u8(&in);
		struct span bytes = reader_bytes(&in, len < in.left.len ? len : in.left.len);

		frame.number++;
		frame.time += 1000000;
		frame.bytes = bytes;
		frame.wire_len = (uint32_t)bytes.len + cut;
		veil_pass(v, &frame);
		if (frame.bytes.len != bytes.len)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct veil_options o = { .key = { 1 }, .memory = 8 << 20 };
	struct veil *v = veil_new(&o);

	for (unsigned reading = 0; v && reading < 4; reading++) {
		read_all(v, span_of(data, size));
		if (!veil_turn(v))
			abort();
	}
	veil_free(v);
	return 0;
}
