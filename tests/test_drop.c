/* tests/test_drop.c - user, groups and capabilities: gone, and not to be had back. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "guard/guard.h"
#include "tests/sealed.h"

static void assert_status(pid_t of, const char *name, const char *expected)
{
	char value[100];

	sealed_status(of, name, value);
	if (strcmp(value, expected) != 0)
		fail_msg("%s is \"%s\", not \"%s\"", name, value, expected);
}

/* A child that has become `user`, sealed, and waits until `hold` is closed. */
static pid_t start_sealed(const char *user, int hold[static 2])
{
	struct guard_options o = { .user = user, .judges = true, .serves = true, .threads = true };
	int ready[2];
	char byte = 0;
	pid_t child;

	assert_int_equal(pipe(hold), 0);
	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (!child) {
		close(hold[1]);
		sealed_enter(&o);
		if (write(ready[1], "x", 1) != 1 || read(hold[0], &byte, 1) != 0)
			_exit(SEALED_OTHERWISE);
		_exit(SEALED_DONE);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return child;
}

static void test_rights_are_dropped(void **state)
{
	static const char *const none[] = { "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb" };
	int hold[2];
	pid_t child;

	(void)state;
	if (geteuid() != 0)
		skip();
	child = start_sealed("nobody", hold);
	assert_status(child, "Uid", "65534\t65534\t65534\t65534");
	assert_status(child, "Gid", "65534\t65534\t65534\t65534");
	assert_status(child, "Groups", "");
	for (size_t i = 0; i < sizeof none / sizeof *none; i++)
		assert_status(child, none[i], "0000000000000000");
	assert_status(child, "NoNewPrivs", "1");
	assert_status(child, "Seccomp", "2");
	close(hold[0]);
	close(hold[1]);
	assert_int_equal(sealed_await(child), SEALED_DONE);
}

/* Root without a user to become: no capability either. */
static void test_root_without_capabilities(void **state)
{
	struct guard_options o = { .stays = true };
	pid_t child;

	(void)state;
	if (geteuid() != 0)
		skip();
	child = fork();
	if (!child) {
		struct fault f;

		if (!guard_drop(&o, &f))
			_exit(SEALED_NOT);
		_exit(sealed_way(socket(AF_PACKET, SOCK_RAW, 0) < 0 && setuid(12) < 0 ? errno : 0));
	}
	assert_int_equal(sealed_await(child), SEALED_DENIED);
}

static void test_users_that_cannot_be(void **state)
{
	struct guard_options o = { .user = "no-such-user-here" };
	struct fault f = { 0 };
	pid_t child;

	(void)state;
	assert_false(guard_drop(&o, &f));
	assert_int_equal(f.kind, FAULT_USAGE);
	assert_non_null(strstr(f.text, "no-such-user-here"));
	if (geteuid() != 0)
		skip();
	child = fork();
	if (!child) {
		o.user = "daemon";
		if (setresuid(65534, 65534, 65534))
			_exit(SEALED_NOT);
		if (guard_drop(&o, &f))
			_exit(SEALED_DONE);
		_exit(f.kind == FAULT_USAGE ? SEALED_DENIED : SEALED_OTHERWISE);
	}
	assert_int_equal(sealed_await(child), SEALED_DENIED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rights_are_dropped),
		cmocka_unit_test(test_root_without_capabilities),
		cmocka_unit_test(test_users_that_cannot_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
