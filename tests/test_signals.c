/* tests/test_signals.c - what signals ask, and what they leave alone. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/moment.h"
#include "cli/signals.h"
#include "tests/capture_file.h"

static struct source *open_two(struct capture_file *c)
{
	struct source *s;
	struct fault f;

	file_init(c, false);
	file_pcap(c, 0xa1b2c3d4, 1);
	file_record(c, 1, 0, SPAN("0123456789abcdef"), 16);
	file_record(c, 2, 0, SPAN("0123456789abcdef"), 16);
	s = source_open_memory("two", file_span(c), NULL, &f);
	assert_non_null(s);
	return s;
}

static void stops_the_source(void **unused)
{
	static const int numbers[] = { SIGINT, SIGTERM };

	(void)unused;
	for (size_t i = 0; i < 2; i++) {
		struct capture_file c;
		struct source *s = open_two(&c);
		struct frame frame;
		struct fault f;

		signals_catch(s);
		assert_int_equal(source_next(s, &frame, &f), SOURCE_FRAME);
		assert_false(signals_stopped());
		errno = EDOM;
		raise(numbers[i]);
		assert_int_equal(errno, EDOM);
		assert_true(signals_stopped());
		assert_int_equal(source_next(s, &frame, &f), SOURCE_END);
		signals_release();
		source_close(s);
		file_release(&c);
		raise(SIGTERM);         /* there is no source any more */
	}
}

static void asks_once_for_each(void **unused)
{
	(void)unused;
	signals_catch(NULL);
	assert_false(signals_summary() || signals_reopen());
	raise(SIGUSR1);
	raise(SIGUSR1);
	raise(SIGHUP);
	assert_true(signals_summary());
	assert_true(signals_summary());
	assert_false(signals_summary());
	assert_true(signals_reopen());
	assert_false(signals_reopen());
	assert_false(signals_stopped());
	/* For months. */
	for (unsigned i = 0; i < 1000; i++) {
		raise(SIGHUP);
		assert_true(signals_reopen());
		assert_false(signals_reopen());
	}
}

/* The system's answer to `number` in a child which has caught signals and been sent `before`, if any. */
static int child_after(int before, int64_t pause, int number)
{
	struct timespec rest = { .tv_nsec = pause };
	int status;
	pid_t child = fork();

	if (!child) {
		signals_catch(NULL);
		if (before)
			raise(before);
		nanosleep(&rest, NULL);
		raise(number);
		_exit(7);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) ? WTERMSIG(status) : -WEXITSTATUS(status);
}

static void leaves_the_second_interrupt_to_the_system(void **unused)
{
	(void)unused;
	assert_int_equal(child_after(0, 0, SIGINT), -7);
	assert_int_equal(child_after(SIGINT, 300 * MOMENT_MS, SIGINT), SIGINT);
	assert_int_equal(child_after(SIGTERM, 0, SIGTERM), -7);
	assert_int_equal(child_after(SIGTERM, 0, SIGINT), -7);
	assert_int_equal(child_after(SIGINT, 0, SIGTERM), -7);
	assert_int_equal(child_after(SIGHUP, 0, SIGUSR1), -7);
}

/* As timeout -s INT sends it: the report of a run that ends so is written. */
static void takes_two_at_once_for_one(void **unused)
{
	(void)unused;
	assert_int_equal(child_after(SIGINT, 0, SIGINT), -7);
}

static void outlives_a_reader_that_is_gone(void **unused)
{
	int ends[2];

	(void)unused;
	signals_catch(NULL);
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	assert_int_equal(write(ends[1], "x", 1), -1);
	assert_int_equal(errno, EPIPE);
	close(ends[1]);
}

/* A read of standard input ends with what stops, and goes on after what only asks. */
static void interrupts_only_to_stop(void **unused)
{
	static const struct row {
		int number;
		bool ends;
	} rows[] = { { SIGUSR1, false }, { SIGHUP, false }, { SIGINT, true }, { SIGTERM, true } };

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct sigaction action;

		signals_catch(NULL);
		assert_int_equal(sigaction(rows[i].number, NULL, &action), 0);
		assert_true(!(action.sa_flags & SA_RESTART) == rows[i].ends);
	}
	/* The report that is written after that is not cut. */
	signals_release();
	raise(SIGTERM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stops_the_source),
		cmocka_unit_test(asks_once_for_each),
		cmocka_unit_test(leaves_the_second_interrupt_to_the_system),
		cmocka_unit_test(takes_two_at_once_for_one),
		cmocka_unit_test(outlives_a_reader_that_is_gone),
		cmocka_unit_test(interrupts_only_to_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
