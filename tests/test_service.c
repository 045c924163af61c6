/* tests/test_service.c - what a service manager hears, by a socket as sd_notify(3) describes it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "cli/service.h"

enum { WORD_MAX = 400 };

static char path[] = "/tmp/wsuscope-notify-XXXXXX";

/* A manager's socket; of Linux' own names when `abstract`. */
static int listen_as_manager(bool abstract)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char name[sizeof address.sun_path];
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	size_t len;

	snprintf(name, sizeof name, "%s%s", abstract ? "@" : "", path);
	len = strlen(name);
	memcpy(address.sun_path, name, len);
	if (abstract)
		address.sun_path[0] = '\0';
	unlink(path);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address,
	                      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)), 0);
	assert_int_equal(setenv("NOTIFY_SOCKET", name, 1), 0);
	return fd;
}

/* One datagram; "" when there is none. */
static const char *heard(int fd)
{
	static char word[WORD_MAX];
	ssize_t len = recv(fd, word, sizeof word - 1, MSG_DONTWAIT);

	word[len > 0 ? len : 0] = '\0';
	return word;
}

static void be_watched(const char *usec, long pid)
{
	char text[30];

	snprintf(text, sizeof text, "%ld", pid);
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
	if (usec)
		setenv("WATCHDOG_USEC", usec, 1);
	if (pid)
		setenv("WATCHDOG_PID", text, 1);
}

static int forget(void **unused)
{
	(void)unused;
	unlink(path);
	unsetenv("NOTIFY_SOCKET");
	be_watched(NULL, 0);
	return 0;
}

static void tells_its_states(void **unused)
{
	(void)unused;
	for (int abstract = 0; abstract < 2; abstract++) {
		int manager = listen_as_manager(abstract);
		struct service *s = service_open();
		int64_t before = clock_monotonic() / 1000, told;
		char *end;
		const char *word;

		assert_non_null(s);
		assert_string_equal(heard(manager), "");
		service_ready(s, "Capturing on eth0");
		assert_string_equal(heard(manager), "READY=1\nSTATUS=Capturing on eth0");
		service_reloading(s);
		word = heard(manager);
		assert_memory_equal(word, "RELOADING=1\nMONOTONIC_USEC=", 27);
		told = strtoll(word + 27, &end, 10);
		assert_true(!*end && told >= before && told <= clock_monotonic() / 1000);
		service_ready(s, "Capturing on eth0");
		assert_string_equal(heard(manager), "READY=1\nSTATUS=Capturing on eth0");
		service_stopping(s);
		assert_memory_equal(heard(manager), "STOPPING=1\nSTATUS=", 18);
		assert_string_equal(heard(manager), "");
		service_close(s);
		close(manager);
	}
}

struct turn {
	int64_t at;                     /* ms after the first */
	const char *status;
	const char *says;               /* what the manager hears then; "" nothing */
};

/* The last has no status. */
static void take_turns(struct service *s, int manager, const struct turn *turns)
{
	for (const struct turn *t = turns; t->status; t++) {
		service_turn(s, 1000 * MOMENT_S + t->at * MOMENT_MS, t->status);
		assert_string_equal(heard(manager), t->says);
		assert_string_equal(heard(manager), "");
	}
}

/* Half of the time is over: not sooner, and only when there is a turn. */
static void feeds_the_watchdog_by_turns(void **unused)
{
	static const struct turn turns[] = {
		{ 0, "", "WATCHDOG=1" }, { 14000, "", "" }, { 15000, "", "WATCHDOG=1" },
		{ 29000, "", "" }, { 100000, "", "WATCHDOG=1" }, { 0, NULL, NULL },
	};
	int manager = listen_as_manager(false);
	struct service *s;

	(void)unused;
	be_watched("30000000", getpid());
	s = service_open();
	service_ready(s, "");
	assert_string_equal(heard(manager), "READY=1\nSTATUS=");
	take_turns(s, manager, turns);
	service_close(s);
	close(manager);
}

static void feeds_no_dog_of_others(void **unused)
{
	static const struct row {
		const char *usec;
		long pid;
	} rows[] = { { "30000000", 1 }, { NULL, 0 }, { "", 0 }, { "x", 0 }, { "0", 0 }, { "-1", 0 } };

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int manager = listen_as_manager(false);
		struct service *s;

		be_watched(rows[i].usec, rows[i].pid);
		s = service_open();
		service_turn(s, 1000 * MOMENT_S, "");
		service_turn(s, 9000 * MOMENT_S, "");
		assert_string_equal(heard(manager), "");
		service_close(s);
		close(manager);
	}
}

static void tells_a_status_that_changed(void **unused)
{
	static const struct turn turns[] = {
		{ 0, "1 finding", "STATUS=1 finding" }, { 5000, "1 finding", "" },
		{ 6000, "2 findings", "STATUS=2 findings" },
		/* Not with each packet. */
		{ 6500, "3 findings", "" }, { 7000, "3 findings", "STATUS=3 findings" },
		/* One line: nothing of it may be taken for another field. */
		{ 9000, "x\nMAINPID=1", "STATUS=x MAINPID=1" },
		{ 0, NULL, NULL },
	};
	int manager = listen_as_manager(true);
	struct service *s = service_open();
	char lines[500];

	(void)unused;
	take_turns(s, manager, turns);
	memset(lines, 'a', sizeof lines);
	lines[sizeof lines - 1] = '\0';
	service_turn(s, 1011 * MOMENT_S, lines);
	assert_memory_equal(heard(manager), "STATUS=aaaa", 11);
	service_close(s);
	close(manager);
}

static void says_how_a_run_is(void **unused)
{
	static const struct row {
		struct service_news news;
		const char *says;
	} rows[] = {
		{ { "Capturing on eth0", false, 0, 0, 0, 0, 0 }, "Capturing on eth0" },
		{ { "Capturing on eth0", true, 0, 0, 0, 0, 0 }, "Capturing on eth0; no clients seen" },
		{ { "Capturing on eth0", true, 400, 0, 0, 0, 0 },
		  "Capturing on eth0; 0 of 400 clients stopped" },
		{ { "Capturing on eth0", true, 400, 12, 3, 7, 0 },
		  "Capturing on eth0; 12 of 400 clients stopped; 3 findings; 7 packets lost" },
		{ { "Capturing on a, b", true, 1, 1, 1, 1, 1 },
		  "Capturing on a, b; 1 of 1 clients stopped; 1 finding; 1 interface away; 1 packet lost" },
	};
	char text[SERVICE_STATUS];

	(void)unused;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(service_status(text, &rows[i].news), rows[i].says);
}

/* A manager that is busy costs no wait, and hears the state later. */
static void owes_a_state(void **unused)
{
	int manager = listen_as_manager(false), other = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	struct service *s = service_open();
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *word;

	(void)unused;
	memcpy(address.sun_path, path, sizeof path);
	assert_int_equal(connect(other, (struct sockaddr *)&address, sizeof address), 0);
	while (send(other, "X=1", 3, 0) == 3)
		;
	service_reloading(s);
	service_ready(s, "late");
	service_turn(s, 1000 * MOMENT_S, "late");
	while ((word = heard(manager))[0] == 'X')
		;
	assert_string_equal(word, "");
	service_turn(s, 1001 * MOMENT_S, "late");
	assert_string_equal(heard(manager), "READY=1\nSTATUS=late");
	assert_string_equal(heard(manager), "");
	/* Gone for good: nothing happens, and no signal either. */
	close(manager);
	service_turn(s, 1003 * MOMENT_S, "later");
	service_stopping(s);
	service_close(s);
	close(other);
}

static void is_silent_without_a_manager(void **unused)
{
	static const char *const names[] = { NULL, "", "@", "/", "relative", "/nonexistent/notify",
		                             "vsock:2:1" };
	char longest[200];

	(void)unused;
	memset(longest, 'a', sizeof longest);
	longest[0] = '/';
	longest[sizeof longest - 1] = '\0';
	for (size_t i = 0; i <= sizeof names / sizeof *names; i++) {
		const char *name = i < sizeof names / sizeof *names ? names[i] : longest;
		struct service *s;

		unsetenv("NOTIFY_SOCKET");
		if (name)
			setenv("NOTIFY_SOCKET", name, 1);
		s = service_open();
		assert_non_null(s);
		service_ready(s, "x");
		service_reloading(s);
		service_turn(s, MOMENT_S, NULL);
		service_stopping(s);
		service_close(s);
	}
	service_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(tells_its_states, forget),
		cmocka_unit_test_teardown(feeds_the_watchdog_by_turns, forget),
		cmocka_unit_test_teardown(feeds_no_dog_of_others, forget),
		cmocka_unit_test_teardown(tells_a_status_that_changed, forget),
		cmocka_unit_test_teardown(owes_a_state, forget),
		cmocka_unit_test(says_how_a_run_is),
		cmocka_unit_test_teardown(is_silent_without_a_manager, forget),
	};
	int fd = mkstemp(path);

	if (fd >= 0)
		close(fd);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
