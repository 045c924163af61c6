/* tests/test_usage.c - what a process uses, beside what the system says of it elsewhere. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/moment.h"
#include "live/usage.h"

static void counts_descriptors(void **unused)
{
	struct usage before, after;
	struct rlimit limit;
	int fds[2];

	(void)unused;
	usage_open(&before);
	usage_read(&before);
	assert_int_equal(pipe(fds), 0);
	after = before;
	usage_read(&after);
	assert_int_equal(after.descriptors, before.descriptors + 2);
	close(fds[0]);
	close(fds[1]);
	usage_read(&after);
	assert_int_equal(after.descriptors, before.descriptors);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_true(after.descriptors_max == limit.rlim_cur);
	usage_close(&before);
	usage_read(&before);
	assert_int_equal(before.descriptors, after.descriptors - 1);
	usage_close(&before);
}

static void measures_memory(void **unused)
{
	enum { MUCH = 32 << 20 };
	struct usage u;
	uint64_t before;
	char *much;

	(void)unused;
	usage_open(&u);
	usage_read(&u);
	before = u.resident;
	assert_true(before > 0 && u.memory >= before);
	much = malloc(MUCH);
	memset(much, 1, MUCH);
	usage_read(&u);
	assert_true(u.resident > before + MUCH / 2 && much[MUCH / 2]);
	free(much);
	usage_close(&u);
}

static void measures_processor_time(void **unused)
{
	volatile unsigned work = 0;
	clock_t until;
	struct usage u;
	int64_t before;

	(void)unused;
	usage_open(&u);
	usage_read(&u);
	before = u.processor;
	for (until = clock() + CLOCKS_PER_SEC / 20; clock() < until;)
		work++;
	usage_read(&u);
	assert_in_range(u.processor - before, 40 * MOMENT_MS, 5 * MOMENT_S);
	usage_close(&u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_descriptors),
		cmocka_unit_test(measures_memory),
		cmocka_unit_test(measures_processor_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
