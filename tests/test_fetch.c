/* tests/test_fetch.c - a request from beginning to end: what is kept of it, and what it leaves behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#undef skip
#include <dirent.h>
#include <signal.h>

#include "tests/fetched.h"

#define SHAKE { SERVED_TLS, NULL }

static const struct served_tls good_tls = { SERVED_GOOD, 0, false };

static void a_refused_port_is_told(void **state)
{
	char url[64] = "";
	struct fetch_options o = fetched_options(url);
	struct fetched f;

	(void)state;
	snprintf(url, sizeof url, FETCHED_PLAIN, (unsigned)served_nowhere());
	fetched_run(&f, &o);
	assert_int_equal(f.result.stage, FETCH_CONNECT);
	assert_int_equal(f.result.dial.outcome, DIAL_REFUSED);
	assert_string_equal(f.result.error, "refused");
	assert_int_equal(f.result.connected, MOMENT_NONE);
	assert_string_equal(f.connections, "refused reset_by_server; ");
}

static void connect_only(struct fetch_options *o)
{
	o->connect_only = true;
}

static void connections_alone_say_nothing(void **state)
{
	static const struct fetched_row row = {
		.name = "a connection alone", .url = FETCHED_SECURE, .acts = { HOLD },
		.shape = connect_only, .stage = FETCH_DONE, .exchanges = "",
		.connections = "established fin; ",
	};

	(void)state;
	fetched_check(&row, 1);
}

static void what_is_seen_is_kept(void **state)
{
	/* sha1sum(1) of "hello" */
	static const uint8_t sha1[20] = {
		0xaa, 0xf4, 0xc6, 0x1d, 0xdc, 0xc5, 0xe8, 0xa2, 0xda, 0xbe,
		0xde, 0x0f, 0x3b, 0x48, 0x2c, 0xd9, 0xae, 0xa9, 0x43, 0x4d,
	};
	static const struct served_act acts[] = { SHAKE, HEAR, OK("5\r\n\r\nhello"), { 0 } };
	struct served *s = served_new(acts, &good_tls);
	char url[64] = "";
	struct fetch_options o = fetched_options(url);
	struct fetched f;
	const struct fetch_result *r = &f.result;

	(void)state;
	snprintf(url, sizeof url, FETCHED_SECURE, (unsigned)served_port(s));
	o.hash = true;
	o.keep = 2;
	fetched_run(&f, &o);
	assert_true(r->has_digest);
	assert_memory_equal(r->sha1, sha1, sizeof sha1);
	assert_string_equal(f.body, "he");
	assert_string_equal(f.server, "Test/1");
	assert_int_equal(r->body_bytes, 5);
	assert_int_equal(r->length, 5);
	assert_int_equal(r->dial.talk.them.port, served_port(s));
	assert_true(r->dial.talk.us.port);
	assert_true(r->began <= r->connected && r->connected <= r->secured && r->secured <= r->first_byte &&
	            r->first_byte <= r->ended);
	assert_int_equal(r->lookup, MOMENT_NONE);
	served_free(s);
}

/* 8 MiB that nobody wants: cut off where it was asked for, in the bytes and in the time. */
static void much_is_cut(void **state)
{
	static const struct served_act acts[] = {
		HEAR, { SERVED_SAY, "HTTP/1.1 200 OK\r\nContent-Length: 8388608\r\n\r\n" },
		{ SERVED_FLOOD, "0123456789012345678901234567890123456789" }, { 0 },
	};
	struct served *s = served_new(acts, NULL);
	char url[64] = "";
	struct fetch_options o = fetched_options(url);
	struct fetched f;

	(void)state;
	snprintf(url, sizeof url, FETCHED_PLAIN, (unsigned)served_port(s));
	o.most = 1 << 16;
	o.hash = true;
	fetched_run(&f, &o);
	assert_int_equal(f.result.stage, FETCH_DONE);
	assert_true(f.result.cut);
	assert_false(f.result.has_digest);
	assert_int_equal(f.result.body_bytes, 1 << 16);
	assert_int_equal(f.result.length, 8388608);
	served_free(s);
}

/* Whatever is said, another nonce is wanted: the last refusal is the answer. */
static void a_login_without_end_is_refused(void **state)
{
#define STALE                                                                   \
	HEAR, { SERVED_SAY, "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n"      \
	                    "WWW-Authenticate: Digest realm=\"x\", nonce=\"1\", stale=true\r\n\r\n" }
#define AGAIN { SERVED_NEXT, NULL }, STALE
	static const struct served_act acts[] = {
		STALE, AGAIN, AGAIN, AGAIN, AGAIN, AGAIN, AGAIN, AGAIN, { 0 },
	};
	struct served *s = served_new(acts, NULL);
	char url[64] = "";
	struct fetch_options o = fetched_options(url);
	struct fetched f;

	(void)state;
	snprintf(url, sizeof url, FETCHED_PLAIN, (unsigned)served_port(s));
	o.server_user = "alice:hunter2";
	o.server_login = FETCH_ANY;
	fetched_run(&f, &o);
	assert_int_equal(f.result.stage, FETCH_DONE);
	assert_int_equal(f.result.status, 401);
	assert_int_equal(f.result.dial.outcome, DIAL_OPEN);
	assert_string_equal(f.result.error, "");
	served_free(s);
}

static void no_done(void *self, const struct fetch_result *result)
{
	(void)self;
	(void)result;
	fail_msg("it was stopped");
}

static void stop(void *self)
{
	fetch_stop(self);
}

static size_t open_descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	size_t count = 0;

	while (readdir(d))
		count++;
	closedir(d);
	return count;
}

/* Before it began, in a dial, in a handshake, in an answer. */
static void it_can_be_stopped(void **state)
{
	static const struct served_act acts[] = { SHAKE, HEAR, HOLD, { 0 } };
	size_t const before = open_descriptors();

	(void)state;
	for (int64_t wait = 0; wait < 40; wait += 2) {
		struct served *s = served_new(acts, &good_tls);
		char url[64] = "";
		struct fetch_options o = fetched_options(url);
		struct loop *l = loop_new();
		struct tape *t = tape_new(1 << 20);
		struct loop_timer timer = { .fired = stop };

		snprintf(url, sizeof url, FETCHED_SECURE, (unsigned)served_port(s));
		timer.self = fetch_start(l, t, &o, no_done, NULL);
		assert_non_null(timer.self);
		loop_set(l, &timer, loop_now(l) + wait * MOMENT_MS);
		if (wait)
			loop_run(l);
		else
			loop_clear(l, &timer), fetch_stop(timer.self);
		tape_free(t);
		loop_free(l);
		served_free(s);
	}
	assert_int_equal(open_descriptors(), before);
}

/* Counts descriptors while a request is under way. */
struct count {
	struct loop *loop;
	struct loop_timer timer;
	size_t most;
	bool over;
};

static void count_descriptors(void *self)
{
	struct count *c = self;
	size_t const now = open_descriptors();

	if (now > c->most)
		c->most = now;
	if (!c->over)
		loop_set(c->loop, &c->timer, loop_now(c->loop) + MOMENT_MS);
}

static void count_over(void *self, const struct fetch_result *result)
{
	struct count *c = self;

	(void)result;
	c->over = true;
	loop_clear(c->loop, &c->timer);
}

/* What the schedule counts on; the server has one more. */
static void it_holds_so_many_sockets(void **state)
{
	static const struct served_act acts[] = { SHAKE, HEAR, HOLD, { 0 } };
	struct served *s = served_new(acts, &good_tls);
	char url[64] = "";
	struct fetch_options o = fetched_options(url);
	struct count c = { .loop = loop_new() };
	size_t const before = open_descriptors();

	(void)state;
	c.timer = (struct loop_timer){ .fired = count_descriptors, .self = &c };
	snprintf(url, sizeof url, FETCHED_SECURE, (unsigned)served_port(s));
	o.timeout = 500 * MOMENT_MS;
	assert_non_null(fetch_start(c.loop, NULL, &o, count_over, &c));
	count_descriptors(&c);
	loop_run(c.loop);
	assert_int_equal(c.most, before + FETCH_SOCKETS + 1);
	loop_free(c.loop);
	served_free(s);
}

static void what_makes_no_sense_is_refused(void **state)
{
	static const char *const urls[] = { "ftp://wsus.test/x", "wsus.test:8530", "http://", "" };
	struct loop *l = loop_new();

	(void)state;
	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
		struct fetch_options o = fetched_options(urls[i]);

		if (fetch_start(l, NULL, &o, no_done, NULL))
			fail_msg("%s was taken", urls[i]);
	}
	loop_free(l);
}

static void see_done(void *self, const struct fetch_result *result)
{
	*(enum fetch_stage *)self = result->stage;
}

/* Sixteen at once, in one loop, and by IPv6 the one that nobody answers. */
static void a_tape_is_not_needed(void **state)
{
	enum { MANY = 16 };
	static const struct served_act acts[] = { SHAKE, HEAR, OK("2\r\n\r\nhi"), { 0 } };
	struct served *servers[MANY];
	enum fetch_stage stages[MANY + 1] = { 0 };
	struct loop *l = loop_new();
	struct fetch_options o;
	char url[64];

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		servers[i] = served_new(acts, &good_tls);
		snprintf(url, sizeof url, FETCHED_SECURE, (unsigned)served_port(servers[i]));
		o = fetched_options(url);
		assert_non_null(fetch_start(l, NULL, &o, see_done, &stages[i]));
	}
	snprintf(url, sizeof url, "https://[::1]:%u/x", (unsigned)served_nowhere());
	o.at = addr_v6((const uint8_t[16]){ [15] = 1 });
	o.mss = 600;
	stages[MANY] = FETCH_DONE;
	assert_non_null(fetch_start(l, NULL, &o, see_done, &stages[MANY]));
	loop_run(l);
	loop_free(l);
	for (size_t i = 0; i < MANY; i++) {
		assert_int_equal(stages[i], FETCH_DONE);
		served_free(servers[i]);
	}
	assert_int_equal(stages[MANY], FETCH_CONNECT);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_refused_port_is_told),
		cmocka_unit_test(connections_alone_say_nothing),
		cmocka_unit_test(what_is_seen_is_kept),
		cmocka_unit_test(much_is_cut),
		cmocka_unit_test(a_login_without_end_is_refused),
		cmocka_unit_test(it_can_be_stopped),
		cmocka_unit_test(it_holds_so_many_sockets),
		cmocka_unit_test(what_makes_no_sense_is_refused),
		cmocka_unit_test(a_tape_is_not_needed),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, fetched_forget);
}
