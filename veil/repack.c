/* veil/repack.c - gzip, zlib, raw deflate, and the blocks of xpress. */
#include "veil/repack.h"

#include <libdeflate.h>
#include <zlib.h>

#include "base/reader.h"

/* ---- deflate ---- */

enum {
	MEMORY = 300 * 1024,            /* that zlib takes to write: its manual names 256 KiB and some */
	BEST = 12,                      /* libdeflate's last level, and what it takes at most */
	BEST_MEMORY = 10 * 1024 * 1024,
};

enum wrap { RAW, ZLIB, GZIP };

static const struct frame_row {
	uint8_t head, tail;
} frames[] = {
	[RAW] = { 0, 0 }, [ZLIB] = { 2, 4 }, [GZIP] = { 10, 8 },
};

/* Raw deflate of `plain` in at most `room` bytes; SIZE_MAX: it takes more. */
static size_t pack(struct span plain, bool whole, uint8_t *to, size_t room)
{
	z_stream z = { .next_in = (z_const Bytef *)plain.at, .avail_in = (uInt)plain.len };
	int flush = whole ? Z_FINISH : Z_SYNC_FLUSH, status;
	uint8_t spare;
	size_t left;

	if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) != Z_OK)
		return SIZE_MAX;
	z.next_out = to;
	z.avail_out = (uInt)room;
	status = deflate(&z, flush);
	left = z.avail_out;
	/* Where it ends with the room zlib only says so when there is more. */
	if (!left) {
		z.next_out = &spare;
		z.avail_out = 1;
		status = deflate(&z, flush);
		status = z.avail_out ? status : Z_MEM_ERROR;
	}
	deflateEnd(&z);
	if (whole ? status != Z_STREAM_END : (status != Z_OK && status != Z_BUF_ERROR) || z.avail_in)
		return SIZE_MAX;
	return room - left;
}

/* Bytes that deflate reads as nothing: so many blocks of fixed codes with nothing in them, ten bits each,
 * then a stored one, which ends on a byte. */
static size_t put_nothing(uint8_t *to, unsigned fixed)
{
	unsigned bit = 0;
	size_t len;

	memset(to, 0, 5);
	for (; fixed; fixed--, bit += 10)
		to[(bit + 1) / 8] |= (uint8_t)(1u << (bit + 1) % 8);
	len = (bit + 3 + 7) / 8;
	to[len] = to[len + 1] = 0;
	to[len + 2] = to[len + 3] = 0xff;
	return len + 4;
}

/* Fives, and what makes up the rest: of five numbers nothing can be made.  Then zeros stand behind the end of
 * the coding, where no decoder reads on: so many. */
static size_t left_over(size_t slack)
{
	return slack == 8 ? 3 : slack < 5 ? slack : 0;
}

static void fill(uint8_t *to, size_t slack)
{
	static const uint8_t first[5][2] = { { 0 }, { 6 }, { 7 }, { 6, 7 }, { 9 } };
	const uint8_t *special = first[slack % 5];

	for (unsigned i = 0; i < 2 && special[i]; i++) {
		size_t len = put_nothing(to, special[i] == 9 ? 3 : special[i] - 5u);

		to += len;
		slack -= len;
	}
	for (; slack; slack -= 5)
		to += put_nothing(to, 0);
}

static void put_number(uint8_t *to, uint32_t value, bool big)
{
	for (unsigned i = 0; i < 4; i++)
		to[i] = (uint8_t)(value >> (big ? 24 - 8 * i : 8 * i));
}

/* Returns how many bytes of `slack` are left to be filled behind the head. */
static size_t put_head(enum wrap wrap, size_t slack, uint8_t *to)
{
	static const uint8_t gzip[] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff };
	enum { FLAGS_AT = 3, HAS_COMMENT = 0x10 };

	if (wrap == ZLIB) {
		to[0] = 0x78;
		to[1] = 0xda;
	}
	if (wrap != GZIP)
		return slack;
	memcpy(to, gzip, sizeof gzip);
	if (!slack)
		return 0;
	to[FLAGS_AT] = HAS_COMMENT;
	memset(to + sizeof gzip, 'x', slack - 1);
	to[sizeof gzip + slack - 1] = 0;
	return 0;
}

static void put_tail(enum wrap wrap, struct span plain, uint8_t *to)
{
	if (wrap == ZLIB) {
		put_number(to, (uint32_t)adler32(adler32(0, NULL, 0), plain.at, (uInt)plain.len), true);
	} else if (wrap == GZIP) {
		put_number(to, (uint32_t)crc32(crc32(0, NULL, 0), plain.at, (uInt)plain.len), false);
		put_number(to + 4, (uint32_t)plain.len, false);
	}
}

/* The same by libdeflate, which finds shorter ways than zlib, and knows of whole texts alone. */
static size_t pack_well(struct budget *budget, struct span plain, uint8_t *to, size_t room)
{
	struct libdeflate_compressor *c;
	size_t len;

	if (!budget_take(budget, BEST_MEMORY))
		return SIZE_MAX;
	c = libdeflate_alloc_compressor(BEST);
	len = c ? libdeflate_deflate_compress(c, plain.at, plain.len, to, room) : 0;
	libdeflate_free_compressor(c);
	budget_give(budget, BEST_MEMORY);
	return len ? len : SIZE_MAX;
}

static bool put_packed(enum wrap wrap, struct span plain, bool whole, size_t len, uint8_t *to, size_t room)
{
	size_t head = frames[wrap].head, tail = whole ? frames[wrap].tail : 0;
	size_t inside = room - head - tail, slack;

	if (len == SIZE_MAX)
		return false;
	slack = inside - len;
	if (wrap != GZIP) {
		size_t over = left_over(slack);

		memset(to + room - over, 0, over);
		slack -= over;
		inside -= over;
	}
	memmove(to + head + slack, to + head, len);
	fill(to + head, put_head(wrap, slack, to));
	if (whole)
		put_tail(wrap, plain, to + head + inside);
	return true;
}

/* By zlib at its best, as most senders do, else by whoever knows shorter ways. */
static bool deflate_again(struct budget *budget, enum wrap wrap, struct span plain, bool whole, uint8_t *to,
                          size_t room)
{
	size_t head = frames[wrap].head, frame = head + (whole ? frames[wrap].tail : 0), len;

	if (room < frame)
		return false;
	len = pack(plain, whole, to + head, room - frame);
	if (len == SIZE_MAX && whole)
		len = pack_well(budget, plain, to + head, room - frame);
	return put_packed(wrap, plain, whole, len, to, room);
}

/* By its first bytes, as senders confuse them (RFC 1950 section 2.2). */
static enum wrap wrap_of(struct span coded)
{
	bool zlib = coded.len > 1 && (coded.at[0] & 0x0f) == 8 && (coded.at[0] << 8 | coded.at[1]) % 31 == 0;

	if (span_starts(coded, SPAN("\x1f\x8b")))
		return GZIP;
	return zlib ? ZLIB : RAW;
}

/* ---- xpress: MS-WUSP section 2.1.1 ---- */

/* Block by block: lengths stay as they were. */
static bool xpress_again(struct budget *budget, struct span coded, struct span plain, uint8_t *to)
{
	enum { HEAD = 8 };
	struct reader r = reader_on(coded);

	memset(to, 0, coded.len);
	while (r.left.len >= HEAD) {
		const uint8_t *head = r.left.at;
		uint8_t *at = to + (head - coded.at);
		size_t len = reader_le32(&r), packed = reader_le32(&r);
		struct span data = reader_bytes(&r, packed), block = span_take(&plain, len);

		/* One that is cut is read by nobody; its head tells that it is. */
		memcpy(at, head, HEAD);
		if (!r.ok || block.len < len)
			break;
		if (packed == len)
			memcpy(at + HEAD, block.at, len);
		else if (!repack_xpress(budget, block, at + HEAD, data.len))
			return false;
	}
	return true;
}

bool repack(struct budget *budget, struct span coding, struct span coded, struct span plain, bool whole,
            uint8_t *to)
{
	bool packed;

	coding = span_trim(coding);
	if (span_ieq(coding, SPAN("xpress")))
		return xpress_again(budget, coded, plain, to);
	if (!span_ieq(coding, SPAN("gzip")) && !span_ieq(coding, SPAN("x-gzip")) &&
	    !span_ieq(coding, SPAN("deflate")))
		return false;
	if (coded.len > UINT32_MAX || plain.len > UINT32_MAX || !budget_take(budget, MEMORY))
		return false;
	packed = deflate_again(budget, wrap_of(coded), plain, whole, to, coded.len);
	budget_give(budget, MEMORY);
	return packed;
}
