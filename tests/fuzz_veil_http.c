/* tests/fuzz_veil_http.c - any bytes as HTTP under the veil.
 *
 * The input is a list of pieces: a byte of side and hole, a byte of length, bytes.
 */
#include "tests/decided.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void say(struct decided *d, struct span in)
{
	enum { SIDE = 1,
	       HOLE = 2 };
	bool room = true;

	while (room && in.len > 2) {
		struct span head = span_take(&in, 2), piece = span_take(&in, head.at[1] ? head.at[1] : 2048u);
		enum side from = head.at[0] & SIDE ? SERVER : CLIENT;

		if (head.at[0] & HOLE)
			room = decided_hole(d, from, 1 + (head.at[0] >> 4));
		room = room && decided_bytes(d, from, piece);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct decided_stream http = { .rewriter = &rewriter_http, .port = 8530, .say = say };

	decided_read(&http, span_of(data, size));
	return 0;
}
