/* tests/test_outfile.c - what is handed over is whole: in time, on a full disk, to a reader that stops. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "capture/writer.h"
#include "tests/capture_file.h"
#include "tests/drawer.h"

static const enum writer_format formats[] = { WRITER_PCAPNG, WRITER_PCAP };

/* ---- while it is being written ---- */

static struct frame frame_at(uint64_t number, int64_t time, struct span bytes)
{
	return (struct frame){ .number = number, .time = time, .bytes = bytes,
	                       .wire_len = (uint32_t)bytes.len, .link_type = 1 };
}

static off_t size_of(const char *path)
{
	struct stat about;

	assert_int_equal(stat(path, &about), 0);
	return about.st_size;
}

/* Whoever kills the run loses a second at most, and has statistics that are ten seconds old. */
static void what_waits_is_handed_over(void **state)
{
	char *folder = folder_new(), *told;
	const char *path = folder_write(folder, "out", SPAN(""));
	struct writer *w = drawer_writer(path, WRITER_PCAPNG);
	struct frame frame = frame_at(1, 100 * MOMENT_S, SPAN("x"));
	uint64_t dropped;
	struct fault f;
	off_t before;

	(void)state;
	assert_true(writer_frame(w, &frame, SPAN(""), &f));
	before = size_of(path);
	frame.time += MOMENT_S - 1;
	assert_true(writer_frame(w, &frame, SPAN(""), &f));
	assert_int_equal(size_of(path), before);
	frame.time += 1;
	assert_true(writer_frame(w, &frame, SPAN(""), &f));
	assert_int_equal(size_of(path), writer_bytes(w));
	before = size_of(path);
	assert_true(writer_frame(w, &frame, SPAN(""), &f));
	writer_lost(w, 0, &(struct recording_losses){ .kernel = 7 });
	assert_true(writer_turn(w, frame.time + MOMENT_MS, &f));
	assert_true(size_of(path) > before);
	assert_true(writer_turn(w, 111 * MOMENT_S, &f));
	told = path_told(path, &dropped);
	assert_int_equal(dropped, 7);
	free(told);
	/* Silence adds nothing. */
	before = size_of(path);
	for (int64_t second = 0; second < 1000; second++)
		assert_true(writer_turn(w, (111 + second) * MOMENT_S, &f));
	assert_int_equal(size_of(path), before);
	writer_free(w);
	free((char *)path);
	folder_remove(folder);
}

static size_t lines(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

/* Frames into a file that may have so many bytes: what is in it in the end is whole, and counted. */
static void write_below(const char *path, enum writer_format format, uint64_t limit, size_t *failures)
{
	struct fault f = { 0 };
	struct writer *w;
	char *told;
	uint64_t dropped, written = 0;
	size_t told_times = 0;

	drawer_limit(limit);
	w = writer_open(path, format, &f);
	for (uint64_t i = 0; w && i < 10; i++) {
		struct frame frame = frame_at(i + 1, (int64_t)i * MOMENT_S / 3, SPAN("some bytes"));

		told_times += !writer_frame(w, &frame, SPAN(""), &f);
	}
	if (w) {
		told_times += !writer_end(w, &f);
		written = writer_frames(w);
		assert_int_equal(writer_bytes(w), size_of(path));
		writer_free(w);
	} else {
		told_times = 1;
		assert_int_equal(size_of(path), 0);
	}
	drawer_limit(UINT64_MAX);
	assert_in_range(told_times, 0, 1);
	*failures += told_times;
	assert_true(!told_times || strstr(f.text, "writing failed: File too large"));
	if (!w)
		return;
	told = path_told(path, &dropped);
	assert_int_equal(lines(told), written);
	assert_null(strstr(told, "cut"));
	free(told);
}

static void a_full_disk_leaves_whole_blocks(void **state)
{
	char *folder = folder_new();
	const char *path = folder_write(folder, "out", SPAN(""));

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		size_t failures = 0;
		uint64_t size;

		write_below(path, formats[i], UINT64_MAX, &failures);
		assert_int_equal(failures, 0);
		size = (uint64_t)size_of(path);
		for (uint64_t limit = 0; limit < size; limit++)
			write_below(path, formats[i], limit, &failures);
		assert_int_equal(failures, size);
		write_below(path, formats[i], size, &failures);
		assert_int_equal(failures, size);
	}
	free((char *)path);
	folder_remove(folder);
}

static const struct frame cooked = { .number = 3, .bytes = SPAN_LIT("third"), .wire_len = 5,
                                     .link_type = 113 };

/* What stood in the file before is not ours to cut. */
static void what_is_appended_to_is_kept(void **state)
{
	char *folder = folder_new(), got[5];
	const char *path = folder_write(folder, "out", SPAN("theirs"));
	struct fault f;
	struct writer *w = writer_begin(open(path, O_WRONLY | O_APPEND), path, WRITER_PCAP,
					&(struct writer_section){ 0 }, &f);
	FILE *file;

	(void)state;
	assert_non_null(w);
	assert_true(writer_frame(w, &cooked, SPAN(""), &f));
	drawer_limit((uint64_t)size_of(path) + 7);
	assert_true(writer_frame(w, &cooked, SPAN(""), &f));
	assert_false(writer_close(w, &f));
	drawer_limit(UINT64_MAX);
	assert_int_equal(size_of(path), 6 + 24 + 16 + 5);
	file = fopen(path, "rb");
	assert_int_equal(fread(got, 1, 5, file), 5);
	assert_memory_equal(got, "their", 5);
	fclose(file);
	free((char *)path);
	folder_remove(folder);
}

/* ---- pipes ---- */

static size_t drain(int from, struct buf *into)
{
	uint8_t block[65536];
	ssize_t n = read(from, block, sizeof block);

	assert_true(n >= 0);
	assert_true(buf_add(into, span_of(block, (size_t)n)));
	return (size_t)n;
}

/* A reader that stops costs frames, which are counted, and no time; when it goes on, so does the file. */
static void a_reader_that_stops_is_not_waited_for(void **state)
{
	static const uint8_t bytes[60000];
	const struct frame frame = frame_at(1, 0, span_of(bytes, sizeof bytes));

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct fault f;
		struct writer *w;
		struct buf got;
		uint64_t stuck;
		char *told;
		int ends[2];

		buf_init(&got, 256 << 20);
		assert_int_equal(pipe(ends), 0);
		w = writer_begin(ends[1], "pipe", formats[i], &(struct writer_section){ 0 }, &f);
		assert_non_null(w);
		for (size_t k = 0; k < 1000; k++)
			assert_true(writer_frame(w, &frame, SPAN(""), &f));
		stuck = writer_frames(w);
		assert_in_range(stuck, 200, 400);
		for (size_t k = 0; k < 1000; k++) {
			drain(ends[0], &got);
			assert_true(writer_frame(w, &frame, SPAN(""), &f));
		}
		assert_true(writer_frames(w) > stuck + 700);
		/* It reads to the end: a process of its own, as closing waits for it. */
		if (!fork()) {
			close(ends[1]);
			while (drain(ends[0], &got))
				;
			told = file_told(buf_span(&got), NULL);
			_exit(lines(told) != writer_frames(w) || strstr(told, "cut"));
		}
		assert_true(writer_close(w, &f));
		wait(&ends[1]);
		assert_int_equal(ends[1], 0);
		close(ends[0]);
		buf_release(&got);
	}
}

static void a_reader_that_stays_away_is_told(void **state)
{
	static const uint8_t bytes[60000];
	const struct frame frame = frame_at(1, 0, span_of(bytes, sizeof bytes));
	struct writer *w;
	struct fault f;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	w = writer_begin(ends[1], "pipe", WRITER_PCAP, &(struct writer_section){ 0 }, &f);
	for (size_t k = 0; k < 100; k++)
		assert_true(writer_frame(w, &frame, SPAN(""), &f));
	assert_false(writer_end(w, &f));
	assert_non_null(strstr(f.text, "its reader has stopped reading"));
	assert_in_range(writer_frames(w), 1, (1 << 20) / 60000);
	writer_free(w);
	close(ends[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_waits_is_handed_over),
		cmocka_unit_test(a_full_disk_leaves_whole_blocks),
		cmocka_unit_test(what_is_appended_to_is_kept),
		cmocka_unit_test(a_reader_that_stops_is_not_waited_for),
		cmocka_unit_test(a_reader_that_stays_away_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
