/* tests/test_dial.c - connections on this host's loopback; with a network of its own, firewalls, too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probes/dial.h"
#include "tests/taped.h"

struct scene {
	struct loop *loop;
	struct tape *tape;
	struct dial_options options;
	struct dial_result result;
	unsigned told;
	struct taped heard;
};

static const char *const loopbacks[] = { "127.0.0.1", "::1" };

static void scene_begin(struct scene *s, const char *address, uint16_t port)
{
	*s = (struct scene){ .loop = loop_new(), .tape = tape_new(1 << 20) };
	assert_non_null(s->loop);
	s->options = (struct dial_options){ .to.port = port, .owner = 3, .timeout = 10 * MOMENT_S };
	assert_true(addr_parse(span_text(address), &s->options.to.addr));
}

static void scene_end(struct scene *s)
{
	if (s->result.fd >= 0)
		close(s->result.fd);
	tape_free(s->tape);
	loop_free(s->loop);
}

static void done(void *self, const struct dial_result *result)
{
	struct scene *s = self;

	s->result = *result;
	s->told++;
}

/* Dials, and reads what the tape says of it. */
static void play(struct scene *s, enum dial_outcome outcome)
{
	struct dial *d = dial_start(s->loop, s->tape, &s->options, done, s);

	assert_non_null(d);
	assert_int_equal(s->told, 0);
	loop_run(s->loop);
	assert_int_equal(s->told, 1);
	assert_int_equal(s->result.outcome, outcome);
	assert_true((s->result.fd >= 0) == (outcome == DIAL_OPEN));
	assert_true(s->result.ended >= s->result.began);
	taped_read(&s->heard, s->tape);
	taped_is_clean(&s->heard);
	assert_int_equal(s->heard.count, outcome != DIAL_IMPOSSIBLE);
}

/* A listener on a port that was free; -1: no such family here. */
static int listener(const char *address, int backlog, uint16_t *port)
{
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	bool const is_v6 = strchr(address, ':');
	socklen_t len = is_v6 ? sizeof v6 : sizeof v4;
	struct sockaddr *at = is_v6 ? (void *)&v6 : (void *)&v4;
	int fd = socket(at->sa_family, SOCK_STREAM, 0);

	if (fd < 0 || bind(fd, at, len) || listen(fd, backlog) || getsockname(fd, at, &len)) {
		close(fd);
		return -1;
	}
	*port = ntohs(is_v6 ? v6.sin6_port : v4.sin_port);
	return fd;
}

static void open_and_ended(void **state)
{
	uint16_t port;
	int const listening = listener(*state, 5, &port);
	struct scene s;
	char text[160];
	int peer;

	if (listening < 0)
		skip();
	scene_begin(&s, *state, port);
	play(&s, DIAL_OPEN);
	assert_int_equal(s.result.error, 0);
	assert_int_equal(s.result.tries, 1);
	assert_false(s.result.has_icmp);
	assert_true(s.result.talk.open);
	assert_int_equal(strncmp(dial_text(&s.result, text), "open (", 6), 0);
	assert_int_equal(s.heard.connections[0].outcome, CONNECTION_ESTABLISHED);
	assert_true(endpoint_eq(&s.heard.connections[0].server, &s.options.to));

	peer = accept(listening, NULL, NULL);
	dial_ending(s.result.fd, s.tape, &s.result.talk, loop_clock(s.loop));
	assert_false(s.result.talk.ended[TAPE_THEM]);
	close(peer);
	dial_hang_up(&s.result, s.tape, loop_clock(s.loop));
	assert_int_equal(s.result.fd, -1);
	taped_read(&s.heard, s.tape);
	taped_is_clean(&s.heard);
	assert_int_equal(s.heard.connections[0].closed, CONNECTION_FIN);
	assert_true(connection_closed_by(&s.heard.connections[0], SERVER));
	scene_end(&s);
	close(listening);
}

/* A reset is one before and after somebody has read of it. */
static void open_and_reset(void **state)
{
	struct linger const hard = { .l_onoff = 1 };
	uint16_t port;
	int const listening = listener(*state, 5, &port);

	if (listening < 0)
		skip();
	for (unsigned reads = 0; reads < 2; reads++) {
		struct scene s;
		char byte;
		int peer;

		scene_begin(&s, *state, port);
		play(&s, DIAL_OPEN);
		peer = accept(listening, NULL, NULL);
		setsockopt(peer, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
		close(peer);
		for (unsigned i = 0; i < reads; i++)
			assert_int_equal(recv(s.result.fd, &byte, 1, 0), -1);
		dial_ending(s.result.fd, s.tape, &s.result.talk, loop_clock(s.loop));
		taped_read(&s.heard, s.tape);
		assert_int_equal(s.heard.connections[0].closed, CONNECTION_RESET_BY_SERVER);
		scene_end(&s);
	}
	close(listening);
}

/* The reset is there before anybody looks: the port was open all the same. */
static void open_and_reset_at_once(void **state)
{
	struct linger const hard = { .l_onoff = 1 };
	uint16_t port;
	int const listening = listener(*state, 5, &port);
	struct scene s;
	int peer;

	if (listening < 0)
		skip();
	scene_begin(&s, *state, port);
	assert_non_null(dial_start(s.loop, s.tape, &s.options, done, &s));
	peer = accept(listening, NULL, NULL);
	setsockopt(peer, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
	close(peer);
	loop_run(s.loop);
	assert_int_equal(s.result.outcome, DIAL_OPEN);
	assert_int_equal(s.result.error, ECONNRESET);
	dial_hang_up(&s.result, s.tape, loop_clock(s.loop));
	taped_read(&s.heard, s.tape);
	assert_int_equal(s.heard.connections[0].outcome, CONNECTION_ESTABLISHED);
	assert_int_equal(s.heard.connections[0].closed, CONNECTION_RESET_BY_SERVER);
	scene_end(&s);
	close(listening);
}

static void refused(void **state)
{
	uint16_t port;
	int const listening = listener(*state, 5, &port);
	struct scene s;
	char text[160];

	if (listening < 0)
		skip();
	close(listening);
	scene_begin(&s, *state, port);
	play(&s, DIAL_REFUSED);
	assert_int_equal(s.result.error, ECONNREFUSED);
	assert_int_equal(s.heard.connections[0].outcome, CONNECTION_REFUSED);
	assert_string_equal(dial_text(&s.result, text), "refused");
	scene_end(&s);
}

/* A listener whose queue is full is silent: Linux drops SYNs then (listen(2)). */
static void unanswered(void **state)
{
	uint16_t port;
	int const listening = listener(*state, 0, &port);
	struct scene full, s;
	char text[160];

	if (listening < 0)
		skip();
	scene_begin(&full, *state, port);
	play(&full, DIAL_OPEN);
	scene_begin(&s, *state, port);
	s.options.timeout = 1500 * MOMENT_MS;
	play(&s, DIAL_UNANSWERED);
	assert_int_equal(s.result.error, ETIMEDOUT);
	assert_int_equal(s.result.tries, 2);
	assert_true(s.result.ended - s.result.began >= 1500 * MOMENT_MS);
	assert_int_equal(s.heard.connections[0].outcome, CONNECTION_UNANSWERED);
	assert_int_equal(s.heard.connections[0].syn_count, 2);
	assert_int_equal(s.heard.connections[0].last_time - s.heard.connections[0].first_time, MOMENT_S);
	assert_true(connection_failed(&s.heard.connections[0]));
	assert_string_equal(dial_text(&s.result, text), "unanswered (2 tries in 1.5 s)");
	scene_end(&s);
	scene_end(&full);
	close(listening);
}

static void a_small_maximum_is_told(void **state)
{
	uint16_t port;
	int const listening = listener(*state, 5, &port);
	struct scene s;

	if (listening < 0)
		skip();
	scene_begin(&s, *state, port);
	s.options.mss = 536;
	s.options.hop_limit = 9;
	play(&s, DIAL_OPEN);
	assert_in_range(s.heard.connections[0].side[CLIENT].mss, 500, 536);
	assert_int_equal(s.heard.connections[0].side[CLIENT].ttl, 9);
	scene_end(&s);
	close(listening);
}

static void stopped(void **state)
{
	uint16_t port;
	int const listening = listener(*state, 5, &port);
	struct scene s;

	if (listening < 0)
		skip();
	scene_begin(&s, *state, port);
	dial_stop(dial_start(s.loop, s.tape, &s.options, done, &s));
	loop_run(s.loop);
	assert_int_equal(s.told, 0);
	dial_stop(NULL);
	s.result.fd = -1;
	scene_end(&s);
	close(listening);
}

static void no_descriptor_left(void **state)
{
	struct rlimit before, none;
	struct scene s;
	char text[160];

	scene_begin(&s, *state, 1);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	setrlimit(RLIMIT_NOFILE, &none);
	assert_non_null(dial_start(s.loop, s.tape, &s.options, done, &s));
	setrlimit(RLIMIT_NOFILE, &before);
	loop_run(s.loop);
	assert_int_equal(s.told, 1);
	assert_int_equal(s.result.outcome, DIAL_IMPOSSIBLE);
	assert_int_equal(s.result.error, EMFILE);
	assert_int_equal(s.result.tries, 0);
	assert_int_equal(strncmp(dial_text(&s.result, text), "impossible: ", 12), 0);
	scene_end(&s);
}

/* ---- in a network of our own ---- */

/* False: this process may not have one, or has no tools to fill it. */
static bool own_network(const char *rules)
{
	static const char wanted[] = "ip link set lo up && ip address add 192.0.2.1/32 dev lo && nft -f -";
	FILE *shell;

	if (unshare(CLONE_NEWNET) && unshare(CLONE_NEWUSER | CLONE_NEWNET)) {
		print_message("skipped: no network of its own for this test\n");
		return false;
	}
	shell = popen(wanted, "w");
	if (!shell || fputs(rules, shell) < 0 || pclose(shell)) {
		print_message("skipped: ip or nft is missing or does not work here\n");
		return false;
	}
	return true;
}

/* Run last: the process stays where it went. */
static void firewalls_and_routes(void **state)
{
	static const char rules[] =
		"table inet t {\n"
		"chain o { type filter hook output priority 0;"
		"tcp dport 11 reject with icmp type admin-prohibited;"
		"tcp dport 12 reject with icmpv6 type admin-prohibited;"
		"tcp dport 13 reject with tcp reset; }\n"
		"chain i { type filter hook input priority 0; tcp dport 14 drop; }\n"
		"}\n";
	static const struct {
		const char *to;
		uint16_t port;
		enum dial_outcome outcome;
		const char *text;
	} rows[] = {
		{ "192.0.2.1", 11, DIAL_REJECTED,
		  "rejected by 192.0.2.1: communication administratively prohibited" },
		{ "::1", 12, DIAL_REJECTED, "rejected by ::1: communication administratively prohibited" },
		{ "192.0.2.1", 13, DIAL_REFUSED, "refused" },
		{ "192.0.2.1", 14, DIAL_UNANSWERED, "unanswered (1 try in 0.2 s)" },
		{ "198.51.100.1", 11, DIAL_IMPOSSIBLE, "impossible: Network is unreachable" },
		{ "2001:db8::1", 11, DIAL_IMPOSSIBLE, "impossible: Network is unreachable" },
	};

	(void)state;
	if (!own_network(rules))
		skip();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct scene s;
		char text[160];

		scene_begin(&s, rows[i].to, rows[i].port);
		s.options.timeout = 200 * MOMENT_MS;
		play(&s, rows[i].outcome);
		assert_string_equal(dial_text(&s.result, text), rows[i].text);
		assert_int_equal(s.heard.icmp_known, rows[i].outcome == DIAL_REJECTED);
		if (rows[i].outcome == DIAL_REJECTED)
			assert_int_equal(s.heard.connections[0].outcome, CONNECTION_REJECTED);
		scene_end(&s);
	}
}

#define BOTH(test)                                                                                       \
	{ .name = #test " (IPv4)", .test_func = test, .initial_state = (void *)(uintptr_t)loopbacks[0] }, \
	{ .name = #test " (IPv6)", .test_func = test, .initial_state = (void *)(uintptr_t)loopbacks[1] }

int main(void)
{
	const struct CMUnitTest tests[] = {
		BOTH(open_and_ended),
		BOTH(open_and_reset),
		BOTH(open_and_reset_at_once),
		BOTH(refused),
		BOTH(unanswered),
		BOTH(a_small_maximum_is_told),
		BOTH(stopped),
		BOTH(no_descriptor_left),
		cmocka_unit_test(firewalls_and_routes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
