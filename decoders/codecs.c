/* decoders/codecs.c - gzip, deflate, br and zstd: the codecs that libraries decode. */
#include "decoders/codec.h"

#include <brotli/decode.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include "base/reader.h"

/* ---- gzip and deflate.  Senders confuse them, and "deflate" is often raw (RFC 9110 section 8.4.1.2
 * knows of it), so both names take what the first two bytes say: gzip's magic (RFC 1952 section
 * 2.3.1), zlib's header check (RFC 1950 section 2.2), and for "deflate" anything else as raw.  The
 * low three bits of a zlib header would be a stored raw block with dirt in its padding, which no
 * encoder writes, so nothing is taken for the other. */

enum { RAW = -MAX_WBITS, ZLIB = MAX_WBITS, GZIP = MAX_WBITS + 16 };
enum { GZIP_LEAST = 20 };               /* header, an empty block, trailer */

struct inflater {
	z_stream z;
	struct libdeflate_decompressor *at_once;
	bool raw_allowed;
	enum { AT_START, IN_DATA, BETWEEN, OVER } state;
	int kind;
	uint8_t first[2];
	size_t have;
};

static void *inflater_create(bool raw_allowed)
{
	struct inflater *i = calloc(1, sizeof *i);

	if (!i)
		return NULL;
	i->raw_allowed = raw_allowed;
	i->at_once = libdeflate_alloc_decompressor();
	if (i->at_once && inflateInit2(&i->z, GZIP) == Z_OK)
		return i;
	libdeflate_free_decompressor(i->at_once);
	free(i);
	return NULL;
}

static void *gzip_create(void)    { return inflater_create(false); }
static void *deflate_create(void) { return inflater_create(true); }

static bool inflater_reset(void *self)
{
	struct inflater *i = self;

	i->state = AT_START;
	i->have = 0;
	return true;
}

static void inflater_destroy(void *self)
{
	struct inflater *i = self;

	inflateEnd(&i->z);
	libdeflate_free_decompressor(i->at_once);
	free(i);
}

/* 0: none of the three.  A gzip file may be several members (RFC 1952 section 2.2): nothing else
 * follows the first. */
static int inflater_kind(const struct inflater *i)
{
	unsigned a = i->first[0], b = i->first[1];

	if (a == 0x1f && b == 0x8b)
		return GZIP;
	if (i->state == BETWEEN)
		return 0;
	if ((a & 15) == Z_DEFLATED && a >> 4 <= 7 && (a << 8 | b) % 31 == 0)
		return ZLIB;
	return i->raw_allowed ? RAW : 0;
}

static enum codec_status inflater_feed(struct inflater *i, struct span *in, struct codec_out *out)
{
	int result;

	i->z.next_in = (uint8_t *)(uintptr_t)in->at;    /* zlib does not write there */
	i->z.avail_in = in->len > INT32_MAX ? INT32_MAX : (uInt)in->len;
	i->z.next_out = out->at + out->len;
	i->z.avail_out = (uInt)(CODEC_ROOM - out->len);
	result = inflate(&i->z, Z_NO_FLUSH);
	span_take(in, (size_t)(i->z.next_in - in->at));
	out->len = (size_t)(CODEC_ROOM - i->z.avail_out);
	out->more = !i->z.avail_out;
	if (result == Z_OK || result == Z_BUF_ERROR)
		return CODEC_OK;
	if (result != Z_STREAM_END)
		return CODEC_BAD;
	out->more = false;
	i->state = i->kind == GZIP ? BETWEEN : OVER;
	return i->state == OVER ? CODEC_END : CODEC_OK;
}

/* Reads the two bytes that tell the kind, and begins with them. */
static enum codec_status inflater_start(struct inflater *i, struct span *in, struct codec_out *out)
{
	struct span first = { i->first, 2 };

	if (i->state == BETWEEN && !i->have && *in->at != 0x1f)
		return CODEC_END;
	while (i->have < 2 && in->len)
		i->first[i->have++] = *span_take(in, 1).at;
	if (i->have < 2)
		return CODEC_OK;
	i->have = 0;
	i->kind = inflater_kind(i);
	if (!i->kind && i->state == BETWEEN)
		return CODEC_END;
	if (!i->kind || inflateReset2(&i->z, i->kind) != Z_OK)
		return CODEC_BAD;
	i->state = IN_DATA;
	return inflater_feed(i, &first, out);
}

/* A member that lies whole in the input, as its length at the end says it does (RFC 1952 section
 * 2.3.1), and fits the room: libdeflate takes half of zlib's time for a SOAP body, but cannot
 * stream.  What it refuses, zlib judges. */
static bool inflater_at_once(struct inflater *i, struct span *in, struct codec_out *out)
{
	size_t const before_length = in->len < GZIP_LEAST ? in->len : in->len - 4;
	struct reader tail = reader_on(span_skip(*in, before_length));
	size_t used, made;

	if (i->have || reader_le32(&tail) > CODEC_ROOM || !tail.ok)
		return false;
	if (in->at[0] != 0x1f || in->at[1] != 0x8b)
		return false;
	if (libdeflate_gzip_decompress_ex(i->at_once, in->at, in->len, out->at, CODEC_ROOM, &used,
	                                  &made) != LIBDEFLATE_SUCCESS)
		return false;
	span_take(in, used);
	out->len = made;
	i->state = BETWEEN;
	return true;
}

static enum codec_status inflater_step(void *self, struct span *in, struct codec_out *out)
{
	struct inflater *i = self;

	switch (i->state) {
	case AT_START:
		if (inflater_at_once(i, in, out))
			return CODEC_OK;
		return in->len ? inflater_start(i, in, out) : CODEC_OK;
	case BETWEEN: return in->len ? inflater_start(i, in, out) : CODEC_OK;
	case IN_DATA: return inflater_feed(i, in, out);
	case OVER:    break;
	}
	return CODEC_END;
}

static bool inflater_whole(const void *self)
{
	const struct inflater *i = self;

	return i->state != IN_DATA && !i->have;
}

const struct codec codec_gzip = {
	.names = { SPAN_LIT("gzip"), SPAN_LIT("x-gzip") },
	.cost = 60 * 1024,
	.create = gzip_create,
	.reset = inflater_reset,
	.destroy = inflater_destroy,
	.step = inflater_step,
	.whole = inflater_whole,
};

const struct codec codec_deflate = {
	.names = { SPAN_LIT("deflate") },
	.cost = 60 * 1024,
	.create = deflate_create,
	.reset = inflater_reset,
	.destroy = inflater_destroy,
	.step = inflater_step,
	.whole = inflater_whole,
};

/* ---- br: one stream; windows up to 16 MiB (RFC 7932 section 9.1), large windows stay off. */

static void *brotli_create(void)
{
	return BrotliDecoderCreateInstance(NULL, NULL, NULL);
}

static bool never_reset(void *self)
{
	(void)self;
	return false;
}

static void brotli_destroy(void *self)
{
	BrotliDecoderDestroyInstance(self);
}

static enum codec_status brotli_step(void *self, struct span *in, struct codec_out *out)
{
	size_t room = CODEC_ROOM - out->len;
	uint8_t *to = out->at + out->len;
	BrotliDecoderResult result;

	if (BrotliDecoderIsFinished(self))
		return CODEC_END;
	result = BrotliDecoderDecompressStream(self, &in->len, &in->at, &room, &to, NULL);
	out->len = CODEC_ROOM - room;
	out->more = result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
	if (result == BROTLI_DECODER_RESULT_ERROR)
		return CODEC_BAD;
	return result == BROTLI_DECODER_RESULT_SUCCESS ? CODEC_END : CODEC_OK;
}

static bool brotli_whole(const void *self)
{
	const BrotliDecoderState *state = self;

	return !BrotliDecoderIsUsed(state) || BrotliDecoderIsFinished(state);
}

const struct codec codec_brotli = {
	.names = { SPAN_LIT("br") },
	.cost = 17 * 1024 * 1024,
	.create = brotli_create,
	.reset = never_reset,
	.destroy = brotli_destroy,
	.step = brotli_step,
	.whole = brotli_whole,
};

/* ---- zstd: frames follow each other.  A window for HTTP is at most 8 MiB (RFC 9659 section 3). */

enum { ZSTD_WINDOW_LOG = 23 };

struct unzstd {
	ZSTD_DCtx *z;
	bool in_frame;
};

static void *zstd_create(void)
{
	struct unzstd *u = calloc(1, sizeof *u);

	if (u)
		u->z = ZSTD_createDCtx();
	if (u && u->z && !ZSTD_isError(ZSTD_DCtx_setParameter(u->z, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG)))
		return u;
	if (u)
		ZSTD_freeDCtx(u->z);
	free(u);
	return NULL;
}

static void zstd_destroy(void *self)
{
	struct unzstd *u = self;

	ZSTD_freeDCtx(u->z);
	free(u);
}

static enum codec_status zstd_step(void *self, struct span *in, struct codec_out *out)
{
	struct unzstd *u = self;
	ZSTD_inBuffer from = { in->at, in->len, 0 };
	ZSTD_outBuffer to = { out->at, CODEC_ROOM, out->len };
	size_t left = ZSTD_decompressStream(u->z, &to, &from);

	span_take(in, from.pos);
	out->len = to.pos;
	out->more = to.pos == to.size;
	if (ZSTD_isError(left))
		return CODEC_BAD;
	if (from.pos || to.pos)
		u->in_frame = left != 0;
	return CODEC_OK;
}

static bool zstd_whole(const void *self)
{
	const struct unzstd *u = self;

	return !u->in_frame;
}

const struct codec codec_zstd = {
	.names = { SPAN_LIT("zstd") },
	.cost = 9 * 1024 * 1024,
	.create = zstd_create,
	.reset = never_reset,
	.destroy = zstd_destroy,
	.step = zstd_step,
	.whole = zstd_whole,
};
