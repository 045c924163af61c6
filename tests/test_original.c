/* tests/test_original.c - captures read twice: files, pipes, files that grow, disks that are full. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "capture/original.h"
#include "tests/capture_file.h"

static void make(struct capture_file *c, unsigned frames)
{
	uint8_t bytes[1000];

	file_init(c, false);
	file_pcap(c, 0xa1b23c4d, 1);
	for (unsigned i = 0; i < frames; i++) {
		memset(bytes, (int)i, sizeof bytes);
		file_record(c, 1 + i, 0, span_of(bytes, sizeof bytes), sizeof bytes);
	}
}

/* One reading, as text. */
static char *reading(struct original *o, const char *name)
{
	struct fault f = { .kind = FAULT_NONE };
	struct source *s = source_open_originals(o, &name, 1, NULL, &f);
	char *told;

	if (!s)
		fail_msg("%s", f.text);
	told = source_told(s);
	source_close(s);
	return told;
}

static void assert_same_again(struct original *o, const char *name, const char *want)
{
	struct fault f;
	char *told;

	assert_true(original_again(o, &f));
	for (unsigned i = 0; i < 2; i++) {
		told = reading(o, name);
		assert_string_equal(told, want);
		free(told);
	}
}

static void append(const char *path, struct span bytes)
{
	FILE *file = fopen(path, "ab");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes.at, 1, bytes.len, file), bytes.len);
	fclose(file);
}

/* By a descriptor that stays, or by its name: what came behind the first reading's end is not there. */
static void a_file_is_what_it_was(void **state)
{
	(void)state;
	for (int stays = 0; stays < 2; stays++) {
		char *folder = folder_new(), *want, *told;
		struct capture_file c;
		struct original o;
		struct fault f;
		const char *path;

		make(&c, 5);
		want = file_told(file_span(&c), NULL);
		path = folder_write(folder, "a.pcap", file_span(&c));
		assert_true(original_open(&o, path, stays, &f));
		told = reading(&o, path);
		assert_string_equal(told, want);
		assert_false(original_changed(&o));
		append(path, span_skip(file_span(&c), 24));
		assert_same_again(&o, path, want);
		assert_true(original_changed(&o));
		original_close(&o);
		free(told);
		free(want);
		free((char *)path);
		file_release(&c);
		folder_remove(folder);
	}
}

/* A child writes it slowly, in parts. */
static void feed(const char *path, struct span bytes)
{
	if (fork())
		return;
	int fd = open(path, O_WRONLY);

	while (fd >= 0 && bytes.len) {
		struct span part = span_take(&bytes, bytes.len < 700 ? bytes.len : 700);

		if (write(fd, part.at, part.len) < 0)
			break;
	}
	_exit(0);
}

static void open_pipe(struct original *o, const char *path)
{
	struct fault f;

	assert_true(original_open(o, path, true, &f));
}

static void a_pipe_is_kept(void **state)
{
	char *folder = folder_new(), *path, *want, *told;
	struct capture_file c;
	struct original o;

	(void)state;
	make(&c, 40);
	want = file_told(file_span(&c), NULL);
	assert_true(asprintf(&path, "%s/pipe", folder) > 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	feed(path, file_span(&c));
	open_pipe(&o, path);
	told = reading(&o, path);
	assert_string_equal(told, want);
	assert_same_again(&o, path, want);
	assert_false(original_changed(&o));
	original_close(&o);
	free(told);
	free(want);
	free(path);
	file_release(&c);
	folder_remove(folder);
}

/* The first reading has all of it; only the second fails, and says so. */
static void a_full_disk_is_told(void **state)
{
	struct rlimit before, small;
	char *folder = folder_new(), *path, *want, *told;
	struct capture_file c;
	struct original o;
	struct fault f;

	(void)state;
	make(&c, 40);
	want = file_told(file_span(&c), NULL);
	assert_true(asprintf(&path, "%s/pipe", folder) > 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	feed(path, file_span(&c));
	open_pipe(&o, path);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = (struct rlimit){ .rlim_cur = 8000, .rlim_max = before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	told = reading(&o, path);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_string_equal(told, want);
	assert_false(original_again(&o, &f));
	assert_int_equal(f.kind, FAULT_OUTPUT);
	assert_non_null(strstr(f.text, "File too large"));
	assert_non_null(strstr(f.text, "TMPDIR"));
	original_close(&o);
	free(told);
	free(want);
	free(path);
	file_release(&c);
	folder_remove(folder);
}

static void nowhere_to_keep_is_told(void **state)
{
	const char *before = getenv("TMPDIR");
	char *kept = before ? strdup(before) : NULL, *folder = folder_new(), *path;
	struct original o;
	struct fault f;

	(void)state;
	assert_true(asprintf(&path, "%s/pipe", folder) > 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	feed(path, SPAN(""));
	setenv("TMPDIR", "/nowhere/at/all", 1);
	assert_false(original_open(&o, path, true, &f));
	assert_non_null(strstr(f.text, "/nowhere/at/all"));
	if (kept)
		setenv("TMPDIR", kept, 1);
	else
		unsetenv("TMPDIR");
	free(kept);
	free(path);
	folder_remove(folder);
}

/* As a shell gives it: somewhere within the file. */
static void standard_input_from_a_file(void **state)
{
	int saved = dup(STDIN_FILENO), fd;
	char *folder = folder_new(), *want, *told;
	struct capture_file c;
	struct original o;
	const char *path;
	struct fault f;

	(void)state;
	make(&c, 3);
	want = file_told(file_span(&c), NULL);
	path = folder_write(folder, "a", SPAN("12345"));
	append(path, file_span(&c));
	fd = open(path, O_RDONLY);
	assert_int_equal(lseek(fd, 5, SEEK_SET), 5);
	assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
	close(fd);
	assert_true(original_open(&o, "-", false, &f));
	told = reading(&o, "-");
	assert_string_equal(told, want);
	assert_same_again(&o, "-", want);
	original_close(&o);
	dup2(saved, STDIN_FILENO);
	close(saved);
	free(told);
	free(want);
	free((char *)path);
	file_release(&c);
	folder_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_what_it_was),
		cmocka_unit_test(a_pipe_is_kept),
		cmocka_unit_test(a_full_disk_is_told),
		cmocka_unit_test(nowhere_to_keep_is_told),
		cmocka_unit_test(standard_input_from_a_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
