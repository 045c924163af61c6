/* tests/test_repack.c - what was coded again decodes to the same, in exactly the room there was.
 *
 * Read back by decoders of other people: zlib's, and by decoders/coding.h, which has its own tests.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include <zlib.h>

#include "decoders/coding.h"
#include "decoders/xpress.h"
#include "veil/repack.h"

enum { ROOM = 256 * 1024 };

static const char soap[] =
	"<?xml version=\"1.0\" encoding=\"utf-8\"?><soap:Envelope><soap:Body><GetCookieResponse "
	"xmlns=\"http://www."
	"microsoft.com/SoftwareDistribution/Server/ClientWebService\"><GetCookieResult>"
	"<Expiration>2026-11-22T10:0"
	"0:00Z</Expiration><EncryptedData>c2VjcmV0IGNvb2tpZSBvZiBhIGNsaWVudA==</EncryptedData>"
	"</GetCookieResult>"
	"</GetCookieResponse></soap:Body></soap:Envelope>";

struct text {
	uint8_t bytes[64 * 1024];
	size_t len;
};

static void fill(struct text *t, unsigned kind, size_t len)
{
	uint32_t state = 1;

	t->len = len;
	for (size_t i = 0; i < len; i++) {
		state = state * 1103515245 + 12345;
		switch (kind) {
		case 0:  t->bytes[i] = 'a'; break;
		case 1:  t->bytes[i] = (uint8_t)soap[i % (sizeof soap - 1)]; break;
		case 2:  t->bytes[i] = (uint8_t)('a' + (state >> 16) % 4); break;
		default: t->bytes[i] = (uint8_t)(state >> 16); break;
		}
	}
}

static const size_t lens[] = { 0, 1, 2, 3, 4, 31, 32, 33, 500, 4000, 65535 };

/* ---- deflate ---- */

static size_t packed(const struct text *t, int bits, uint8_t *to)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)t->bytes, .avail_in = (uInt)t->len };
	size_t len;

	assert_int_equal(deflateInit2(&z, 1, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_out = to;
	z.avail_out = ROOM;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	len = ROOM - z.avail_out;
	deflateEnd(&z);
	return len;
}

/* All of the bytes are used, but for a few zeros behind the end of the coding. */
static void assert_inflates(const uint8_t *bytes, size_t len, int bits, const struct text *want, bool whole)
{
	static uint8_t out[ROOM];
	z_stream z = { .next_in = (Bytef *)(uintptr_t)bytes, .avail_in = (uInt)len };

	assert_int_equal(inflateInit2(&z, bits), Z_OK);
	z.next_out = out;
	z.avail_out = sizeof out;
	assert_int_equal(inflate(&z, Z_SYNC_FLUSH), whole ? Z_STREAM_END : Z_OK);
	assert_true(z.avail_in <= (bits == 31 || !whole ? 0u : 4u));
	while (z.avail_in)
		assert_int_equal(z.next_in[--z.avail_in], 0);
	assert_int_equal(sizeof out - z.avail_out, want->len);
	assert_memory_equal(out, want->bytes, want->len);
	inflateEnd(&z);
}

static const struct {
	const char *name;
	int bits;
} wraps[] = {
	{ "gzip", 31 }, { "deflate", 15 }, { "deflate", -15 },
};

static void test_deflate(void **state)
{
	static uint8_t coded[ROOM], to[ROOM];
	static struct text t;

	(void)state;
	for (size_t w = 0; w < sizeof wraps / sizeof *wraps; w++) {
		for (size_t i = 0; i < 4 * sizeof lens / sizeof *lens; i++) {
			size_t len;

			fill(&t, (unsigned)i % 4, lens[i / 4]);
			len = packed(&t, wraps[w].bits, coded);
			for (size_t more = 0, step = t.len > 500 ? 13 : 1; more < 40; more += step) {
				struct span old = span_of(coded, len + more), plain = span_of(t.bytes, t.len);

				memset(to, 0xee, sizeof to);
				assert_true(repack(NULL, span_text(wraps[w].name), old, plain, true, to));
				assert_inflates(to, old.len, wraps[w].bits, &t, true);
				assert_int_equal(to[old.len], 0xee);
			}
		}
	}
}

static void test_deflate_goes_on(void **state)
{
	static uint8_t coded[ROOM], to[ROOM];
	static struct text t;

	(void)state;
	for (size_t w = 0; w < sizeof wraps / sizeof *wraps; w++) {
		size_t len;

		fill(&t, 1, 4000);
		len = packed(&t, wraps[w].bits, coded) + 20;
		assert_true(repack(NULL, span_text(wraps[w].name), span_of(coded, len),
		                   span_of(t.bytes, t.len), false, to));
		assert_inflates(to, len, wraps[w].bits, &t, false);
	}
}

static void test_deflate_too_small(void **state)
{
	static uint8_t coded[ROOM], to[ROOM];
	static struct text t;
	size_t len;

	(void)state;
	fill(&t, 0, 4000);
	len = packed(&t, 31, coded);
	fill(&t, 3, 4000);
	assert_false(repack(NULL, SPAN("gzip"), span_of(coded, len), span_of(t.bytes, t.len), true, to));
	assert_false(repack(NULL, SPAN("br"), span_of(coded, len), span_of(t.bytes, t.len), true, to));
}

/* ---- xpress ---- */

static void test_block(void **state)
{
	static uint8_t to[ROOM], out[65536];
	static struct text t;

	(void)state;
	for (size_t i = 0; i < 4 * sizeof lens / sizeof *lens; i++) {
		size_t least = 0;

		fill(&t, (unsigned)i % 4, lens[i / 4]);
		/* Literals alone: a byte each, and four for every 32. */
		while (!repack_xpress(NULL, span_of(t.bytes, t.len), to, least))
			least += t.len > 500 ? 512 : 1;
		assert_true(least <= t.len + t.len / 8 + 512);
		for (size_t more = 0, step = t.len > 500 ? 25 : 1; more < 60; more += step) {
			memset(to, 0xee, sizeof to);
			assert_true(repack_xpress(NULL, span_of(t.bytes, t.len), to, least + more));
			assert_int_equal(to[least + more], 0xee);
			assert_true(xpress_block(span_of(to, least + more), out, t.len));
			assert_memory_equal(out, t.bytes, t.len);
		}
	}
}

/* Runs and repeats take as little as MS-XCA lets them: a literal, then one match with its length in 16
 * bits. */
static void test_block_is_short(void **state)
{
	static uint8_t to[64];
	static struct text t;

	(void)state;
	fill(&t, 0, 4000);
	assert_true(repack_xpress(NULL, span_of(t.bytes, t.len), to, 4 + 1 + 2 + 1 + 1 + 2));
	assert_false(repack_xpress(NULL, span_of(t.bytes, t.len), to, 4 + 1 + 2 + 1 + 1 + 1));
}

static void put_le32(uint8_t *to, size_t value)
{
	for (unsigned i = 0; i < 4; i++)
		to[i] = (uint8_t)(value >> (8 * i));
}

/* Two blocks, the second stored, and a third that is cut. */
static void test_blocks(void **state)
{
	static uint8_t coded[ROOM], to[ROOM], out[ROOM];
	static struct text t;
	struct span in, piece;
	struct coding *c;
	bool known;
	size_t len = 0;

	(void)state;
	fill(&t, 1, 4100);
	put_le32(coded, 4000);
	put_le32(coded + 4, 600);
	put_le32(coded + 608, 100);
	put_le32(coded + 612, 100);
	put_le32(coded + 716, 4000);
	put_le32(coded + 720, 600);
	assert_true(repack(NULL, SPAN("xpress"), span_of(coded, 760), span_of(t.bytes, t.len), false, to));
	assert_memory_equal(to + 716, coded + 716, 8);
	in = span_of(to, 760);
	c = coding_new(NULL, SPAN("xpress"), &known);
	assert_non_null(c);
	while (coding_next(c, &in, &piece) == CODING_PIECE) {
		memcpy(out + len, piece.at, piece.len);
		len += piece.len;
	}
	coding_free(c);
	assert_int_equal(len, t.len);
	assert_memory_equal(out, t.bytes, t.len);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_deflate),
		cmocka_unit_test(test_deflate_goes_on),
		cmocka_unit_test(test_deflate_too_small),
		cmocka_unit_test(test_block),
		cmocka_unit_test(test_block_is_short),
		cmocka_unit_test(test_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
