/* tests/test_coding.c - content codings: every coding, every cut, chains, bad and truncated bodies, bombs.
 *
 * Bodies come from zlib's and zstd's encoders, from Google's brotli (bytes below), from gzip(1)
 * (bytes below), and from the xpress encoder beside.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>
#include <zlib.h>
#include <zstd.h>

#include "base/buf.h"
#include "decoders/coding.h"
#include "tests/xpress_encoder.h"

enum { TEXT_LEN = 200000, ROOM = 1 << 20 };

struct result {
	enum coding_status status;
	bool finished;
	struct buf plain;
	size_t left;            /* of the last piece */
};

static struct result decode(struct coding_pool *pool, struct span names, struct span wire, size_t step)
{
	bool known;
	struct result r = { .status = CODING_MORE };
	struct coding *c = coding_new(pool, names, &known);

	assert_non_null(c);
	assert_true(known);
	buf_init(&r.plain, 8 * ROOM);
	while (wire.len && r.status == CODING_MORE) {
		struct span piece = span_take(&wire, step), out;

		while ((r.status = coding_next(c, &piece, &out)) == CODING_PIECE)
			assert_true(buf_add(&r.plain, out));
		assert_true(r.status != CODING_MORE || !piece.len);
		r.left = piece.len + wire.len;
	}
	r.finished = coding_finish(c);
	coding_free(c);
	return r;
}

static void encode_zlib(struct span plain, int window, struct buf *to)
{
	z_stream z = { .next_in = (uint8_t *)(uintptr_t)plain.at, .avail_in = (uInt)plain.len };
	uint8_t *at = buf_reserve(to, ROOM / 2);

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_out = at;
	z.avail_out = ROOM / 2;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	to->len += (size_t)(z.next_out - at);
	deflateEnd(&z);
}

static void encode_gzip(struct span plain, struct buf *to) { encode_zlib(plain, 15 + 16, to); }
static void encode_deflate(struct span plain, struct buf *to) { encode_zlib(plain, 15, to); }
static void encode_raw(struct span plain, struct buf *to) { encode_zlib(plain, -15, to); }

static void encode_zstd(struct span plain, struct buf *to)
{
	size_t len = ZSTD_compress(buf_reserve(to, ROOM / 2), ROOM / 2, plain.at, plain.len, 3);

	assert_false(ZSTD_isError(len));
	to->len += len;
}

static void add_le32(struct buf *to, size_t value)
{
	for (unsigned i = 0; i < 4; i++)
		assert_true(buf_add_byte(to, (uint8_t)(value >> 8 * i)));
}

/* Blocks of the size that servers use, the last one stored. */
static void encode_xpress(struct span plain, struct buf *to)
{
	while (plain.len) {
		struct span block = span_take(&plain, 16352);
		struct buf packed;

		buf_init(&packed, ROOM);
		xpress_encode(block, &packed);
		add_le32(to, block.len);
		if (packed.len >= block.len || !plain.len) {
			buf_clear(&packed);
			assert_true(buf_add(&packed, block));
		}
		add_le32(to, packed.len);
		assert_true(buf_add(to, buf_span(&packed)));
		buf_release(&packed);
	}
}

static const struct row {
	const char *names;
	void (*encode)(struct span plain, struct buf *to);
	void (*again)(struct span plain, struct buf *to);
	bool members;           /* may be several, one after the other */
} rows[] = {
	{ "gzip", encode_gzip, NULL, true },
	{ "X-GZip", encode_gzip, NULL, true },
	{ "deflate", encode_deflate, NULL, false },
	{ "deflate", encode_raw, NULL, false },
	{ "deflate", encode_gzip, NULL, true },
	{ "gzip", encode_deflate, NULL, false },
	{ "zstd", encode_zstd, NULL, true },
	{ "xpress", encode_xpress, NULL, true },
	{ "identity, xpress", encode_xpress, NULL, true },
	{ "gzip, zstd", encode_gzip, encode_zstd, false },
	{ "xpress , gzip", encode_xpress, encode_gzip, false },
	{ "deflate,xpress", encode_deflate, encode_xpress, false },
};

static void encode_row(const struct row *row, struct span plain, struct buf *wire)
{
	struct buf inner;

	buf_init(wire, 4 * ROOM);
	if (!row->again) {
		row->encode(plain, wire);
		return;
	}
	buf_init(&inner, 4 * ROOM);
	row->encode(plain, &inner);
	row->again(buf_span(&inner), wire);
	buf_release(&inner);
}

static void expect(const struct result *r, struct span plain, enum coding_status a, enum coding_status b)
{
	assert_true(r->status == a || r->status == b);
	assert_int_equal(r->plain.len, plain.len);
	assert_memory_equal(r->plain.at ? r->plain.at : plain.at, plain.at, plain.len);
}

static void every_coding_at_every_step(void **state)
{
	static const size_t steps[] = { 1, 2, 7, 1460, 16384, SIZE_MAX };
	static uint8_t text[TEXT_LEN];
	struct limits limits = { 0 };
	struct coding_pool *pool = coding_pool_new(&limits, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct span plain = { text, xpress_encoder_text(text, sizeof text, 31 + (unsigned)i) };
		struct buf wire;

		encode_row(&rows[i], plain, &wire);
		for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
			struct result r = decode(s & 1 ? pool : NULL, span_text(rows[i].names),
			                         buf_span(&wire), steps[s]);

			expect(&r, plain, CODING_MORE, CODING_END);
			assert_true(r.finished);
			buf_release(&r.plain);
		}
		buf_release(&wire);
	}
	coding_pool_free(pool);
	assert_int_equal(limits.count[LIMIT_BODY_CEILING], 0);
}

static void truncated_anywhere(void **state)
{
	static const char plain[] = "<UpdateID>a</UpdateID><UpdateID>b</UpdateID><UpdateID>c</UpdateID>";

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buf wire;

		encode_row(&rows[i], span_text(plain), &wire);
		for (size_t len = 1; len < wire.len; len++) {
			struct result r = decode(NULL, span_text(rows[i].names), span_of(wire.at, len), 5);

			assert_true(r.status == CODING_MORE);
			assert_false(r.finished);
			buf_release(&r.plain);
		}
		buf_release(&wire);
	}
}

static void members_follow_each_other(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buf wire;
		struct result r;

		if (!rows[i].members)
			continue;
		encode_row(&rows[i], SPAN("first "), &wire);
		rows[i].encode(SPAN("second"), &wire);
		for (size_t step = 1; step < wire.len; step++) {
			r = decode(NULL, span_text(rows[i].names), buf_span(&wire), step);
			expect(&r, SPAN("first second"), CODING_MORE, CODING_MORE);
			assert_true(r.finished);
			buf_release(&r.plain);
		}
		buf_release(&wire);
	}
}

/* Bytes of other tools. */
static const struct sample {
	const char *name, *names;
	struct span wire;
	struct span plain;
	enum coding_status status;
	bool finished;
	size_t left;
} samples[] = {
	{ "gzip -9n", "gzip",
	  SPAN_LIT("\x1f\x8b\x08\0\0\0\0\0\x02\x03\xcb\x48\xcd\xc9\xc9\x07\0\x86\xa6\x10\x36\x05\0\0\0"),
	  SPAN_LIT("hello"), CODING_MORE, true, 0 },
	{ "and something behind it", "gzip",
	  SPAN_LIT("\x1f\x8b\x08\0\0\0\0\0\x02\x03\xcb\x48\xcd\xc9\xc9\x07\0\x86\xa6\x10\x36\x05\0\0\0\r\n"),
	  SPAN_LIT("hello"), CODING_END, true, 2 },
	{ "its checksum is wrong", "gzip",
	  SPAN_LIT("\x1f\x8b\x08\0\0\0\0\0\x02\x03\xcb\x48\xcd\xc9\xc9\x07\0\x86\xa6\x10\x37\x05\0\0\0"),
	  SPAN_LIT("hello"), CODING_BAD, false, 0 },
	{ "an empty raw stream", "deflate", SPAN_LIT("\x03\x00"), SPAN_LIT(""), CODING_END, true, 0 },
	{ "text for gzip", "gzip", SPAN_LIT("<html>"), SPAN_LIT(""), CODING_BAD, false, 0 },
	{ "text for zstd", "zstd", SPAN_LIT("<html>"), SPAN_LIT(""), CODING_BAD, false, 0 },
	{ "text for xpress", "xpress", SPAN_LIT("<html></html>"), SPAN_LIT(""), CODING_BAD, false, 0 },
	{ "xpress, second block stored", "xpress",
	  SPAN_LIT("\x2a\0\0\0\x1c\0\0\0\xff\x3f\x32\x00<int>109</\x41\x00k\x00"
	           "91o\x00\x01"
	           "392k\x00\x05\0\0\0\x05\0\0\0</ok>"),
	  SPAN_LIT("<int>109</int><int>191</int><int>392</int></ok>"), CODING_MORE, true, 0 },
	{ "xpress block that grows by packing", "xpress", SPAN_LIT("\1\0\0\0\2\0\0\0ab"), SPAN_LIT(""),
	  CODING_BAD, false, 0 },
	{ "xpress length below zero", "xpress", SPAN_LIT("\xff\xff\xff\xff\1\0\0\0a"), SPAN_LIT(""),
	  CODING_BAD, false, 0 },
	{ "no body at all", "gzip", SPAN_LIT(""), SPAN_LIT(""), CODING_MORE, true, 0 },
};

static void samples_of_other_tools(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		const struct sample *s = &samples[i];
		struct result r = decode(NULL, span_text(s->names), s->wire, SIZE_MAX);

		if (r.status != s->status || r.finished != s->finished ||
		    !span_eq(buf_span(&r.plain), s->plain) || (s->status == CODING_END && r.left != s->left))
			fail_msg("%s: %d %d %zu", s->name, (int)r.status, r.finished, r.left);
		buf_release(&r.plain);
	}
}

static void brotli_of_its_own_encoder(void **state)
{
	static const struct span wire = SPAN_LIT(
		"\x1b\x0f\x04\xf8\x8d\x93\x5c\xe1\xf0\x9c\xdb\xd8\x3e\xe2\xf2\x78\xa6\x54\x37\x1a\xb5"
		"\xc2\x4b\xd5\x9c\x7a\xa8\xb1\x12\x20\x05\xa2\xeb\xfc\x58\xbc\xb2\x50\xd8\x04");
	static const struct span line = SPAN_LIT("<UpdateID>scan</UpdateID>\n");

	(void)state;
	for (size_t len = 1; len <= wire.len; len++) {
		struct result r = decode(NULL, SPAN("br"), span_of(wire.at, len), len % 5 + 1);

		assert_true(r.status == (len < wire.len ? CODING_MORE : CODING_END));
		assert_true(r.finished == (len == wire.len));
		assert_true(len < wire.len || r.plain.len == 40 * line.len);
		for (size_t at = 0; at < r.plain.len; at++)
			assert_int_equal(r.plain.at[at], line.at[at % line.len]);
		buf_release(&r.plain);
	}
}

static void names(void **state)
{
	static const struct {
		const char *names;
		bool known, something;
	} cases[] = {
		{ "", true, false }, { "identity", true, false }, { " , identity ,", true, false },
		{ "gzip", true, true }, { "BR", true, true }, { "compress", false, false },
		{ "gzip, sdch", false, false }, { "gzip,gzip,gzip,gzip", true, true },
		{ "gzip,gzip,gzip,gzip,gzip", false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		bool known;
		struct coding *c = coding_new(NULL, span_text(cases[i].names), &known);

		assert_true(known == cases[i].known);
		assert_true(!!c == cases[i].something);
		coding_free(c);
	}
}

/* Zeros packed twice: a million times smaller. */
static void bomb(void **state)
{
	static uint8_t zeros[ROOM];
	struct buf once, twice;
	struct span wire, out;
	enum coding_status status;
	uint64_t made = 0;
	bool known;
	struct coding *c = coding_new(NULL, SPAN("gzip, gzip"), &known);

	(void)state;
	buf_init(&once, 4 * ROOM);
	buf_init(&twice, 4 * ROOM);
	for (unsigned i = 0; i < 100; i++)
		encode_gzip(span_of(zeros, sizeof zeros), &once);
	encode_gzip(buf_span(&once), &twice);
	wire = buf_span(&twice);
	while ((status = coding_next(c, &wire, &out)) == CODING_PIECE)
		made += out.len;
	assert_true(status == CODING_BOMB);
	assert_true(made > 63 << 20 && made <= 65 << 20);
	assert_true(coding_next(c, &wire, &out) == CODING_BOMB);
	assert_false(coding_finish(c));
	coding_free(c);
	buf_release(&once);
	buf_release(&twice);
}

static void a_pool_has_a_ceiling(void **state)
{
	struct limits limits = { 0 };
	struct budget budget = { .ceiling = 256 << 20 };
	struct coding_pool *pool = coding_pool_new(&limits, &budget);
	struct coding *working[64] = { 0 };
	size_t count = 0;
	bool known;

	(void)state;
	while (count < 64 && (working[count] = coding_new(pool, SPAN("br"), &known)))
		count++;
	assert_in_range(count, 8, 32);
	assert_true(known);
	assert_int_equal(limits.count[LIMIT_BODY_CEILING], 1);
	coding_free(working[--count]);
	working[count] = coding_new(pool, SPAN("br"), &known);
	assert_non_null(working[count++]);
	while (count)
		coding_free(working[--count]);
	coding_pool_free(pool);
	assert_int_equal(budget.used, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_coding_at_every_step),
		cmocka_unit_test(truncated_anywhere),
		cmocka_unit_test(members_follow_each_other),
		cmocka_unit_test(samples_of_other_tools),
		cmocka_unit_test(brotli_of_its_own_encoder),
		cmocka_unit_test(names),
		cmocka_unit_test(bomb),
		cmocka_unit_test(a_pool_has_a_ceiling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
