/* tests/test_merge.c - several files as one: order, ties, numbers, files that break off, very many. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/capture_file.h"

enum { FILES_MAX = 400 };

struct row {
	const char *name;
	const char *files[3];   /* a letter a frame: its second after 'a'; '!' cuts the file there */
	const char *want;       /* the file of each frame in order; a line for each that breaks off */
};

static const struct row rows[] = {
	{ "one after the other", { "abc", "def" }, "000111" },
	{ "given in the other order", { "def", "abc" }, "111000" },
	{ "interleaved", { "ace", "bdf", "g" }, "0101012" },
	{ "equal times go by file", { "aab", "aab", "ab" }, "00112" "012" },
	{ "a file in disorder keeps its own order", { "ca", "bd" }, "1001" },
	{ "one breaks off", { "ac!", "bd" }, "010!1" },
	{ "one breaks off at once", { "!", "ab", "" }, "!11" },
	{ "empty ones", { "", "a", "" }, "1" },
};

static const char *write_file(const char *folder, const char *name, const char *letters)
{
	struct capture_file c;
	const char *path;

	file_init(&c, false);
	file_pcap(&c, 0xa1b2c3d4, 1);
	for (; *letters; letters++)
		if (*letters == '!')
			file_32(&c, 0);
		else
			file_record(&c, (uint32_t)(*letters - 'a') + 1, 0, span_of(letters, 1), 1);
	path = folder_write(folder, name, file_span(&c));
	file_release(&c);
	return path;
}

/* The file of each frame, and that the numbers go up one by one. */
static void tell_order(struct source *s, char *told, size_t room)
{
	uint64_t number = 0;
	struct frame frame;
	enum source_next next;
	struct fault f;
	size_t len = 0;

	while ((next = source_next(s, &frame, &f)) != SOURCE_END && len + 1 < room) {
		if (next == SOURCE_FAULT) {
			assert_int_equal(f.kind, FAULT_CUT);
			told[len++] = '!';
			continue;
		}
		assert_int_equal(frame.number, ++number);
		told[len++] = (char)('0' + frame.file);
	}
	told[len] = '\0';
}

static void order_is_that_of_time(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		static const char *const names[] = { "x", "y", "z" };
		char *folder = folder_new();
		const char *paths[3];
		size_t count = 0;
		struct source *s;
		struct fault f;
		char told[64];

		for (; count < 3 && rows[i].files[count]; count++)
			paths[count] = write_file(folder, names[count], rows[i].files[count]);
		s = source_open(paths, count, NULL, &f);
		assert_non_null(s);
		tell_order(s, told, sizeof told);
		if (strcmp(told, rows[i].want))
			fail_msg("%s: %s", rows[i].name, told);
		for (size_t k = 0; k < count; k++) {
			assert_int_equal(source_info(s, k)->cut, !!strchr(rows[i].files[k], '!'));
			free((char *)paths[k]);
		}
		source_close(s);
		folder_remove(folder);
	}
}

/* A ring of files, given in the wrong order; most of them are closed meanwhile. */
static void very_many_files(void **state)
{
	char *folder = folder_new();
	const char *paths[FILES_MAX];
	struct frame frame;
	struct source *s;
	struct fault f;

	(void)state;
	for (uint32_t i = 0; i < FILES_MAX; i++) {
		struct capture_file c;
		char name[32];

		file_init(&c, i % 2);
		file_pcap(&c, 0xa1b2c3d4, 1);
		file_record(&c, 2 * (FILES_MAX - i), 0, SPAN("a"), 1);
		file_record(&c, 2 * (FILES_MAX - i) + 1, 0, SPAN("bc"), 2);
		snprintf(name, sizeof name, "%u", i);
		paths[i] = folder_write(folder, name, file_span(&c));
		file_release(&c);
	}
	s = source_open(paths, FILES_MAX, NULL, &f);
	assert_non_null(s);
	for (uint32_t i = 0; i < 2 * FILES_MAX; i++) {
		assert_int_equal(source_next(s, &frame, &f), SOURCE_FRAME);
		assert_int_equal(frame.number, i + 1);
		assert_int_equal(frame.time, (i + 2) * MOMENT_S);
		assert_int_equal(frame.file, FILES_MAX - 1 - i / 2);
		assert_true(span_eq(frame.bytes, i % 2 ? SPAN("bc") : SPAN("a")));
	}
	assert_int_equal(source_next(s, &frame, &f), SOURCE_END);
	for (size_t i = 0; i < FILES_MAX; i++) {
		assert_int_equal(source_info(s, i)->frames, 2);
		assert_int_equal(source_info(s, i)->bytes, 3);
		free((char *)paths[i]);
	}
	assert_int_equal(source_position(s), source_size(s));
	source_close(s);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(order_is_that_of_time),
		cmocka_unit_test(very_many_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
