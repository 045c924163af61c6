/* decoders/codecxpress.c - Content-Encoding: xpress, as WSUS sends it ([MS-WUSP] 2.1.1).
 *
 * Blocks until the body ends, each: uncompressed length (int32, little-endian), compressed length,
 * data.  Equal lengths: stored.  A match never reaches into another block.
 */
#include "decoders/codec.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/reader.h"
#include "decoders/xpress.h"

enum { HEADER_LEN = 8, BLOCK_MAX = 65535 };

struct xpress {
	struct buf block;       /* one that is not whole yet, with its header; has room for any */
};

static void *create(void)
{
	struct xpress *x = calloc(1, sizeof *x);

	if (!x)
		return NULL;
	buf_init(&x->block, HEADER_LEN + BLOCK_MAX);
	if (buf_reserve(&x->block, HEADER_LEN + BLOCK_MAX))
		return x;
	free(x);
	return NULL;
}

static bool reset(void *self)
{
	struct xpress *x = self;

	buf_clear(&x->block);
	return true;
}

static void destroy(void *self)
{
	struct xpress *x = self;

	buf_release(&x->block);
	free(x);
}

struct block {
	size_t plain, packed;
};

static bool read_header(struct span header, struct block *b)
{
	struct reader r = reader_on(header);

	b->plain = reader_le32(&r);
	b->packed = reader_le32(&r);
	return b->plain <= BLOCK_MAX && b->packed <= b->plain;
}

static bool write_block(const struct block *b, struct span data, struct codec_out *out)
{
	out->len = b->plain;
	if (b->packed < b->plain)
		return xpress_block(data, out->at, b->plain);
	if (data.len)
		memcpy(out->at, data.at, data.len);
	return true;
}

/* Takes what the waiting block lacks up to `len`; true when it has that much. */
static bool gather(struct xpress *x, struct span *in, size_t len)
{
	if (x->block.len < len)
		buf_add(&x->block, span_take(in, len - x->block.len));
	return x->block.len >= len;
}

/* A block that came in pieces. */
static enum codec_status step_waiting(struct xpress *x, struct span *in, struct codec_out *out)
{
	struct block b;
	bool good;

	if (!gather(x, in, HEADER_LEN))
		return CODEC_OK;
	if (!read_header(buf_span(&x->block), &b))
		return CODEC_BAD;
	if (!gather(x, in, HEADER_LEN + b.packed))
		return CODEC_OK;
	good = write_block(&b, span_skip(buf_span(&x->block), HEADER_LEN), out);
	buf_clear(&x->block);
	return good ? CODEC_OK : CODEC_BAD;
}

static enum codec_status step(void *self, struct span *in, struct codec_out *out)
{
	struct xpress *x = self;
	struct block b;
	struct span data;

	if (x->block.len || in->len < HEADER_LEN)
		return step_waiting(x, in, out);
	if (!read_header(span_of(in->at, HEADER_LEN), &b))
		return CODEC_BAD;
	if (in->len - HEADER_LEN < b.packed)
		return step_waiting(x, in, out);
	span_take(in, HEADER_LEN);
	data = span_take(in, b.packed);
	return write_block(&b, data, out) ? CODEC_OK : CODEC_BAD;
}

static bool whole(const void *self)
{
	const struct xpress *x = self;

	return !x->block.len;
}

const struct codec codec_xpress = {
	.names = { SPAN_LIT("xpress") },
	.cost = sizeof(struct xpress) + HEADER_LEN + BLOCK_MAX,
	.create = create,
	.reset = reset,
	.destroy = destroy,
	.step = step,
	.whole = whole,
};
