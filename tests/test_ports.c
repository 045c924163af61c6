/* tests/test_ports.c - ports of this machine, open and closed: what is told of each, and what for all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probes/schedule.h"
#include "probes/steps.h"

enum { LISTENERS_MAX = 8 };

struct world {
	struct plan plan;
	struct probe_options options;
	int listeners[LISTENERS_MAX];
	size_t listener_count;
	volatile sig_atomic_t stop;
};

static int set_up(void **state)
{
	struct world *w = calloc(1, sizeof *w);

	assert_non_null(w);
	w->options.connect_timeout = 2 * MOMENT_S;
	w->plan.options = &w->options;
	w->plan.loop = loop_new();
	w->plan.tape = tape_new(1 << 20);
	assert_true(w->plan.loop && w->plan.tape);
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < w->listener_count; i++)
		close(w->listeners[i]);
	plan_release(&w->plan);
	loop_free(w->plan.loop);
	tape_free(w->plan.tape);
	free(w);
	return 0;
}

/* A port of that address of ours, 0: any; it refuses unless it listens.  0: it is taken. */
static uint16_t own_port(struct world *w, const char *address, uint16_t port, bool listens)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
	socklen_t len = sizeof a;

	assert_true(fd >= 0);
	assert_int_equal(inet_pton(AF_INET, address, &a.sin_addr), 1);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	w->listeners[w->listener_count++] = fd;
	if (bind(fd, (struct sockaddr *)&a, sizeof a) || (listens && listen(fd, 16)))
		return 0;
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	return ntohs(a.sin_port);
}

static struct addr address_of(const char *text)
{
	struct addr a;

	assert_true(addr_parse(span_text(text), &a));
	return a;
}

static struct site *add_site(struct world *w, uint16_t port, bool asked_for, const char *first,
                             const char *second)
{
	struct site *site = calloc(1, sizeof *site), **last = &w->plan.sites;

	assert_true(site && port);
	site->ways = calloc(1, sizeof *site->ways);
	assert_non_null(site->ways);
	*site->ways = (struct way){ .plan = &w->plan, .site = site };
	site->target =
		(struct target){ .has_scheme = true, .has_port = true, .port = port, .host = "wsus01" };
	site->asked_for = asked_for;
	site->addresses[site->address_count++] = address_of(first);
	if (second)
		site->addresses[site->address_count++] = address_of(second);
	while (*last)
		last = &(*last)->next;
	*last = site;
	return site;
}

static void run(struct world *w)
{
	for (struct site *site = w->plan.sites; site; site = site->next)
		assert_true(ports_plan(&w->plan, site));
	for (struct site *site = w->plan.sites; site; site = site->next)
		assert_true(paths_plan(&w->plan, site));
	schedule_run(&w->plan, &w->stop, NULL, NULL);
	for (size_t i = 0; i < w->plan.step_count; i++) {
		assert_true(w->plan.steps[i]->ended);
		assert_null(w->plan.steps[i]->work);
	}
}

static void assert_told(const struct step *s, enum check_state state, const char *begins, bool unjudged)
{
	if (strncmp(s->told.detail, begins, strlen(begins)) != 0)
		fail_msg("\"%s\" is not \"%s...\"", s->told.detail, begins);
	assert_int_equal(s->told.state, state);
	assert_int_equal(s->told.unjudged, unjudged);
}

static const struct step *find(const struct world *w, const struct site *site, enum check_rung rung,
                               const char *name)
{
	for (size_t i = 0; i < w->plan.step_count; i++) {
		const struct step *s = w->plan.steps[i];

		if (s->site == site && s->told.rung == rung && (!name || !strcmp(s->told.name, name)))
			return s;
	}
	return NULL;
}

/* Packets of that check on the tape that go to the port. */
static unsigned packets_to(const struct world *w, const struct step *of, uint16_t port)
{
	struct frame frame;
	unsigned owner, count = 0;
	size_t at = 0;

	while (tape_next(w->plan.tape, &at, &frame, &owner))
		if (owner == of->told.number && frame.bytes.len >= 24 &&
		    frame.bytes.at[22] == port >> 8 && frame.bytes.at[23] == (port & 0xff))
			count++;        /* IPv4 without options: 20 bytes, then source and destination port */
	return count;
}

static void open_port_is_told(void **state)
{
	struct world *w = *state;
	uint16_t port = own_port(w, "127.0.0.1", 0, true);
	struct site *site = add_site(w, port, true, "127.0.0.1", NULL);
	const struct check *told;

	run(w);
	assert_told(site->port, CHECK_OK, "127.0.0.1 open in ", false);
	told = &site->port->told;
	assert_int_equal(told->talk_count, 1);
	assert_int_equal(told->talks[0].remote.port, port);
	assert_true(told->talks[0].local.port);
	assert_true(told->connect >= 0 && told->connect < MOMENT_S);
	assert_int_equal(site->open_count, 1);
	assert_told(find(w, site, CHECK_PATH, NULL), CHECK_SKIPPED, "the port is open", true);
	assert_told(find(w, site, CHECK_PORT, "other ports"), CHECK_SKIPPED, "the port is open", true);
}

static void open_addresses_come_first(void **state)
{
	struct world *w = *state;
	uint16_t port = own_port(w, "127.0.0.3", 0, true);
	struct site *site = add_site(w, port, true, "127.0.0.2", "127.0.0.3");
	struct addr open = address_of("127.0.0.3"), closed = address_of("127.0.0.2");

	run(w);
	assert_told(site->port, CHECK_WARNING, "127.0.0.3 open in ", false);
	assert_non_null(strstr(site->port->told.detail, "; 127.0.0.2 refused"));
	assert_true(addr_eq(&site->addresses[0], &open));
	assert_true(addr_eq(&site->addresses[1], &closed));
	assert_int_equal(site->open_count, 1);
	assert_int_equal(site->closed, DIAL_REFUSED);
}

static void one_open_port_excuses_the_others(void **state)
{
	struct world *w = *state;
	uint16_t open = own_port(w, "127.0.0.1", 0, true), closed = own_port(w, "127.0.0.1", 0, false);
	struct site *first = add_site(w, closed, false, "127.0.0.1", NULL);
	struct site *second = add_site(w, open, false, "127.0.0.1", NULL);
	char words[64];

	run(w);
	snprintf(words, sizeof words, "127.0.0.1 refused; port %u is open instead", open);
	assert_told(first->port, CHECK_SKIPPED, words, true);
	assert_told(second->port, CHECK_OK, "127.0.0.1 open", false);
	assert_null(first->other);
}

static void where_none_is_open_all_have_failed(void **state)
{
	struct world *w = *state;
	uint16_t one = own_port(w, "127.0.0.1", 0, false), other = own_port(w, "127.0.0.1", 0, false);
	struct site *first = add_site(w, one, false, "127.0.0.1", NULL);
	struct site *second = add_site(w, other, false, "127.0.0.1", NULL);

	w->options.parallel = 1;        /* who waits must not keep the others from starting */
	run(w);
	assert_told(first->port, CHECK_FAILED, "127.0.0.1 refused", false);
	assert_told(second->port, CHECK_FAILED, "127.0.0.1 refused", false);
	assert_told(find(w, first, CHECK_PATH, NULL), CHECK_SKIPPED, "not blocked on the way: ", true);
}

static void start_bad(struct step *s)
{
	step_end(s, CHECK_FAILED, "NXDOMAIN");
}

static const struct step_kind bad_name = { CHECK_NAME, start_bad, NULL, 0, false };

static void without_a_name_nothing_is_tried(void **state)
{
	struct world *w = *state;
	uint16_t closed = own_port(w, "127.0.0.1", 0, false), other = own_port(w, "127.0.0.1", 0, false);
	struct site *nameless = add_site(w, closed, false, "127.0.0.1", NULL);
	struct site *named = add_site(w, other, false, "127.0.0.1", NULL);

	nameless->name = plan_add(&w->plan, &bad_name, NULL, nameless, NULL, "lookup");
	run(w);
	assert_told(nameless->port, CHECK_SKIPPED, "needs name lookup: NXDOMAIN", false);
	assert_told(find(w, nameless, CHECK_PATH, NULL), CHECK_SKIPPED, "needs name lookup: NXDOMAIN", true);
	assert_told(named->port, CHECK_FAILED, "127.0.0.1 refused", false);
}

static void addresses_may_be_missing(void **state)
{
	struct world *w = *state;
	uint16_t open = own_port(w, "127.0.0.1", 0, true);
	struct site *none = add_site(w, open, true, "127.0.0.1", NULL);
	struct site *itself = add_site(w, open, true, "127.0.0.1", NULL);

	none->address_count = itself->address_count = 0;
	snprintf(itself->target.host, sizeof itself->target.host, "127.0.0.1");
	itself->target.is_addr = true;
	itself->target.addr = address_of("127.0.0.1");
	run(w);
	assert_told(none->port, CHECK_FAILED, "no address is known", false);
	assert_told(itself->port, CHECK_OK, "open in ", false);
}

static void proxies_have_ports_too(void **state)
{
	struct world *w = *state;
	struct proxy *proxy = calloc(1, sizeof *proxy);

	assert_non_null(proxy);
	proxy->target = (struct target){ .has_scheme = true, .has_port = true, .host = "proxy01" };
	proxy->target.port = own_port(w, "127.0.0.3", 0, true);
	proxy->addresses[0] = address_of("127.0.0.2");
	proxy->addresses[1] = address_of("127.0.0.3");
	proxy->address_count = 2;
	w->plan.proxies = proxy;
	assert_true(proxy_ports_plan(&w->plan, proxy));
	run(w);
	assert_told(proxy->port, CHECK_WARNING, "127.0.0.3 open in ", false);
	assert_int_equal(proxy->addresses[0].bytes[15], 3);
}

/* An update point, as far as one question goes. */
static void *serve(void *self)
{
	static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
	int fd = *(int *)self, peer;
	char question[2048];

	while ((peer = accept(fd, NULL, NULL)) >= 0) {
		if (recv(peer, question, sizeof question, 0) > 0)
			send(peer, answer, sizeof answer - 1, MSG_NOSIGNAL);
		close(peer);
	}
	return NULL;
}

static void another_port_serves(void **state)
{
	struct world *w = *state;
	uint16_t closed = own_port(w, "127.83.1.1", 0, false);
	struct site *site = add_site(w, closed, true, "127.83.1.1", NULL);
	pthread_t server;

	if (!own_port(w, "127.83.1.1", 8530, true))
		skip();
	assert_int_equal(pthread_create(&server, NULL, serve, &w->listeners[1]), 0);
	run(w);
	shutdown(w->listeners[1], SHUT_RDWR);
	pthread_join(server, NULL);
	assert_told(site->port, CHECK_FAILED, "127.83.1.1 refused", false);
	assert_told(site->other, CHECK_WARNING, "8530 is open and serves updates", true);
	assert_int_equal(site->other_port, 8530);
	/* the judge hears of the one that serves beside the one that failed, and of no other */
	assert_true(packets_to(w, site->port, 8530) > 2);
	assert_int_equal(packets_to(w, site->port, 8531), 0);
	assert_int_equal(packets_to(w, site->port, 443), 0);
	assert_true(packets_to(w, site->other, 443) > 0);
}

static void another_port_is_open(void **state)
{
	struct world *w = *state;
	uint16_t closed = own_port(w, "127.83.1.2", 0, false);
	struct site *site = add_site(w, closed, true, "127.83.1.2", NULL);

	if (!own_port(w, "127.83.1.2", 8531, true))
		skip();
	run(w);
	assert_told(site->other, CHECK_WARNING, "8531 is open", true);
	assert_int_equal(site->other_port, 8531);
	assert_true(packets_to(w, site->port, 8531) > 2);
	assert_told(find(w, site, CHECK_PATH, NULL), CHECK_OK, "", true);
}

static void no_other_port_is_open(void **state)
{
	struct world *w = *state;
	struct site *site = add_site(w, 8530, true, "127.83.1.3", NULL);

	run(w);
	assert_told(site->other, CHECK_FAILED, "none of 8531, 80, 443 is open either", true);
	assert_int_equal(site->other_port, 0);
}

static void start_stop(struct step *s)
{
	raise(SIGUSR1);
	step_end(s, CHECK_OK, "stopped");
}

static const struct step_kind stopping = { CHECK_PORT, start_stop, NULL, 0, false };
static struct world *stopped_world;

static void on_signal(int number)
{
	(void)number;
	stopped_world->stop = 1;
	loop_end(stopped_world->plan.loop);
}

/* Connections under way, ports that wait for others, hops: nothing is left behind. */
static void stopped_in_the_middle(void **state)
{
	struct world *w = *state;
	uint16_t closed = own_port(w, "127.0.0.1", 0, false);

	add_site(w, closed, false, "127.0.0.1", NULL);
	add_site(w, 8530, false, "192.0.2.1", "2001:db8::1");    /* for documentation: nobody is there */
	plan_add(&w->plan, &stopping, NULL, w->plan.sites, NULL, "stop");
	stopped_world = w;
	signal(SIGUSR1, on_signal);
	run(w);
	signal(SIGUSR1, SIG_DFL);
	for (size_t i = 1; i < w->plan.step_count; i++)
		assert_string_equal(w->plan.steps[i]->told.detail, "interrupted");
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(open_port_is_told),
		IN_WORLD(open_addresses_come_first),
		IN_WORLD(one_open_port_excuses_the_others),
		IN_WORLD(where_none_is_open_all_have_failed),
		IN_WORLD(without_a_name_nothing_is_tried),
		IN_WORLD(addresses_may_be_missing),
		IN_WORLD(proxies_have_ports_too),
		IN_WORLD(another_port_serves),
		IN_WORLD(another_port_is_open),
		IN_WORLD(no_other_port_is_open),
		IN_WORLD(stopped_in_the_middle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
