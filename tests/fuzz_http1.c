/* tests/fuzz_http1.c - any bytes, any cuts, holes and skips: it ends, and what it tells stays in
 * bounds.
 *
 * Input: a byte of switches, then pieces: a length byte (below 240: that many bytes follow and
 * are fed; else a hole, a skip or a close).
 */
#include <stdlib.h>

#include "decoders/http1.h"
#include "tests/touch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_event(struct http1 *dec, const struct http1_event *ev, uint8_t switches)
{
	if (ev->kind == HTTP1_PIECE)
		touch(ev->piece);
	if (ev->kind != HTTP1_HEAD)
		return;
	touch(ev->head.method);
	touch(ev->head.target);
	touch(ev->head.reason);
	for (size_t i = 0; i < ev->head.header_count; i++) {
		touch(ev->head.headers[i].name);
		touch(ev->head.headers[i].value);
	}
	if (!(switches & 64))
		http1_body(dec, (enum http1_follows)(switches >> 3 & 3), switches & 4);
}

static void drain(struct http1 *dec, struct span piece, uint8_t switches)
{
	struct http1_event ev;
	size_t room = 3 * piece.len + 8;        /* more events than that is a loop */

	while (http1_next(dec, &piece, &ev)) {
		if (!room--)
			abort();
		read_event(dec, &ev, switches);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = span_of(data, size);
	uint8_t switches = size ? data[0] : 0;
	struct http1 dec;

	http1_init(&dec, switches & 1, switches & 2, NULL);
	if (switches & 32)
		http1_bare(&dec);
	in = span_skip(in, 1);
	while (in.len) {
		uint8_t len = span_take(&in, 1).at[0];

		if (len >= 250)
			http1_close(&dec);
		else if (len >= 245)
			http1_skip(&dec, (uint64_t)(len - 244) * 7);
		else if (len >= 240)
			http1_hole(&dec, (uint64_t)(len - 239) * 5);
		drain(&dec, span_take(&in, len < 240 ? len : 0), switches);
		if (len % 16 == 15)
			http1_resume(&dec);
	}
	http1_close(&dec);
	drain(&dec, SPAN(""), switches);
	http1_release(&dec);
	return 0;
}
