/* tests/test_keys.c - key logs that grow while they are followed: cut, begun again, replaced. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/keys.h"

/* Lines of 13 + 1 + 64 + 1 + 96 + 1 bytes: 3.5 MB, so that pieces of any size end within lines. */
enum { MANY = 20000, LINE = 176 };

struct followed {
	char folder[128], path[160], other[160];
	struct options options;
	struct tlskeys *store;
	struct keys keys;
	struct keeper *keeper;
};

static int start(void **state)
{
	struct followed *f = calloc(1, sizeof *f);
	const char *base = getenv("TMPDIR");

	snprintf(f->folder, sizeof f->folder, "%s/wsuscope-keys-XXXXXX", base ? base : "/tmp");
	assert_non_null(mkdtemp(f->folder));
	snprintf(f->path, sizeof f->path, "%s/log", f->folder);
	snprintf(f->other, sizeof f->other, "%s/other", f->folder);
	f->options = (struct options){ .quiet = true, .key_logs = { f->path }, .key_log_count = 1 };
	f->store = tlskeys_new(NULL);
	f->keeper = keeper_new();
	*state = f;
	return 0;
}

static int stop(void **state)
{
	struct followed *f = *state;

	keys_close(&f->keys);
	tlskeys_free(f->store);
	keeper_free(f->keeper);
	unlink(f->path);
	unlink(f->other);
	rmdir(f->folder);
	free(f);
	return 0;
}

/* ---- writing ---- */

static size_t line_of(unsigned number, char line[static LINE + 1])
{
	return (size_t)snprintf(line, LINE + 1, "CLIENT_RANDOM %064x %096x\n", number, number);
}

/* Bytes from..to of a log whose lines are numbered from `first` on, as if it were endless. */
static void write_part(const char *path, const char *mode, unsigned first, size_t from, size_t to)
{
	FILE *out = fopen(path, mode);
	char line[LINE + 1];

	assert_non_null(out);
	for (size_t at = from; at < to;) {
		size_t skip = at % LINE, len = LINE - skip;

		assert_int_equal(line_of(first + (unsigned)(at / LINE), line), LINE);
		if (len > to - at)
			len = to - at;
		assert_int_equal(fwrite(line + skip, 1, len, out), len);
		at += len;
	}
	assert_int_equal(fclose(out), 0);
}

static void write_lines(const char *path, const char *mode, unsigned first, size_t count)
{
	write_part(path, mode, first, 0, count * LINE);
}

/* ---- reading ---- */

static void follow(struct followed *f)
{
	struct fault fault = { 0 };

	assert_true(keys_open(&f->keys, &f->options, f->store, f->keeper, &fault));
}

static bool knows(const struct followed *f, unsigned number)
{
	uint8_t random[32] = { 0 };

	for (size_t i = 0; i < 4; i++)
		random[31 - i] = (uint8_t)(number >> 8 * i);
	return tlskeys_secret(f->store, TLS_SECRET_MASTER, random).len == 48;
}

static void expect_kept(const struct followed *f, uint64_t secrets)
{
	struct tlskeys_counts counts = tlskeys_counts(f->store);

	assert_int_equal(counts.secrets, secrets);
	assert_int_equal(counts.lines_unread, 0);
}

/* ---- what is known when ---- */

static void a_long_log_is_read_whole(void **state)
{
	struct followed *f = *state;

	write_lines(f->path, "w", 0, MANY);
	follow(f);
	expect_kept(f, MANY);
}

static void a_log_may_grow_by_much_at_once(void **state)
{
	struct followed *f = *state;

	write_lines(f->path, "w", 0, 1);
	follow(f);
	expect_kept(f, 1);
	write_part(f->path, "a", 0, LINE, (size_t)MANY * LINE + LINE / 2);
	assert_true(knows(f, MANY - 1));
	expect_kept(f, MANY);
	assert_false(knows(f, MANY));
	write_part(f->path, "a", 0, (size_t)MANY * LINE + LINE / 2, (MANY + 1) * (size_t)LINE);
	assert_true(knows(f, MANY));
	expect_kept(f, MANY + 1);
}

/* Whatever the cut: what is written is known as soon as its line has an end. */
static void a_line_may_come_in_two_parts(void **state)
{
	struct followed *f = *state;

	write_lines(f->path, "w", 0, 0);
	follow(f);
	for (unsigned cut = 0; cut < LINE; cut++) {
		write_part(f->path, "a", 0, (size_t)cut * LINE, (size_t)cut * LINE + cut);
		assert_false(knows(f, cut));
		write_part(f->path, "a", 0, (size_t)cut * LINE + cut, (cut + 1) * (size_t)LINE);
		assert_true(knows(f, cut));
	}
	expect_kept(f, LINE);
}

static void the_last_line_needs_no_end_once_all_is_over(void **state)
{
	struct followed *f = *state;

	write_part(f->path, "w", 0, 0, 3 * LINE - 1);
	follow(f);
	expect_kept(f, 2);
	keys_close(&f->keys);
	expect_kept(f, 3);
}

static void a_log_may_be_begun_again(void **state)
{
	static const struct {
		size_t before, after;   /* bytes */
	} rows[] = {
		{ 10 * LINE, 3 * LINE }, { 10 * LINE + 5, LINE }, { 10 * LINE + 9, 10 * LINE + 3 },
		{ (size_t)MANY * LINE, 2 * LINE },
	};
	struct followed *f = *state;

	write_lines(f->path, "w", 0, 0);
	follow(f);
	for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
		unsigned first = (i + 1) << 24;

		write_part(f->path, "w", first, 0, rows[i].before);
		assert_true(knows(f, first + (unsigned)(rows[i].before / LINE) - 1));
		write_part(f->path, "w", first | 1 << 20, 0, rows[i].after);
		assert_true(knows(f, (first | 1 << 20) + (unsigned)(rows[i].after / LINE) - 1));
	}
	assert_int_equal(tlskeys_counts(f->store).lines_unread, 0);
}

static void a_log_may_be_emptied_for_a_while(void **state)
{
	struct followed *f = *state;

	write_lines(f->path, "w", 0, 2);
	follow(f);
	write_lines(f->path, "w", 0, 0);
	assert_false(knows(f, 7));
	write_lines(f->path, "a", 7, 2);
	assert_true(knows(f, 8));
	expect_kept(f, 4);
}

/* The old file is read to its end, which needs no line's end: nobody writes there any more. */
static void another_file_may_take_its_name(void **state)
{
	struct followed *f = *state;

	write_lines(f->path, "w", 0, 2);
	follow(f);
	write_part(f->path, "a", 2, 0, 2 * LINE - 1);
	write_lines(f->other, "w", 100, MANY);
	assert_int_equal(rename(f->other, f->path), 0);
	assert_true(knows(f, 100 + MANY - 1));
	assert_true(knows(f, 3));
	expect_kept(f, MANY + 4);
	write_lines(f->path, "a", 7, 1);
	assert_true(knows(f, 7));
	expect_kept(f, MANY + 5);
}

static void what_took_its_name_last_is_read_in_the_end(void **state)
{
	struct followed *f = *state;

	write_lines(f->path, "w", 0, 2);
	follow(f);
	write_lines(f->other, "w", 9, 1);
	assert_int_equal(rename(f->other, f->path), 0);
	keys_close(&f->keys);
	expect_kept(f, 3);
}

/* While the name is nobody's, or that of something that cannot be followed, the old file stays. */
static void the_name_may_be_lost(void **state)
{
	struct followed *f = *state;

	write_lines(f->path, "w", 0, 2);
	follow(f);
	assert_int_equal(rename(f->path, f->other), 0);
	write_lines(f->other, "a", 2, 1);
	assert_true(knows(f, 2));
	assert_int_equal(mkfifo(f->path, 0600), 0);
	write_lines(f->other, "a", 3, 1);
	assert_true(knows(f, 3));
	assert_int_equal(unlink(f->path), 0);
	write_lines(f->path, "w", 4, 1);
	assert_true(knows(f, 4));
	expect_kept(f, 5);
}

/* The process that keeps files opens it for one that may not. */
static void another_file_is_opened_by_the_keeper(void **state)
{
	struct followed *f = *state;
	struct fault fault = { 0 };

	write_lines(f->path, "w", 0, 3);
	follow(f);
	assert_true(keeper_start(f->keeper, &fault));
	write_lines(f->other, "w", 3, 2);
	assert_int_equal(rename(f->other, f->path), 0);
	assert_true(knows(f, 4));
	expect_kept(f, 5);
}

/* It has the same place in the file. */
static void a_child_leaves_what_was_appended(void **state)
{
	struct followed *f = *state;
	pid_t child;
	int status;

	write_lines(f->path, "w", 0, 3);
	follow(f);
	write_lines(f->path, "a", 3, 2);
	child = fork();
	if (!child)
		_exit(knows(f, 4));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_true(knows(f, 4));
	expect_kept(f, 5);
}

static void what_is_not_followed_is_read_once(void **state)
{
	struct followed *f = *state;
	struct fault fault = { 0 };

	write_part(f->path, "w", 0, 0, (size_t)MANY * LINE - 1);
	assert_true(keys_open(&f->keys, &f->options, f->store, NULL, &fault));
	expect_kept(f, MANY);
	assert_int_equal(f->keys.growing_count, 0);
}

static void a_log_that_is_not_there_is_told(void **state)
{
	struct followed *f = *state;
	struct fault fault = { 0 };

	assert_false(keys_open(&f->keys, &f->options, f->store, f->keeper, &fault));
	assert_int_equal(fault.kind, FAULT_INPUT);
	assert_non_null(strstr(fault.text, f->path));
}

int main(void)
{
#define FOLLOWED(test) cmocka_unit_test_setup_teardown(test, start, stop)
	const struct CMUnitTest tests[] = {
		FOLLOWED(a_long_log_is_read_whole),
		FOLLOWED(a_log_may_grow_by_much_at_once),
		FOLLOWED(a_line_may_come_in_two_parts),
		FOLLOWED(the_last_line_needs_no_end_once_all_is_over),
		FOLLOWED(a_log_may_be_begun_again),
		FOLLOWED(a_log_may_be_emptied_for_a_while),
		FOLLOWED(another_file_may_take_its_name),
		FOLLOWED(what_took_its_name_last_is_read_in_the_end),
		FOLLOWED(the_name_may_be_lost),
		FOLLOWED(another_file_is_opened_by_the_keeper),
		FOLLOWED(a_child_leaves_what_was_appended),
		FOLLOWED(what_is_not_followed_is_read_once),
		FOLLOWED(a_log_that_is_not_there_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
