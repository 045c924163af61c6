/* tests/test_compress.c - packed captures: members one after the other, every cut, garbage, bombs.
 *
 * Packed with zlib's and zstd's own encoders.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <zlib.h>
#include <zstd.h>

#include "tests/capture_file.h"

enum { ROOM = 1 << 20, FRAMES = 40 };

static void gzip(struct buf *out, struct span in)
{
	z_stream z = { .next_in = (z_const Bytef *)in.at, .avail_in = (uInt)in.len };

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_out = buf_reserve(out, ROOM);
	z.avail_out = ROOM;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	out->len += z.total_out;
	deflateEnd(&z);
}

static void zstd(struct buf *out, struct span in)
{
	size_t len = ZSTD_compress(buf_reserve(out, ROOM), ROOM, in.at, in.len, 3);

	assert_false(ZSTD_isError(len));
	out->len += len;
}

struct packer {
	const char *format;
	void (*pack)(struct buf *out, struct span in);
};

static const struct packer packers[] = { { "pcap+gzip", gzip }, { "pcap+zstd", zstd } };

static void make(struct capture_file *c)
{
	file_init(c, false);
	file_pcap(c, 0xa1b2c3d4, 1);
	for (uint32_t i = 0; i < FRAMES; i++) {
		char text[16];

		snprintf(text, sizeof text, "frame %u", i * 2654435761u);
		file_record(c, i, 0, span_text(text), 60);
	}
}

/* The whole in one member, and in two with the border in the middle of a frame. */
static void packed_is_read_as_unpacked(void **state)
{
	struct capture_file c;
	char *want;

	(void)state;
	make(&c);
	want = file_told(file_span(&c), NULL);
	for (size_t i = 0; i < 4; i++) {
		const struct packer *p = &packers[i / 2];
		struct span rest = file_span(&c);
		struct source *s;
		struct buf packed;
		struct fault f;
		char *told;

		buf_init(&packed, 2 * ROOM);
		if (i % 2)
			p->pack(&packed, span_take(&rest, 45));
		p->pack(&packed, rest);
		s = source_open_memory("x", buf_span(&packed), NULL, &f);
		assert_non_null(s);
		assert_string_equal(source_info(s, 0)->format, p->format);
		told = source_told(s);
		assert_string_equal(told, want);
		assert_int_equal(source_position(s), packed.len);
		free(told);
		source_close(s);
		buf_release(&packed);
	}
	free(want);
	file_release(&c);
}

/* What a cut leaves is a beginning of the whole and tells that it is cut. */
static void every_cut_is_told(void **state)
{
	struct capture_file c;
	char *want;

	(void)state;
	make(&c);
	want = file_told(file_span(&c), NULL);
	for (size_t i = 0; i < 2; i++) {
		struct buf packed;

		buf_init(&packed, ROOM);
		packers[i].pack(&packed, file_span(&c));
		for (size_t cut = 4; cut < packed.len; cut++) {
			char *told = file_told((struct span){ packed.at, cut }, NULL);
			char *fault = strstr(told, "x: ");
			char place[48];

			snprintf(place, sizeof place, "ends at byte %zu of the file", cut);
			assert_non_null(fault);
			assert_int_equal(strncmp(told, want, (size_t)(fault - told)), 0);
			if (!strstr(fault, place) && !strstr(fault, "within its header"))
				fail_msg("%s", fault);
			free(told);
		}
		buf_release(&packed);
	}
	free(want);
	file_release(&c);
}

static void damage_is_told(void **state)
{
	struct capture_file c;

	(void)state;
	make(&c);
	for (size_t i = 0; i < 2; i++) {
		struct buf packed;
		char *told;

		buf_init(&packed, ROOM);
		packers[i].pack(&packed, file_span(&c));
		packed.at[packed.len - 6] ^= 0xff;
		packed.at[packed.len / 2] ^= 0xff;
		told = file_told(buf_span(&packed), NULL);
		assert_non_null(strstr(told, "x: "));
		free(told);
		buf_release(&packed);
	}
	file_release(&c);
}

static void garbage_after_gzip_is_left_alone(void **state)
{
	struct capture_file c;
	struct buf packed;
	char *told;

	(void)state;
	make(&c);
	buf_init(&packed, ROOM);
	gzip(&packed, file_span(&c));
	assert_true(buf_add(&packed, SPAN("\0\0\0\0garbage")));
	told = file_told(buf_span(&packed), NULL);
	assert_null(strstr(told, "x: "));
	free(told);
	buf_release(&packed);
	file_release(&c);
}

static void packed_twice_is_refused(void **state)
{
	struct buf once, twice;
	struct capture_file c;
	char *told;

	(void)state;
	make(&c);
	buf_init(&once, ROOM);
	buf_init(&twice, ROOM);
	zstd(&once, file_span(&c));
	gzip(&twice, buf_span(&once));
	told = file_told(buf_span(&twice), NULL);
	assert_string_equal(told, "x: packed with zstd once more, packed with gzip; unpack it while "
				  "reading: zstd -dc x | wsuscope analyze -");
	free(told);
	buf_release(&once);
	buf_release(&twice);
	file_release(&c);
}

static void compress_some(ZSTD_CStream *stream, struct buf *packed, struct span bytes,
			  ZSTD_EndDirective end)
{
	ZSTD_inBuffer in = { bytes.at, bytes.len, 0 };
	ZSTD_outBuffer out = { buf_reserve(packed, ROOM), ROOM, 0 };

	assert_int_equal(ZSTD_compressStream2(stream, &out, &in, end), 0);
	packed->len += out.pos;
}

/* 40 frames of 16 MiB, all zeros: 20 kB that unpack to 640 MB. */
static void bombs_end_early(void **state)
{
	static const uint8_t zeros[16 << 20];
	ZSTD_CStream *stream = ZSTD_createCStream();
	struct capture_file c;
	struct buf packed;
	char *told;

	(void)state;
	buf_init(&packed, 2 * ROOM);
	for (size_t i = 0; i < FRAMES; i++) {
		file_init(&c, false);
		if (!i)
			file_pcap(&c, 0xa1b2c3d4, 1);
		file_record(&c, 1, 0, span_of(zeros, sizeof zeros), sizeof zeros);
		compress_some(stream, &packed, file_span(&c), i + 1 == FRAMES ? ZSTD_e_end : ZSTD_e_flush);
		file_release(&c);
	}
	told = file_told(buf_span(&packed), NULL);
	assert_non_null(strstr(told, "15 @1000000000"));
	assert_null(strstr(told, "18 @1000000000"));
	assert_non_null(strstr(told, "x: unpacks to more than 2000 times its size: a bomb"));
	free(told);
	buf_release(&packed);
	ZSTD_freeCStream(stream);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packed_is_read_as_unpacked),
		cmocka_unit_test(every_cut_is_told),
		cmocka_unit_test(damage_is_told),
		cmocka_unit_test(garbage_after_gzip_is_left_alone),
		cmocka_unit_test(packed_twice_is_refused),
		cmocka_unit_test(bombs_end_early),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
