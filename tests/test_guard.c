/* tests/test_guard.c - what is left to somebody who has taken over a decoder: nothing. */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "guard/calls.h"
#include "guard/fence.h"
#include "guard/guard.h"
#include "guard/rights.h"
#include "tests/attempts.h"
#include "tests/sealed.h"

/* The commands that seal themselves. */
static const struct profile {
	const char *name;
	struct guard_options options;
} profiles[] = {
	{ "analyze", { .stays = true } },
	{ "capture", { .stays = true, .judges = true, .serves = true, .threads = true } },
	{ "watch", { .stays = true, .judges = true, .draws = true, .threads = true } },
};

enum { PROFILES = sizeof profiles / sizeof *profiles };

static struct at_hand prepare(void **state)
{
	struct at_hand h = {
		.parent = getpid(), .file = *state,
		.udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0),
		.tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0),
		.packets = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL)),
	};
	struct sockaddr_ll lo = { .sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex("lo") };

	if (h.packets >= 0)
		(void)!bind(h.packets, (struct sockaddr *)&lo, sizeof lo);
	return h;
}

static void put_away(const struct at_hand *h)
{
	close(h->udp);
	close(h->tcp);
	if (h->packets >= 0)
		close(h->packets);
}

/* ---- hostile code ---- */

static void test_nothing_is_left(void **state)
{
	struct at_hand h = prepare(state);
	unsigned wrong = 0;

	for (size_t p = 0; p < PROFILES; p++) {
		for (size_t i = 0; i < attempt_count; i++) {
			pid_t child = fork();
			int way;

			if (!child) {
				sealed_enter(&profiles[p].options);
				_exit(sealed_way(attempts[i].make(&h)));
			}
			way = sealed_await(child);
			if (way == SEALED_DENIED)
				continue;
			print_error("%s: %s: not refused (%d)\n", profiles[p].name, attempts[i].name, way);
			wrong++;
		}
	}
	put_away(&h);
	assert_int_equal(wrong, 0);
}

/* What would be refused anyway proves nothing: most of it is not. */
static void test_attempts_are_real(void **state)
{
	static const char *const harmless[] = {
		"read a file", "open a file by O_PATH", "openat2(2)", "list a directory",
		"make a TCP socket", "make a local socket", "connect a socket that is open",
		"send from it to an address", "bind a socket that is open", "run a program",
		"send a signal to the parent", "map memory that can be run", "open a process", "inotify",
		"make memory so that it can be run", "read /etc/passwd", "allow to be looked into",
	};
	struct at_hand h = prepare(state);

	for (size_t i = 0; i < attempt_count; i++)
		for (size_t k = 0; k < sizeof harmless / sizeof *harmless; k++) {
			pid_t child;
			int way;

			if (strcmp(attempts[i].name, harmless[k]) != 0)
				continue;
			child = fork();
			if (!child)
				_exit(sealed_way(attempts[i].make(&h)));
			way = sealed_await(child);
			if (way != SEALED_DONE && way != 0)
				fail_msg("%s does not work", attempts[i].name);
		}
	put_away(&h);
}

/* ---- the first and the second process ---- */

static void test_no_children_while_reading_files(void **state)
{
	pid_t child = fork();

	(void)state;
	if (!child) {
		sealed_enter(&profiles[0].options);
		child = fork();
		if (!child)
			_exit(SEALED_DONE);
		_exit(child < 0 ? sealed_way(errno) : SEALED_DONE);
	}
	assert_int_equal(sealed_await(child), SEALED_DENIED);
}

/* A judge's child has the seal, too. */
static void test_children_are_sealed(void **state)
{
	struct at_hand h = prepare(state);
	pid_t child = fork();

	if (!child) {
		int status;

		sealed_enter(&profiles[1].options);
		child = fork();
		if (!child)
			_exit(open(h.file, O_RDONLY) < 0 ? sealed_way(errno) : SEALED_DONE);
		if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status))
			_exit(SEALED_OTHERWISE);
		_exit(WEXITSTATUS(status));
	}
	put_away(&h);
	assert_int_equal(sealed_await(child), SEALED_DENIED);
}

static void *open_later(void *arg)
{
	const struct at_hand *h = arg;

	usleep(100 * 1000);
	return open(h->file, O_RDONLY) < 0 ? (void *)(uintptr_t)errno : NULL;
}

/* A thread that was there before the seal is in it. */
static void test_threads_are_sealed(void **state)
{
	struct at_hand h = prepare(state);
	pid_t child = fork();

	if (!child) {
		struct fault f;
		char lacking[200];
		pthread_t before, after;
		void *first = NULL, *second = NULL;

		if (!guard_drop(&profiles[1].options, &f) || pthread_create(&before, NULL, open_later, &h) ||
		    !guard_seal(&profiles[1].options, lacking, &f) ||
		    pthread_create(&after, NULL, open_later, &h))
			_exit(SEALED_NOT);
		pthread_join(before, &first);
		pthread_join(after, &second);
		_exit((uintptr_t)first == EPERM && (uintptr_t)second == EPERM ? SEALED_DENIED : SEALED_DONE);
	}
	put_away(&h);
	assert_int_equal(sealed_await(child), SEALED_DENIED);
}

/* ---- what must go on ---- */

static bool works_on(const struct at_hand *h, int in, int out)
{
	struct timespec t;
	char text[8];
	void *much = malloc((size_t)64 << 20);
	void *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	bool good = much && shared != MAP_FAILED && read(in, text, sizeof text) == 4 &&
	            write(out, "word", 4) == 4 && !clock_gettime(CLOCK_REALTIME, &t) && !raise(0) &&
	            !kill(getpid(), 0) &&
	            recv(h->udp, text, sizeof text, MSG_DONTWAIT) < 0 && errno != ENOSYS;

	free(much);
	return good;
}

static void test_what_is_open_works(void **state)
{
	for (size_t p = 0; p < PROFILES; p++) {
		struct at_hand h = prepare(state);
		int in = open(h.file, O_RDONLY | O_CLOEXEC), out = open("/dev/null", O_WRONLY | O_CLOEXEC);
		pid_t child = fork();

		if (!child) {
			sealed_enter(&profiles[p].options);
			_exit(works_on(&h, in, out) ? SEALED_DONE : SEALED_OTHERWISE);
		}
		close(in);
		close(out);
		put_away(&h);
		assert_int_equal(sealed_await(child), SEALED_DONE);
	}
}

/* Frames come, membership and binding can be renewed; but only of that socket. */
static void test_packet_sockets_are_read(void **state)
{
	struct at_hand h = prepare(state);
	pid_t child;

	if (h.packets < 0) {
		put_away(&h);
		skip();
	}
	child = fork();
	if (!child) {
		struct sockaddr_ll to = {
			.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL),
			.sll_ifindex = (int)if_nametoindex("lo"),
		};
		struct packet_mreq all = { .mr_ifindex = to.sll_ifindex, .mr_type = PACKET_MR_PROMISC };
		struct ifreq named = { .ifr_name = "lo" };

		sealed_enter(&profiles[1].options);
		_exit(!ioctl(h.packets, SIOCGIFINDEX, &named) && named.ifr_ifindex == to.sll_ifindex &&
		                      !bind(h.packets, (struct sockaddr *)&to, sizeof to) &&
		                      !setsockopt(h.packets, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all,
		                                  sizeof all)
		              ? SEALED_DONE : SEALED_OTHERWISE);
	}
	put_away(&h);
	assert_int_equal(sealed_await(child), SEALED_DONE);
}

/* Many captures at once: each is kept from sending, or nothing begins. */
static void test_many_packet_sockets(void **state)
{
	enum { MANY = SENDERS_MAX };
	struct at_hand h = prepare(state);

	put_away(&h);
	if (h.packets < 0)
		skip();
	for (int count = MANY; count <= MANY + 1; count++) {
		pid_t child = fork();

		if (!child) {
			int last = -1;

			for (int i = 0; i < count; i++)
				last = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
			sealed_enter(&profiles[1].options);
			_exit(sealed_way(write(last, "a frame of some length", 22) < 0 ? errno : 0));
		}
		assert_int_equal(sealed_await(child), count == MANY ? SEALED_DENIED : SEALED_NOT);
	}
}

/* Whatever number it has: who starts us may have opened many files, and have allowed many. */
static void test_high_numbers_send_nothing(void **state)
{
	static const int numbers[] = { 1023, 1024, 1500, 60000 };
	struct at_hand h = prepare(state);

	for (size_t i = 0; i < 2 * sizeof numbers / sizeof *numbers; i++) {
		int from = i % 2 ? h.packets : h.udp, at = numbers[i / 2];
		struct rlimit files = { 65536, 65536 };
		pid_t child;

		if (from < 0 || (setrlimit(RLIMIT_NOFILE, &files) && at > 1023))
			continue;
		child = fork();
		if (!child) {
			struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9),
				                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
			struct iovec bytes = { (char[]){ "a frame of some length" }, 22 };
			struct msghdr message = { .msg_name = &to, .msg_namelen = sizeof to,
				                  .msg_iov = &bytes, .msg_iovlen = 1 };

			if (dup2(from, at) != at)
				_exit(SEALED_NOT);
			sealed_enter(&profiles[1].options);
			_exit(sealed_way((i % 2 ? write(at, "a frame of some length", 22)
			                        : sendmsg(at, &message, 0)) < 0 ? errno : 0));
		}
		assert_int_equal(sealed_await(child), SEALED_DENIED);
	}
	put_away(&h);
}

/* Files that were named may be read, and no others where there is Landlock. */
static void test_named_files_are_read(void **state)
{
	struct at_hand h = prepare(state);
	struct guard_options o = { .stays = true, .reads = &h.file, .read_count = 1 };
	int fence = fence_new();
	pid_t child;

	for (int other = 0; other < 3; other++) {
		child = fork();
		if (!child) {
			sealed_enter(&o);
			if (other == 2)
				_exit(sealed_way(open(h.file, O_WRONLY) < 0 ? errno : 0));
			_exit(sealed_way(open(other ? "/etc/passwd" : h.file, O_RDONLY) < 0 ? errno : 0));
		}
		assert_int_equal(sealed_await(child),
		                 other == 2 || (other && fence >= 0) ? SEALED_DENIED : SEALED_DONE);
	}
	if (fence >= 0)
		close(fence);
	put_away(&h);
}

/* ---- this kernel ---- */

static bool has_landlock(void)
{
	int fence = fence_new();

	if (fence >= 0)
		close(fence);
	return fence >= 0;
}

/* Debian 12 and up have both. */
static void test_nothing_lacks_here(void **state)
{
	struct guard_options o = { .stays = true };
	pid_t child;

	(void)state;
	if (!has_landlock())
		skip();
	child = fork();
	if (!child) {
		struct fault f;
		char lacking[200] = "unset";

		if (!guard_drop(&o, &f) || !guard_seal(&o, lacking, &f))
			_exit(SEALED_NOT);
		_exit(*lacking ? SEALED_OTHERWISE : SEALED_DONE);
	}
	assert_int_equal(sealed_await(child), SEALED_DONE);
}

/* ---- the keeper's own bounds ---- */

static void be_keeper(void)
{
	int fence = fence_new();
	struct fault f;

	if (fence >= 0)
		fence_allow(fence, "/var/tmp", FENCE_MAKE);
	if (!rights_hide(&f) || (fence >= 0 && !fence_shut(fence)) || !calls_only_keeper(&f))
		_exit(SEALED_NOT);
}

static void test_keeper_is_bound(void **state)
{
	static const char *const all[] = {
		"make a TCP socket", "make a UDP socket", "make a packet socket",
		"bind a socket that is open", "listen on it", "run a program", "run a program from memory",
		"make namespaces", "share memory with a child",
		"send a signal to the parent", "trace the parent", "read the parent's memory",
		"map memory that can be run", "become root", "ask for keys", "io_uring", "load BPF", "mount",
		"change a file's mode", "link a file",
		/* Landlock: */
		"make a file without a name", "read /etc/passwd", "open /proc/self/mem", "list a directory",
		"read a file", "write a file",
	};
	struct at_hand h = prepare(state);
	size_t count = sizeof all / sizeof *all - (has_landlock() ? 0 : 6);

	for (size_t i = 0; i < attempt_count; i++)
		for (size_t k = 0; k < count; k++) {
			pid_t child;

			if (strcmp(attempts[i].name, all[k]) != 0)
				continue;
			child = fork();
			if (!child) {
				be_keeper();
				_exit(sealed_way(attempts[i].make(&h)));
			}
			if (sealed_await(child) != SEALED_DENIED)
				fail_msg("a keeper can %s", attempts[i].name);
		}
	put_away(&h);
}

static int make_file(void **state)
{
	char *name = strdup("/tmp/wsuscope-guard-XXXXXX");
	int fd = name ? mkstemp(name) : -1;
	bool good = fd >= 0 && write(fd, "text", 4) == 4;

	if (fd >= 0)
		close(fd);
	*state = name;
	return good ? 0 : -1;
}

static int remove_file(void **state)
{
	unlink(*state);
	free(*state);
	return 0;
}

int main(void)
{
	if (!calls_can()) {
		print_message("skipped: this kernel filters no system calls\n");
		return 0;
	}
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_left),
		cmocka_unit_test(test_attempts_are_real),
		cmocka_unit_test(test_no_children_while_reading_files),
		cmocka_unit_test(test_children_are_sealed),
		cmocka_unit_test(test_threads_are_sealed),
		cmocka_unit_test(test_what_is_open_works),
		cmocka_unit_test(test_packet_sockets_are_read),
		cmocka_unit_test(test_many_packet_sockets),
		cmocka_unit_test(test_high_numbers_send_nothing),
		cmocka_unit_test(test_named_files_are_read),
		cmocka_unit_test(test_nothing_lacks_here),
		cmocka_unit_test(test_keeper_is_bound),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
