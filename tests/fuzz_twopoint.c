/* tests/fuzz_twopoint.c - two captures of strangers' packets, joined and judged.
 *
 * Input: records of a byte (bit 0: at which point, bits 1 to 7: milliseconds since the last), a length, and
 * an IP packet.
 */
#include "base/reader.h"
#include "decoders/peel.h"
#include "twopoint/trouble.h"

#include <stdlib.h>

enum { ROOM = 1 << 20, LINKTYPE_RAW = 101, PACKETS_MAX = 512 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void feed(struct twopoint *t, struct peel *const peels[2], struct reader *r)
{
	uint64_t frames[2] = { 0 };
	int64_t time = 1;

	for (unsigned i = 0; i < PACKETS_MAX && r->ok && r->left.len; i++) {
		uint8_t head = reader_u8(r), len = reader_u8(r);
		enum place at = head & 1 ? FAR : NEAR;
		struct frame frame = { .number = ++frames[at], .link_type = LINKTYPE_RAW };
		struct packet packet;

		time += (head >> 1) * MOMENT_MS;
		frame.time = time;
		frame.bytes = reader_bytes(r, len < r->left.len ? len : r->left.len);
		frame.wire_len = (uint32_t)frame.bytes.len;
		if (peel_frame(peels[at], &frame, &packet))
			point_packet(&t->at[at], &packet);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader r = reader_on(span_of(data, size));
	struct limits limits[2] = { 0 };
	struct peel *peels[2] = { peel_new(&limits[NEAR]), peel_new(&limits[FAR]) };
	struct blind blind[2] = {
		{ .name = "near", .ended = MOMENT_NONE },
		{ .name = "far", .ended = MOMENT_NONE },
	};
	struct troubles *all = calloc(1, sizeof *all);
	struct twopoint t = { .swapped = false };
	char text[VERDICT_TEXT];

	point_init(&t.at[NEAR], ROOM);
	point_init(&t.at[FAR], ROOM);
	if (all && peels[NEAR] && peels[FAR]) {
		feed(&t, peels, &r);
		if (twopoint_join(&t) && troubles_find(all, &t, blind))
			(void)troubles_verdict(all, &t, blind, text);
	}
	for (unsigned at = NEAR; at <= FAR; at++) {
		point_release(&t.at[at]);
		peel_free(peels[at]);
	}
	free(all);
	return 0;
}
