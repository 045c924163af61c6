/* tests/test_spool.c - a stream whose reader stops, goes away, or has no room. */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/moment.h"
#include "live/spool.h"

enum { CEILING = 16 * 1024, PIPE = 4096, LINE = 49 };

/* Of 100000 lines, when what the spool and a pipe hold is not read; the thread may have had no turn yet. */
enum { FEWEST_LOST = 100000 - (PIPE + CEILING) / LINE - 1, MOST_LOST = 100000 - CEILING / LINE };

static const int64_t PATIENCE = 10 * MOMENT_S;

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * MOMENT_S + t.tv_nsec;
}

static void small_pipe(int fds[static 2])
{
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(fcntl(fds[1], F_SETPIPE_SZ, PIPE), PIPE);
}

/* All that comes until the end, NUL-terminated. */
static char *read_all(int fd)
{
	size_t len = 0, room = 1 << 16;
	char *text = malloc(room);
	ssize_t got;

	while ((got = read(fd, text + len, room - len - 1)) > 0) {
		len += (size_t)got;
		if (room - len < 2)
			text = realloc(text, room *= 2);
	}
	text[len] = '\0';
	close(fd);
	return text;
}

/* A reader that may be slow: what it read, in time. */
static void *read_slowly(void *fds)
{
	static const struct timespec pause = { 0, 1000000 };
	const int *fd = fds;
	char piece[4096];
	ssize_t got;

	while ((got = read(fd[0], piece, sizeof piece)) > 0) {
		assert_int_equal(write(fd[1], piece, (size_t)got), got);
		nanosleep(&pause, NULL);
	}
	return NULL;
}

static int temporary(char path[static 32])
{
	int fd;

	snprintf(path, 32, "/tmp/wsuscope-spool-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	return fd;
}

static char *take_file(const char *path)
{
	char *text = read_all(open(path, O_RDONLY));

	unlink(path);
	return text;
}

static void write_lines(struct spool *s, unsigned from, unsigned to)
{
	for (unsigned i = from; i < to; i++)
		fprintf(spool_stream(s), "line %07u of a length that is always the same\n", i);
	fflush(spool_stream(s));
}

/* Whole lines, each later than the one before: how many. */
static unsigned count_lines(const char *text)
{
	unsigned count = 0, last = 0;

	while (*text) {
		unsigned number = (unsigned)strtoul(text + strlen("line "), NULL, 10);

		assert_true(strlen(text) >= LINE);
		assert_memory_equal(text, "line ", 5);
		assert_memory_equal(text + 12, " of a length that is always the same\n", LINE - 12);
		assert_true(!count || number > last);
		last = number;
		text += LINE;
		count++;
	}
	return count;
}

static void hands_lines_on(void **unused)
{
	struct fault f = { 0 };
	struct spool *s;
	int fds[2];
	char *text;

	(void)unused;
	assert_int_equal(pipe(fds), 0);
	s = spool_open(fds[1], CEILING);
	write_lines(s, 0, 200);
	assert_true(spool_close(s, PATIENCE, &f));
	text = read_all(fds[0]);
	assert_int_equal(count_lines(text), 200);
	free(text);
}

/* Half a line waits for its end, even when it is flushed. */
static void keeps_lines_together(void **unused)
{
	struct fault f = { 0 };
	char text[64] = "";
	struct spool *s;
	int fds[2];

	(void)unused;
	assert_int_equal(pipe(fds), 0);
	s = spool_open(fds[1], CEILING);
	fputs("one\ntw", spool_stream(s));
	fflush(spool_stream(s));
	assert_int_equal(read(fds[0], text, sizeof text - 1), 4);
	assert_string_equal(text, "one\n");
	fputs("o\n", spool_stream(s));
	fflush(spool_stream(s));
	assert_int_equal(read(fds[0], text, sizeof text - 1), 4);
	assert_memory_equal(text, "two\n", 4);
	fputs("three", spool_stream(s));
	assert_true(spool_close(s, PATIENCE, &f));
	assert_int_equal(read(fds[0], text, sizeof text - 1), 5);
	close(fds[0]);
}

/* The run goes on at its own pace; what was lost is counted, and the rest is whole lines. */
static void loses_lines_of_a_reader_that_stops(void **unused)
{
	char path[32];
	struct fault f = { 0 };
	pthread_t reader;
	struct spool *s;
	uint64_t lost;
	int fds[2], ends[2];
	char *text;

	(void)unused;
	small_pipe(fds);
	s = spool_open(fds[1], CEILING);
	write_lines(s, 0, 100000);
	lost = spool_lost(s);
	assert_in_range(lost, FEWEST_LOST, MOST_LOST);
	ends[0] = fds[0];
	ends[1] = temporary(path);
	assert_int_equal(pthread_create(&reader, NULL, read_slowly, ends), 0);
	assert_true(spool_close(s, PATIENCE, &f));
	pthread_join(reader, NULL);
	close(ends[0]);
	close(ends[1]);
	text = take_file(path);
	assert_int_equal(count_lines(text), 100000 - lost);
	free(text);
}

static void leaves_a_reader_that_never_reads(void **unused)
{
	struct fault f = { 0 };
	struct spool *s;
	int64_t began;
	uint64_t lost;
	char said[64], *text;
	int fds[2];

	(void)unused;
	small_pipe(fds);
	s = spool_open(fds[1], CEILING);
	write_lines(s, 0, 10000);
	lost = spool_lost(s);
	began = now();
	assert_false(spool_close(s, 50 * MOMENT_MS, &f));
	assert_true(now() - began < PATIENCE);
	assert_int_equal(f.kind, FAULT_OUTPUT);
	assert_non_null(strstr(f.text, "its reader takes nothing; "));
	assert_true(strtoull(strstr(f.text, "; ") + 2, NULL, 10) > lost);
	/* The thread ends by itself when somebody reads after all: the pipe then ends, too. */
	text = read_all(fds[0]);
	snprintf(said, sizeof said, "line %07u ", 0U);
	assert_memory_equal(text, said, strlen(said));
	free(text);
}

/* A reader that is gone ends nothing: SIGPIPE would. */
static void tells_of_a_reader_that_is_gone(void **unused)
{
	struct fault f = { 0 };
	struct spool *s;
	int fds[2];

	(void)unused;
	signal(SIGPIPE, SIG_DFL);
	assert_int_equal(pipe(fds), 0);
	s = spool_open(fds[1], 1 << 20);
	close(fds[0]);
	write_lines(s, 0, 1000);
	assert_false(spool_close(s, PATIENCE, &f));
	assert_string_equal(f.text, "cannot be written: Broken pipe; 1000 lines were lost");
}

static void tells_of_a_full_disk(void **unused)
{
	struct fault f = { 0 };
	struct spool *s = spool_open(open("/dev/full", O_WRONLY), 1 << 20);

	(void)unused;
	write_lines(s, 0, 10);
	assert_false(spool_close(s, PATIENCE, &f));
	assert_string_equal(f.text, "cannot be written: No space left on device; 10 lines were lost");
}

static void wait_for_loss(struct spool *s)
{
	for (int64_t until = now() + PATIENCE; !spool_lost(s) && now() < until;)
		usleep(1000);
}

/* Room is found again: the file has whole lines on both sides of the gap. */
static void goes_on_when_there_is_room_again(void **unused)
{
	char path[32], *text;
	struct fault f = { 0 };
	struct spool *s = spool_open(temporary(path), 1 << 20);
	struct rlimit before, small;

	(void)unused;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = (struct rlimit){ 10 * LINE + 7, before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	write_lines(s, 0, 15);
	wait_for_loss(s);
	setrlimit(RLIMIT_FSIZE, &before);
	assert_int_equal(spool_lost(s), 5);
	write_lines(s, 100, 110);
	assert_false(spool_close(s, PATIENCE, &f));
	assert_string_equal(f.text, "cannot be written: File too large; 5 lines were lost");
	text = take_file(path);
	assert_int_equal(count_lines(text), 20);
	free(text);
}

static void loses_a_line_that_is_too_long(void **unused)
{
	char path[32], *text;
	struct fault f = { 0 };
	struct spool *s = spool_open(temporary(path), CEILING);

	(void)unused;
	write_lines(s, 0, 3);
	for (int i = 0; i < 3 * CEILING; i++)
		putc('x', spool_stream(s));
	putc('\n', spool_stream(s));
	write_lines(s, 3, 6);
	assert_int_equal(spool_lost(s), 1);
	assert_true(spool_close(s, PATIENCE, &f));
	text = take_file(path);
	assert_int_equal(count_lines(text), 6);
	free(text);
}

static void goes_on_in_another_file(void **unused)
{
	char first[32], second[32], third[32], *text;
	struct fault f = { 0 };
	struct spool *s = spool_open(temporary(first), 1 << 20);

	(void)unused;
	write_lines(s, 0, 500);
	spool_reopen(s, temporary(second));
	write_lines(s, 500, 700);
	spool_reopen(s, temporary(third));
	write_lines(s, 700, 1000);
	assert_true(spool_close(s, PATIENCE, &f));
	text = take_file(first);
	assert_int_equal(count_lines(text), 500);
	assert_memory_equal(text, "line 0000000", 12);
	free(text);
	/* Where files follow each other faster than they are written, one may stay empty. */
	text = take_file(second);
	assert_true(count_lines(text) == 200 || !*text);
	free(text);
	text = take_file(third);
	assert_memory_equal(text + strlen(text) - LINE, "line 0000999", 12);
	free(text);
}

/* A report at the end: longer than the ceiling, and partly one line, to somebody who reads slowly. */
static void waits_when_patient(void **unused)
{
	enum { LONG = 1 << 20 };
	char path[32], *text;
	struct fault f = { 0 };
	pthread_t reader;
	struct spool *s;
	int fds[2], ends[2];

	(void)unused;
	assert_int_equal(pipe(fds), 0);
	ends[0] = fds[0];
	ends[1] = temporary(path);
	assert_int_equal(pthread_create(&reader, NULL, read_slowly, ends), 0);
	s = spool_open(fds[1], CEILING);
	spool_patient(s, 6 * PATIENCE);
	write_lines(s, 0, 20000);
	for (int i = 0; i < LONG; i++)
		putc('x', spool_stream(s));
	assert_int_equal(spool_lost(s), 0);
	assert_true(spool_close(s, PATIENCE, &f));
	pthread_join(reader, NULL);
	close(ends[0]);
	close(ends[1]);
	text = take_file(path);
	assert_int_equal(strlen(text), 20000 * LINE + LONG);
	text[20000 * LINE] = '\0';
	assert_int_equal(count_lines(text), 20000);
	free(text);
}

static void patience_has_an_end(void **unused)
{
	struct fault f = { 0 };
	int64_t began = now();
	struct spool *s;
	int fds[2];

	(void)unused;
	small_pipe(fds);
	s = spool_open(fds[1], CEILING);
	spool_patient(s, 100 * MOMENT_MS);
	write_lines(s, 0, 100000);
	assert_true(now() - began >= 100 * MOMENT_MS && now() - began < PATIENCE);
	assert_in_range(spool_lost(s), FEWEST_LOST, MOST_LOST);
	assert_false(spool_close(s, MOMENT_MS, &f));
	free(read_all(fds[0]));
}

/* Standard output is the shell's, too. */
static void keeps_standard_output(void **unused)
{
	struct fault f = { 0 };

	(void)unused;
	assert_true(spool_close(spool_open(STDOUT_FILENO, CEILING), PATIENCE, &f));
	assert_true(fcntl(STDOUT_FILENO, F_GETFD) >= 0);
	assert_true(spool_close(NULL, PATIENCE, &f));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hands_lines_on),
		cmocka_unit_test(keeps_lines_together),
		cmocka_unit_test(loses_lines_of_a_reader_that_stops),
		cmocka_unit_test(leaves_a_reader_that_never_reads),
		cmocka_unit_test(tells_of_a_reader_that_is_gone),
		cmocka_unit_test(tells_of_a_full_disk),
		cmocka_unit_test(goes_on_when_there_is_room_again),
		cmocka_unit_test(loses_a_line_that_is_too_long),
		cmocka_unit_test(goes_on_in_another_file),
		cmocka_unit_test(waits_when_patient),
		cmocka_unit_test(patience_has_an_end),
		cmocka_unit_test(keeps_standard_output),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
