/* tests/fuzz_pcapng.c - pcapng blocks of any content, in a frame that is sound.
 *
 * The input is cut into blocks: a byte for the type, a byte for the length of
 * the body in words, the body.  Lengths are thus always right, and what lies
 * behind them is reached at once.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "capture/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CEILING = 16 << 20, SECTION = 15 };

static void put_32(struct buf *out, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		if (!buf_add_byte(out, (uint8_t)(value >> 8 * i)))
			abort();
}

static void put_block(struct buf *out, uint32_t type, struct span body)
{
	uint32_t padding = -(uint32_t)body.len & 3;
	uint32_t length = (uint32_t)body.len + padding + 12;

	put_32(out, type);
	put_32(out, length);
	if (!buf_add(out, body) || !buf_add(out, (struct span){ (const uint8_t *)"\0\0", padding }))
		abort();
	put_32(out, length);
}

static void put_next(struct buf *out, struct span *input)
{
	struct span head = span_take(input, 2);
	struct span body = span_take(input, head.len == 2 ? head.at[1] * 4u : 0);

	if (head.at[0] % 16 == SECTION)
		put_block(out, 0x0a0d0d0a, SPAN("\x4d\x3c\x2b\x1a\1\0\0\0\0\0\0\0\0\0\0\0"));
	else
		put_block(out, head.at[0] % 16, body);
}

/* Touches the end of a view, where it would first leave what was read. */
static unsigned last_of(struct span bytes)
{
	return bytes.len ? bytes.at[bytes.len - 1] : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span input = span_of(data, size);
	struct fault f = { .kind = FAULT_NONE };
	enum source_next next;
	struct frame frame;
	struct source *s;
	struct buf out;

	buf_init(&out, CEILING);
	put_block(&out, 0x0a0d0d0a, SPAN("\x4d\x3c\x2b\x1a\1\0\0\0\0\0\0\0\0\0\0\0"));
	put_block(&out, 1, SPAN("\1\0\0\0\0\0\0\0"));
	while (input.len && out.len < CEILING / 2)
		put_next(&out, &input);
	s = source_open_memory("fuzz", buf_span(&out), NULL, &f);
	if (!s)
		abort();
	while ((next = source_next(s, &frame, &f)) != SOURCE_END)
		if (next == SOURCE_FRAME && (last_of(frame.bytes) > 255 || last_of(frame.comment) > 255))
			abort();
	source_close(s);
	buf_release(&out);
	return 0;
}
