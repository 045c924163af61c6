/* tests/test_copier.c - a copy says what its original said, whatever the byte order, and what was added. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "capture/copier.h"
#include "tests/capture_file.h"

/* The codes and widths of draft-ietf-opsawg-pcapng sections 4.1 to 4.7. */
enum { SECRETS_TLS = 0x544c534b, NAMES = 4, STATISTICS = 5, ENHANCED = 6, JOURNAL = 9, SECRETS = 10 };

static void number(struct capture_file *c, uint16_t code, uint64_t value, unsigned width)
{
	file_16(c, code);
	file_16(c, (uint16_t)width);
	if (width == 4)
		file_32(c, (uint32_t)value);
	else
		file_64(c, value);
}

/* Times: the high half first, in either order. */
static void moment(struct capture_file *c, uint16_t code, uint64_t time)
{
	file_16(c, code);
	file_16(c, 8);
	file_32(c, (uint32_t)(time >> 32));
	file_32(c, (uint32_t)time);
}

static void end(struct capture_file *c)
{
	file_option(c, 0, SPAN(""));
	file_block_end(c);
}

static void section(struct capture_file *c)
{
	file_block(c, 0x0a0d0d0a);
	file_32(c, 0x1a2b3c4d);
	file_16(c, 1);
	file_16(c, 0);
	file_64(c, UINT64_MAX);
	file_option(c, 1, SPAN("taken in the branch"));
	file_option(c, 2, SPAN("x86_64"));
	file_option(c, 3, SPAN("Windows Server 2019"));
	file_option(c, 4, SPAN("Dumpcap 4.0"));
	end(c);
}

static void interface(struct capture_file *c, uint8_t resolution)
{
	file_block(c, 1);
	file_16(c, 1);
	file_16(c, 0);
	file_32(c, 96);
	file_option(c, 2, SPAN("eth0"));
	file_option(c, 3, SPAN("to the branch"));
	file_option(c, 6, SPAN("\x02\x00\x00\x00\x00\x01"));
	number(c, 8, 1000000000, 8);
	file_option(c, 9, span_of(&resolution, 1));
	file_option(c, 11, SPAN("\0tcp port 8530"));
	number(c, 14, 3600, 8);
	end(c);
}

static void packet_head(struct capture_file *c, uint64_t time)
{
	file_block(c, ENHANCED);
	file_32(c, 0);
	file_32(c, (uint32_t)(time >> 32));
	file_32(c, (uint32_t)time);
	file_32(c, 5);
	file_32(c, 60);
	file_bytes(c, SPAN("hello"));
}

static void packet(struct capture_file *c, uint64_t time)
{
	packet_head(c, time);
	file_option(c, 1, SPAN("theirs"));
	file_option(c, 1, SPAN("theirs, too"));
	number(c, 2, 0x01000002, 4);
	file_option(c, 3, SPAN("\x02\x01\x02\x03\x04"));
	number(c, 4, 7, 8);
	number(c, 5, 99, 8);
	number(c, 6, 3, 4);
	end(c);
}

static void statistics(struct capture_file *c)
{
	file_block(c, STATISTICS);
	file_32(c, 0);
	file_32(c, 1);
	file_32(c, 2);
	file_option(c, 1, SPAN("Counters"));
	moment(c, 2, 0x100000001);
	moment(c, 3, 0x100000003);
	number(c, 4, 20, 8);
	number(c, 5, 3, 8);
	number(c, 7, 2, 8);
	end(c);
}

static void others(struct capture_file *c)
{
	file_block(c, NAMES);
	file_option(c, 1, SPAN("\xc0\x00\x02\x01wsus01\0"));
	file_option(c, 0, SPAN(""));
	file_option(c, 2, SPAN("ns1"));
	end(c);
	file_block(c, JOURNAL);
	file_bytes(c, SPAN("MESSAGE=hello\n\n\n"));
	file_block_end(c);
}

static void secrets(struct capture_file *c, struct span log)
{
	file_block(c, SECRETS);
	file_32(c, SECRETS_TLS);
	file_32(c, (uint32_t)log.len);
	file_bytes(c, log);
	file_block_end(c);
}

static void make(struct capture_file *c, bool big)
{
	file_init(c, big);
	section(c);
	interface(c, 6);
	secrets(c, SPAN("CLIENT_RANDOM aa bb\nCLIENT_RANDOM cc dd\n"));
	packet(c, UINT64_C(1700000000123456));
	others(c);
	packet(c, UINT64_C(1700000000123457));
	statistics(c);
}

/* ---- copying ---- */

struct copying {
	struct copier *to;
	struct source *from;
};

static void hear(void *self, const struct source_block *b)
{
	copier_block(((struct copying *)self)->to, b);
}

static struct span read_all(const char *path, uint8_t room[static 65536])
{
	int fd = open(path, O_RDONLY);
	ssize_t len = read(fd, room, 65536);

	assert_true(fd >= 0 && len >= 0);
	close(fd);
	return span_of(room, (size_t)len);
}

/* All of it, with `count` comments at each frame. */
static struct span copy(struct span original, const struct copier_options *o, const struct span *comments,
                        size_t count, int64_t ended, uint8_t room[static 65536])
{
	char *folder = folder_new(), *path;
	struct copying c = { 0 };
	struct frame frame;
	struct fault f;
	struct span got;
	int fd;

	assert_true(asprintf(&path, "%s/copy.pcapng", folder) > 0);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	c.to = copier_begin(fd, path, o, &f);
	assert_non_null(c.to);
	c.from = source_open_memory("x", original, NULL, &f);
	assert_non_null(c.from);
	source_listen(c.from, (struct source_listener){ &c, hear });
	while (source_next(c.from, &frame, &f) == SOURCE_FRAME)
		assert_true(copier_frame(c.to, source_info(c.from, 0), &frame, comments, count, &f));
	assert_true(copier_end(c.to, ended, &f));
	source_close(c.from);
	got = read_all(path, room);
	free(path);
	folder_remove(folder);
	return got;
}

static bool keeps_all(void *self, struct span line)
{
	(void)self;
	(void)line;
	return true;
}

static bool keeps_second(void *self, struct span line)
{
	(void)self;
	return span_starts(line, SPAN("CLIENT_RANDOM cc"));
}

/* What a little-endian writer wrote comes back byte for byte; the other's says the same in our order. */
static void a_copy_is_its_original(void **state)
{
	const struct copier_options all = { .texts = true, .names = true, .keeps = keeps_all };
	static uint8_t room[65536];
	struct capture_file little;

	(void)state;
	make(&little, false);
	for (int big = 0; big < 2; big++) {
		struct capture_file c;
		struct span got;

		make(&c, big);
		got = copy(file_span(&c), &all, NULL, 0, MOMENT_NONE, room);
		assert_int_equal(got.len, file_span(&little).len);
		assert_memory_equal(got.at, file_span(&little).at, got.len);
		file_release(&c);
	}
	file_release(&little);
}

/* `want` is `c` with what was added, or left out. */
static void assert_copy(struct capture_file *want, const struct copier_options *o,
                        const struct span *comments, size_t count, int64_t ended)
{
	static uint8_t room[65536];
	struct capture_file c;
	struct span got;

	make(&c, true);
	got = copy(file_span(&c), o, comments, count, ended, room);
	assert_int_equal(got.len, file_span(want).len);
	assert_memory_equal(got.at, file_span(want).at, got.len);
	file_release(&c);
	file_release(want);
}

static void packet_ours(struct capture_file *c, uint64_t time)
{
	packet_head(c, time);
	number(c, 2, 0x01000002, 4);
	number(c, 4, 7, 8);
	number(c, 5, 99, 8);
	file_option(c, 1, SPAN("finding 1"));
	file_option(c, 1, SPAN("finding 2"));
	end(c);
}

/* Nothing that anybody wrote, no secrets, but times, counts and what is ours. */
static void numbers_alone(void **state)
{
	static const struct span ours[] = { SPAN_LIT("finding 1"), SPAN_LIT("finding 2") };
	static const struct span head[] = { SPAN_LIT("made by us") };
	const struct copier_options o = { .comments = head, .comment_count = 1 };
	struct capture_file want;

	(void)state;
	file_init(&want, false);
	file_block(&want, 0x0a0d0d0a);
	file_32(&want, 0x1a2b3c4d);
	file_16(&want, 1);
	file_16(&want, 0);
	file_64(&want, UINT64_MAX);
	file_option(&want, 1, SPAN("made by us"));
	file_option(&want, 4, SPAN("wsuscope"));
	end(&want);
	file_block(&want, 1);
	file_16(&want, 1);
	file_16(&want, 0);
	file_32(&want, 96);
	file_option(&want, 9, SPAN("\x06"));
	number(&want, 14, 3600, 8);
	end(&want);
	packet_ours(&want, UINT64_C(1700000000123456));
	packet_ours(&want, UINT64_C(1700000000123457));
	file_block(&want, STATISTICS);
	file_32(&want, 0);
	file_32(&want, 1);
	file_32(&want, 2);
	moment(&want, 2, 0x100000001);
	moment(&want, 3, 0x100000003);
	number(&want, 4, 20, 8);
	number(&want, 5, 3, 8);
	number(&want, 7, 2, 8);
	end(&want);
	/* Its statistics say when it ended: nothing is added. */
	assert_copy(&want, &o, ours, 2, 5000);
}

/* Only the secrets asked for. */
static void some_secrets(void **state)
{
	const struct copier_options o = { .texts = true, .names = true, .keeps = keeps_second };
	struct capture_file want;

	(void)state;
	file_init(&want, false);
	section(&want);
	interface(&want, 6);
	secrets(&want, SPAN("CLIENT_RANDOM cc dd\n"));
	packet(&want, UINT64_C(1700000000123456));
	others(&want);
	packet(&want, UINT64_C(1700000000123457));
	statistics(&want);
	assert_copy(&want, &o, NULL, 0, MOMENT_NONE);
}

/* A clock that nanoseconds do not hold is told in nanoseconds; a pcap file's stays what it was.  When the
 * capture ended is said where nothing else does. */
static void clocks(void **state)
{
	static const uint8_t resolutions[] = { 0, 3, 6, 9, 12, 0x80 | 20 };
	static const uint32_t magics[] = { 0xa1b2c3d4, 0xa1b23c4d };
	const struct copier_options o = { .texts = true };
	static uint8_t room[65536];

	(void)state;
	for (size_t i = 0; i < sizeof resolutions + sizeof magics / sizeof *magics; i++) {
		struct capture_file c;
		char *before, *after;
		struct span got;
		struct source *s;
		struct fault f;

		file_init(&c, i & 1);
		if (i < sizeof resolutions) {
			section(&c);
			interface(&c, resolutions[i]);
			file_packet(&c, 0, UINT64_C(1700000000) * (i ? 1000 : 1) + 17, SPAN("one"), 3);
			file_packet(&c, 0, UINT64_C(1700000001) * (i ? 1000 : 1) + 99, SPAN("two"), 3);
		} else {
			file_pcap(&c, magics[i - sizeof resolutions], 1);
			file_record(&c, 1700000000, 123456, SPAN("one"), 3);
			file_record(&c, 1700000001, 999999, SPAN("two"), 3);
		}
		before = file_told(file_span(&c), NULL);
		got = copy(file_span(&c), &o, NULL, 0, INT64_C(1700000100) * MOMENT_S, room);
		after = file_told(got, NULL);
		assert_string_equal(after, before);
		s = source_open_memory("x", got, NULL, &f);
		free(source_told(s));
		assert_int_equal(source_info(s, 0)->ended, INT64_C(1700000100) * MOMENT_S);
		source_close(s);
		free(before);
		free(after);
		file_release(&c);
	}
}

/* What was lost is told still when the end is said in a block of its own. */
static void losses_stay(void **state)
{
	const struct copier_options o = { .texts = true };
	static uint8_t room[65536];
	struct capture_file c;
	struct source *s;
	struct fault f;

	(void)state;
	file_init(&c, true);
	section(&c);
	interface(&c, 6);
	packet(&c, UINT64_C(1700000000123456));
	file_block(&c, STATISTICS);
	file_32(&c, 0);
	file_64(&c, 0);
	number(&c, 5, 30, 8);
	number(&c, 7, 12, 8);
	end(&c);
	s = source_open_memory("x", copy(file_span(&c), &o, NULL, 0, INT64_C(1700009999) * MOMENT_S, room),
	                       NULL, &f);
	free(source_told(s));
	assert_int_equal(source_info(s, 0)->dropped, 42);
	assert_int_equal(source_info(s, 0)->ended, INT64_C(1700009999) * MOMENT_S);
	source_close(s);
	file_release(&c);
}

/* Of two files merged each keeps its own interfaces, and the second's section is told at them. */
static void two_files(void **state)
{
	const struct copier_options o = { .texts = true };
	char *folder = folder_new(), *path;
	struct copying c = { 0 };
	struct capture_file a, b;
	const char *files[2];
	struct frame frame;
	struct fault f;
	static uint8_t room[65536];
	struct span got;
	char *told;
	int fd;

	(void)state;
	make(&a, false);
	make(&b, true);
	files[0] = folder_write(folder, "a.pcapng", file_span(&a));
	files[1] = folder_write(folder, "b.pcapng", file_span(&b));
	assert_true(asprintf(&path, "%s/copy.pcapng", folder) > 0);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	c.to = copier_begin(fd, path, &o, &f);
	c.from = source_open(files, 2, NULL, &f);
	source_listen(c.from, (struct source_listener){ &c, hear });
	while (source_next(c.from, &frame, &f) == SOURCE_FRAME)
		assert_true(copier_frame(c.to, source_info(c.from, frame.file), &frame, NULL, 0, &f));
	assert_int_equal(copier_frames(c.to), 4);
	assert_true(copier_end(c.to, MOMENT_NONE, &f));
	source_close(c.from);
	got = read_all(path, room);
	told = file_told(got, NULL);
	assert_non_null(strstr(told,
	                       "1 @1700003600123456000 link 1 if 0.0 5/60 \"hello\" out id 99 (theirs)\n"
	                       "2 @1700003600123456000 link 1 if 0.1 5/60"));
	assert_int_not_equal(span_find(got, SPAN("taken in the branch")), SIZE_MAX);
	got = span_skip(got, span_find(got, SPAN("taken in the branch")) + 1);
	assert_int_not_equal(span_find(got, SPAN("taken in the branch")), SIZE_MAX);
	free(told);
	free(path);
	free((char *)files[0]);
	free((char *)files[1]);
	file_release(&a);
	file_release(&b);
	folder_remove(folder);
}

static void a_full_disk_is_told_once(void **state)
{
	static uint8_t bytes[300000];
	struct frame frame = { .number = 1, .bytes = span_of(bytes, sizeof bytes), .link_type = 1 };
	const struct source_info info = { .name = "x" };
	const struct copier_options o = { 0 };
	struct fault f;
	struct copier *c = copier_begin(open("/dev/full", O_WRONLY), "/dev/full", &o, &f);

	(void)state;
	assert_non_null(c);
	assert_false(copier_frame(c, &info, &frame, NULL, 0, &f));
	assert_int_equal(f.kind, FAULT_OUTPUT);
	assert_true(copier_frame(c, &info, &frame, NULL, 0, &f));
	assert_true(copier_end(c, MOMENT_NONE, &f));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_copy_is_its_original), cmocka_unit_test(numbers_alone),
		cmocka_unit_test(some_secrets), cmocka_unit_test(clocks), cmocka_unit_test(two_files),
		cmocka_unit_test(a_full_disk_is_told_once), cmocka_unit_test(losses_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
