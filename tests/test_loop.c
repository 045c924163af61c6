/* tests/test_loop.c - who is told what, in which order, and what callbacks may do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "probes/loop.h"

enum { TIMERS = 5 };

struct scene;

struct actor {                          /* a timer or a watch that writes its letter down */
	struct scene *scene;
	char letter;
	struct loop_timer timer;
	struct loop_watch watch;
};

struct scene {
	struct loop *loop;
	struct actor actors[TIMERS];
	char text[64];
	size_t len;
	unsigned count;
};

static void write_down(struct scene *s, char letter)
{
	if (s->len + 1 < sizeof s->text)
		s->text[s->len++] = letter;
}

static void fired(void *self)
{
	struct actor *a = self;

	assert_false(a->timer.set);
	assert_true(loop_now(a->scene->loop) >= a->timer.at);
	write_down(a->scene, a->letter);
}

static void ready(void *self, short events)
{
	struct actor *a = self;
	char byte;

	if (events & POLLIN && read(a->watch.fd, &byte, 1) == 1)
		write_down(a->scene, byte);
	else
		write_down(a->scene, events & POLLHUP ? 'H' : '?');
	loop_unwatch(a->scene->loop, &a->watch);
}

static void scene_begin(struct scene *s)
{
	*s = (struct scene){ .loop = loop_new() };
	assert_non_null(s->loop);
	for (unsigned i = 0; i < TIMERS; i++)
		s->actors[i] = (struct actor){
			.scene = s,
			.letter = (char)('a' + i),
			.timer = { .fired = fired, .self = &s->actors[i] },
			.watch = { .fd = -1, .events = POLLIN, .ready = ready, .self = &s->actors[i] },
		};
}

static void scene_end(struct scene *s, const char *want)
{
	assert_string_equal(s->text, want);
	loop_free(s->loop);
}

static void set_in(struct scene *s, unsigned actor, int64_t after)
{
	loop_set(s->loop, &s->actors[actor].timer, loop_now(s->loop) + after);
}

static void nothing_set_is_over_at_once(void **state)
{
	struct scene s;

	(void)state;
	scene_begin(&s);
	loop_run(s.loop);
	loop_unwatch(s.loop, &s.actors[0].watch);
	loop_clear(s.loop, &s.actors[0].timer);
	scene_end(&s, "");
	loop_free(NULL);
}

static void timers_go_by_time_then_by_order(void **state)
{
	struct scene s;
	int64_t before;

	(void)state;
	scene_begin(&s);
	before = loop_clock(s.loop);
	set_in(&s, 0, 30 * MOMENT_MS);
	set_in(&s, 1, 10 * MOMENT_MS);
	set_in(&s, 2, 20 * MOMENT_MS);
	set_in(&s, 3, 10 * MOMENT_MS);
	set_in(&s, 4, 5 * MOMENT_MS);
	set_in(&s, 4, 25 * MOMENT_MS);          /* moved */
	loop_clear(s.loop, &s.actors[2].timer);
	loop_run(s.loop);
	assert_true(loop_now(s.loop) - before >= 30 * MOMENT_MS);
	assert_true(loop_now(s.loop) - before < 10 * MOMENT_S);
	scene_end(&s, "bdea");
}

static void clear_the_others(void *self)
{
	struct actor *a = self;

	write_down(a->scene, a->letter);
	for (unsigned i = 0; i < TIMERS; i++)
		loop_clear(a->scene->loop, &a->scene->actors[i].timer);
}

static void a_timer_may_clear_the_others(void **state)
{
	struct scene s;

	(void)state;
	scene_begin(&s);
	for (unsigned i = 0; i < TIMERS; i++)
		set_in(&s, i, 0);
	s.actors[1].timer.fired = clear_the_others;
	loop_run(s.loop);
	scene_end(&s, "ab");
}

/* One that is always due lets all others have their turns. */
static void again_and_again(void *self)
{
	struct actor *a = self;

	write_down(a->scene, a->letter);
	if (a->scene->count++ < 4)
		loop_set(a->scene->loop, &a->timer, 0);
}

static void nobody_keeps_others_waiting(void **state)
{
	struct scene s;

	(void)state;
	scene_begin(&s);
	s.actors[0].timer.fired = again_and_again;
	set_in(&s, 0, 0);
	set_in(&s, 1, 0);
	set_in(&s, 2, MOMENT_MS);
	loop_run(s.loop);
	assert_int_equal(strncmp(s.text, "aba", 3), 0);
	assert_int_equal(strcspn(s.text, "c") < s.len, 1);
	assert_int_equal(s.len, 7);
	loop_free(s.loop);
}

static void watch_reading(struct scene *s, unsigned actor, const char *text, int ends[2])
{
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	assert_int_equal(write(ends[1], text, strlen(text)), (ssize_t)strlen(text));
	s->actors[actor].watch.fd = ends[0];
	loop_watch(s->loop, &s->actors[actor].watch);
	loop_watch(s->loop, &s->actors[actor].watch);   /* once */
}

static void what_is_ready_is_told(void **state)
{
	struct scene s;
	int one[2], two[2], three[2];

	(void)state;
	scene_begin(&s);
	watch_reading(&s, 0, "x", one);
	watch_reading(&s, 1, "", two);
	watch_reading(&s, 2, "", three);
	s.actors[2].watch.events = 0;           /* errors and the end are told unasked */
	close(three[1]);
	set_in(&s, 3, 20 * MOMENT_MS);
	close(two[1]);
	loop_run(s.loop);
	scene_end(&s, "xHHd");
	close(one[0]);
	close(one[1]);
	close(two[0]);
	close(three[0]);
}

static void unwatch_the_others(void *self, short events)
{
	struct actor *a = self;

	(void)events;
	write_down(a->scene, a->letter);
	for (unsigned i = 0; i < TIMERS; i++)
		loop_unwatch(a->scene->loop, &a->scene->actors[i].watch);
}

static void a_watch_may_unwatch_the_others(void **state)
{
	struct scene s;
	int ends[3][2];

	(void)state;
	scene_begin(&s);
	for (unsigned i = 0; i < 3; i++) {
		s.actors[i].watch.ready = unwatch_the_others;
		watch_reading(&s, i, "x", ends[i]);
	}
	loop_run(s.loop);
	assert_int_equal(s.len, 1);
	for (unsigned i = 0; i < 3; i++) {
		close(ends[i][0]);
		close(ends[i][1]);
	}
	loop_free(s.loop);
}

static void end_it(void *self)
{
	struct actor *a = self;

	write_down(a->scene, a->letter);
	loop_end(a->scene->loop);
}

/* More than there is room for at first; those that stay are told, whoever else went. */
static void many_are_watched(void **state)
{
	enum { MANY = 300 };
	struct loop_watch quiet[MANY];
	struct scene s;
	int ends[2];

	(void)state;
	scene_begin(&s);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	for (unsigned i = 0; i < MANY; i++) {
		quiet[i] = (struct loop_watch){ .fd = ends[1], .events = POLLIN };
		loop_watch(s.loop, &quiet[i]);
	}
	s.actors[0].watch.fd = ends[0];
	s.actors[0].watch.events = POLLOUT;
	loop_watch(s.loop, &s.actors[0].watch);
	set_in(&s, 1, 20 * MOMENT_MS);
	s.actors[1].timer.fired = end_it;
	loop_run(s.loop);
	for (unsigned i = 0; i < MANY; i++)
		loop_unwatch(s.loop, &quiet[i]);
	loop_run(s.loop);
	scene_end(&s, "?b");
	close(ends[0]);
	close(ends[1]);
}

static void it_ends_when_told(void **state)
{
	struct scene s;

	(void)state;
	scene_begin(&s);
	for (unsigned i = 0; i < 3; i++)
		set_in(&s, i, 0);
	s.actors[1].timer.fired = end_it;
	loop_run(s.loop);
	assert_string_equal(s.text, "ab");
	assert_true(s.actors[2].timer.set);
	loop_run(s.loop);                       /* and goes on when run again */
	assert_string_equal(s.text, "abc");
	loop_end(s.loop);                       /* told before it runs */
	set_in(&s, 3, 0);
	loop_run(s.loop);
	loop_clear(s.loop, &s.actors[3].timer);
	scene_end(&s, "abc");
}

static struct loop *volatile of_handler;

static void handle(int number)
{
	(void)number;
	loop_end(of_handler);
}

/* A signal while it waits for what will not come for a minute. */
static void a_signal_ends_it(void **state)
{
	struct itimerval const soon = { .it_value.tv_usec = 30000 };
	struct sigaction action = { .sa_handler = handle, .sa_flags = SA_RESTART }, before;
	struct scene s;
	int64_t began;

	(void)state;
	scene_begin(&s);
	of_handler = s.loop;
	sigaction(SIGALRM, &action, &before);
	set_in(&s, 0, 60 * MOMENT_S);
	began = loop_clock(s.loop);
	setitimer(ITIMER_REAL, &soon, NULL);
	loop_run(s.loop);
	assert_true(loop_clock(s.loop) - began < 30 * MOMENT_S);
	sigaction(SIGALRM, &before, NULL);
	loop_clear(s.loop, &s.actors[0].timer);
	scene_end(&s, "");
}

static void transfer_done(void *self, CURLcode code)
{
	struct actor *a = self;

	assert_int_equal(code, CURLE_COULDNT_CONNECT);
	write_down(a->scene, a->letter);
}

static CURL *nowhere(void)
{
	CURL *easy = curl_easy_init();

	assert_non_null(easy);
	curl_easy_setopt(easy, CURLOPT_URL, "http://127.0.0.1:1/");
	curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	return easy;
}

/* Nobody listens on port 1 of this host. */
static void transfers_are_told_once(void **state)
{
	struct scene s;
	CURL *one = nowhere(), *two = nowhere();

	(void)state;
	scene_begin(&s);
	assert_true(loop_curl(s.loop, one, transfer_done, &s.actors[0]));
	assert_true(loop_curl(s.loop, two, transfer_done, &s.actors[1]));
	assert_false(loop_curl(s.loop, two, transfer_done, &s.actors[1]));
	loop_curl_stop(s.loop, two);
	loop_curl_stop(s.loop, two);
	loop_run(s.loop);
	loop_curl_stop(s.loop, one);
	scene_end(&s, "a");
	curl_easy_cleanup(one);
	curl_easy_cleanup(two);
}

/* A connection whose other end is closed already. */
static curl_socket_t open_broken(void *self, curlsocktype purpose, struct curl_sockaddr *address)
{
	int ends[2];

	(void)self;
	(void)purpose;
	(void)address;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	close(ends[1]);
	return ends[0];
}

static int is_connected(void *self, curl_socket_t fd, curlsocktype purpose)
{
	(void)self;
	(void)fd;
	(void)purpose;
	return CURL_SOCKOPT_ALREADY_CONNECTED;
}

/* libssl's hello cannot be written: that is the transfer's end, not the process'. */
static void a_broken_pipe_ends_a_transfer(void **state)
{
	CURL *easy = curl_easy_init();
	struct scene s;

	(void)state;
	signal(SIGPIPE, SIG_DFL);
	scene_begin(&s);
	curl_easy_setopt(easy, CURLOPT_URL, "https://127.0.0.1:9/");
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_broken);
	curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, is_connected);
	assert_true(loop_curl(s.loop, easy, transfer_done, &s.actors[0]));
	loop_run(s.loop);
	scene_end(&s, "a");
	curl_easy_cleanup(easy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_set_is_over_at_once),
		cmocka_unit_test(timers_go_by_time_then_by_order),
		cmocka_unit_test(a_timer_may_clear_the_others),
		cmocka_unit_test(nobody_keeps_others_waiting),
		cmocka_unit_test(what_is_ready_is_told),
		cmocka_unit_test(a_watch_may_unwatch_the_others),
		cmocka_unit_test(many_are_watched),
		cmocka_unit_test(it_ends_when_told),
		cmocka_unit_test(a_signal_ends_it),
		cmocka_unit_test(transfers_are_told_once),
		cmocka_unit_test(a_broken_pipe_ends_a_transfer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
