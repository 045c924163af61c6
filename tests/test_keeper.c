/* tests/test_keeper.c - the process that keeps files: how it ends, what it may, and what if it hangs. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "guard/calls.h"
#include "guard/guard.h"
#include "tests/place.h"
#include "tests/sealed.h"

/* ---- the process ---- */

/* The only child of this process. */
static pid_t kept_by(void)
{
	char path[64];
	pid_t child = 0;
	FILE *in;

	snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
	in = fopen(path, "r");
	if (!in || !fgets(path, sizeof path, in))
		fail_msg("no children are told");
	fclose(in);
	child = (pid_t)strtol(path, NULL, 10);
	assert_true(child > 0);
	return child;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void test_goes_with_its_parent(void **state)
{
	char path[PATH_MAX];
	struct keeper *k = place_keep(true, KEEPER_FILE, place_path(*state, "x", path), false);
	pid_t process = kept_by();
	int64_t before = now_ms();

	keeper_free(k);
	assert_int_equal(kill(process, 0), -1);
	assert_true(now_ms() - before < 500);
}

/* A parent that is killed takes it along; signals to the group do not. */
static void test_goes_with_a_killed_parent(void **state)
{
	char path[PATH_MAX];
	int told[2];
	pid_t child, process = 0;

	assert_int_equal(pipe(told), 0);
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
	child = fork();
	if (!child) {
		struct keeper *k;

		setpgid(0, 0);
		signal(SIGTERM, SIG_IGN);
		signal(SIGINT, SIG_IGN);
		k = place_keep(true, KEEPER_FILE, place_path(*state, "x", path), false);
		process = kept_by();
		kill(0, SIGTERM);
		kill(0, SIGINT);
		place_say(keeper_open(k, 0, NULL, &(struct fault){ 0 }), "x");
		if (write(told[1], &process, sizeof process) != sizeof process)
			_exit(1);
		for (;;)
			pause();
	}
	assert_int_equal(read(told[0], &process, sizeof process), sizeof process);
	assert_int_equal(kill(process, 0), 0);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(waitpid(process, NULL, 0), process);
	prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
	close(told[0]);
	close(told[1]);
}

/* One that hangs costs five seconds; what it says later is no answer to the next question. */
static void test_does_not_answer(void **state)
{
	char path[PATH_MAX], other[PATH_MAX];
	struct keeper *k = keeper_new();
	struct fault f = { 0 };
	int64_t before = now_ms();
	pid_t process;
	int fd = -1;

	assert_int_equal(keeper_allow(k, KEEPER_FILE, place_path(*state, "one", path), false), 0);
	assert_int_equal(keeper_allow(k, KEEPER_FILE, place_path(*state, "two", other), false), 1);
	assert_true(keeper_start(k, &f));
	process = kept_by();
	kill(process, SIGSTOP);
	assert_int_equal(keeper_open(k, 0, NULL, &f), -1);
	assert_non_null(strstr(f.text, "does not answer"));
	assert_in_range(now_ms() - before, 4500, 7000);
	before = now_ms();              /* nobody is held up a second time */
	for (int i = 0; i < 10; i++)
		assert_int_equal(keeper_open(k, 1, NULL, &f), -1);
	assert_non_null(strstr(f.text, "does not answer"));
	assert_in_range(now_ms() - before, 0, 1000);
	kill(process, SIGCONT);
	for (before = now_ms(); fd < 0 && now_ms() - before < 10000;)
		fd = keeper_open(k, 1, NULL, &f);
	place_say(fd, "second");
	place_holds(other, "second");
	place_holds(path, "");

	kill(process, SIGKILL);
	assert_int_equal(keeper_open(k, 0, NULL, &f), -1);
	assert_non_null(strstr(f.text, path));
	keeper_free(k);
}

static void test_leaks_no_descriptors(void **state)
{
	char path[PATH_MAX];
	struct keeper *k = place_keep(true, KEEPER_FILE, place_path(*state, "x", path), false);
	struct fault f;
	int first = dup(0);

	for (int i = 0; i < 100; i++) {
		close(keeper_open(k, 0, NULL, &f));
		assert_int_equal(keeper_open(k, 0, "_1", &f), -1);
	}
	close(first);
	assert_int_equal(dup(0), first);
	close(first);
	keeper_free(k);
}

/* Of root's capabilities it keeps CAP_DAC_OVERRIDE (1): root may have named files in others' directories. */
static void test_keeps_few_rights(void **state)
{
	char path[PATH_MAX], value[100];
	struct keeper *k = place_keep(true, KEEPER_FILE, place_path(*state, "x", path), false);
	pid_t process = kept_by();

	assert_string_equal(sealed_status(process, "NoNewPrivs", value), "1");
	if (calls_can())
		assert_string_equal(sealed_status(process, "Seccomp", value), "2");
	assert_string_equal(sealed_status(process, "CapEff", value),
	                    geteuid() == 0 ? "0000000000000002" : "0000000000000000");
	if (geteuid() == 0)
		assert_string_equal(sealed_status(process, "CapBnd", value), "0000000000000000");
	keeper_free(k);
}

/* What it is for: a parent that may open nothing, and is nobody, gets root's file. */
static void test_serves_a_sealed_parent(void **state)
{
	char path[PATH_MAX];
	int status;
	pid_t child;

	place_path(*state, "c.pcapng", path);
	child = fork();
	if (!child) {
		const struct guard_options o = {
			.user = geteuid() == 0 ? "nobody" : NULL, .judges = true,
		};
		struct keeper *k = place_keep(true, KEEPER_SERIES, path, false);
		struct fault f = { 0 };
		char lacking[200];
		int fd;

		if (!guard_drop(&o, &f) || !guard_seal(&o, lacking, &f))
			_exit(2);
		fd = keeper_open(k, 0, "_1", &f);
		if (fd < 0 || write(fd, "kept", 4) != 4 || open(path, O_WRONLY | O_CREAT, 0600) >= 0)
			_exit(3);
		fd = keeper_open(k, 0, "_2", &f);
		if (fd < 0 || !keeper_remove(k, 0, "_1", &f))
			_exit(4);
		keeper_free(k);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(access(place_path(*state, "c_1.pcapng", path), F_OK), -1);
	assert_int_equal(access(place_path(*state, "c_2.pcapng", path), F_OK), 0);
}

static void test_too_many(void **state)
{
	struct keeper *k = keeper_new();

	(void)state;
	for (int i = 0; i < KEEPER_ENTRIES; i++)
		assert_int_equal(keeper_allow(k, KEEPER_FILE, "/nowhere", false), i);
	assert_int_equal(keeper_allow(k, KEEPER_FILE, "/nowhere", false), -1);
	keeper_free(k);
	keeper_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_goes_with_its_parent),
		cmocka_unit_test(test_goes_with_a_killed_parent),
		cmocka_unit_test(test_does_not_answer),
		cmocka_unit_test(test_leaks_no_descriptors),
		cmocka_unit_test(test_keeps_few_rights),
		cmocka_unit_test(test_serves_a_sealed_parent),
		cmocka_unit_test(test_too_many),
	};

	return cmocka_run_group_tests(tests, place_make, place_remove);
}
