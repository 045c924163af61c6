/* tests/test_probe.c - whole probes: their plans, and runs against ports of this machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <dirent.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probes/probe.h"

static struct probe *probe_of(const char *target, struct probe_options o)
{
	struct fault f = { 0 };
	struct probe *p;

	o.targets = &target;
	o.target_count = 1;
	o.version = "0.1.0";
	p = probe_new(&o, &f);
	if (!p)
		fail_msg("%s: %s", target, f.text);
	return p;
}

static size_t count_rung(const struct probe *p, enum check_rung rung, const char *target)
{
	size_t count = 0;

	for (size_t i = 0; i < probe_count(p); i++)
		count += probe_check(p, i)->rung == rung &&
		         (!target || !strcmp(probe_check(p, i)->target, target));
	return count;
}

/* What would be sent is known before anything is, and ladders go up. */
static void plans_are_whole(void **unused)
{
	static const char *const targets[] = {
		"wsus01.example", "http://wsus01.example:8530", "https://wsus01.example:8531/",
		"192.0.2.1:9000", "[2001:db8::1]:8531",
	};

	(void)unused;
	for (size_t t = 0; t < sizeof targets / sizeof *targets; t++) {
		struct probe *p = probe_of(targets[t], (struct probe_options){ 0 });
		enum check_rung rung = CHECK_NAME;

		for (size_t i = 0; i < probe_count(p); i++) {
			const struct check *c = probe_check(p, i);

			assert_int_equal(c->number, i);
			assert_true(c->name[0] && c->target[0] && !c->proxy[0]);
			assert_true(probe_sends(p, i)[0]);
			assert_true(c->began == MOMENT_NONE && c->ended == MOMENT_NONE);
			if (t) {        /* one site: its steps are its ladder */
				assert_true(c->rung >= rung);
				rung = c->rung;
			}
		}
		assert_true(count_rung(p, CHECK_PORT, NULL) && count_rung(p, CHECK_SOAP, NULL));
		assert_null(probe_tape(p));
		probe_free(p);
	}
}

static void bare_hosts_have_four_sites(void **unused)
{
	static const char *const sites[] = {
		"https://wsus01.example:8531", "http://wsus01.example:8530", "https://wsus01.example:443",
		"http://wsus01.example:80",
	};
	struct probe *p = probe_of("wsus01.example", (struct probe_options){ 0 });

	(void)unused;
	for (size_t i = 0; i < sizeof sites / sizeof *sites; i++) {
		assert_int_equal(count_rung(p, CHECK_PORT, sites[i]), 1);
		assert_true(!count_rung(p, CHECK_TLS, sites[i]) == (i % 2 == 1));
	}
	assert_int_equal(count_rung(p, CHECK_UPSTREAM, NULL), 0);
	probe_free(p);
}

static void proxies_double_the_ways(void **unused)
{
	static const char *const proxies[] = { "me:geheim@proxy01.example:3128" };
	struct probe *alone = probe_of("http://wsus01.example:8530", (struct probe_options){ 0 });
	struct probe *p = probe_of("http://wsus01.example:8530",
	                           (struct probe_options){ .proxies = proxies, .proxy_count = 1 });
	size_t through = 0;

	(void)unused;
	for (size_t i = 0; i < probe_count(p); i++) {
		const struct check *c = probe_check(p, i);

		through += !strcmp(c->proxy, "proxy01.example:3128");
		assert_null(strstr(c->target, "geheim"));
		assert_null(strstr(probe_sends(p, i), "geheim"));
	}
	assert_true(through > 10);
	assert_true(probe_count(p) > probe_count(alone) + 10);
	assert_int_equal(count_rung(p, CHECK_PORT, "http://proxy01.example:3128"), 1);
	probe_free(alone);
	probe_free(p);
}

static void quick_leaves_out(void **unused)
{
	struct probe *p = probe_of("wsus01.example", (struct probe_options){ .quick = true });

	(void)unused;
	assert_int_equal(count_rung(p, CHECK_PATH, NULL), 0);
	assert_int_equal(count_rung(p, CHECK_MTU, NULL), 0);
	assert_true(count_rung(p, CHECK_TLS, NULL) > 0);
	probe_free(p);
}

static void refuses_what_is_no_target(void **unused)
{
	static const char *const wrong[] = { "", "ftp://wsus01/", "http://u:geheim@wsus01:x/" };
	struct fault f;

	(void)unused;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct probe_options o = { .targets = &wrong[i], .target_count = 1 };

		assert_null(probe_new(&o, &f));
		assert_int_equal(f.kind, FAULT_USAGE);
		assert_null(strstr(f.text, "geheim"));
	}
}

/* ---- runs ---- */

static unsigned descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	unsigned count = 0;

	assert_non_null(d);
	while (readdir(d))
		count++;
	closedir(d);
	return count;
}

static int bound(const char *address, uint16_t *port, bool listens)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t len = sizeof a;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(inet_pton(AF_INET, address, &a.sin_addr), 1);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
	assert_true(!listens || !listen(fd, 16));
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	*port = ntohs(a.sin_port);
	return fd;
}

struct heard {
	size_t count;
	struct probe *stops;            /* NULL: nobody */
};

static void hear(void *self, const struct check *check)
{
	struct heard *h = self;

	assert_true(check->detail[0]);
	if (++h->count == 2 && h->stops)
		probe_stop(h->stops);
}

static void closed_ports_skip_the_rest(void **unused)
{
	struct heard heard = { 0 };
	char target[64];
	uint16_t port;
	unsigned before = descriptors();
	int fd = bound("127.0.0.1", &port, false);
	struct endpoint peers[4];
	struct frame frame;
	unsigned owner, packets = 0;
	size_t at = 0;
	struct probe *p;

	(void)unused;
	snprintf(target, sizeof target, "http://127.0.0.1:%u", port);
	p = probe_of(target, (struct probe_options){ .keeps_tape = true });
	probe_run(p, hear, &heard);
	assert_int_equal(heard.count, probe_count(p));
	for (size_t i = 0; i < probe_count(p); i++) {
		const struct check *c = probe_check(p, i);

		if (c->rung > CHECK_PATH) {
			assert_int_equal(c->state, CHECK_SKIPPED);
			assert_non_null(strstr(c->detail, "refused"));
		}
	}
	while (tape_next(probe_tape(p), &at, &frame, &owner)) {
		assert_true(owner < probe_count(p));
		packets++;
	}
	assert_true(packets >= 2);
	assert_int_equal(probe_peers(p, peers, 4), 1);
	assert_int_equal(peers[0].port, port);
	assert_int_equal(probe_peers(p, peers, 0), 0);
	probe_free(p);
	close(fd);
	assert_int_equal(descriptors(), before);
}

/* It takes connections and never answers. */
static void silence_ends_in_its_time(void **unused)
{
	struct heard heard = { 0 };
	char target[64];
	uint16_t port;
	unsigned before = descriptors();
	int fd = bound("127.0.0.1", &port, true);
	struct probe *p;
	unsigned failed = 0;

	(void)unused;
	snprintf(target, sizeof target, "http://127.0.0.1:%u", port);
	p = probe_of(target, (struct probe_options){ .check_timeout = MOMENT_S / 2 });
	probe_run(p, hear, &heard);
	assert_int_equal(heard.count, probe_count(p));
	for (size_t i = 0; i < probe_count(p); i++) {
		const struct check *c = probe_check(p, i);

		failed += c->state == CHECK_FAILED;
		assert_true(c->began == MOMENT_NONE || c->ended - c->began < 3 * MOMENT_S);
	}
	assert_true(failed > 0);
	probe_free(p);
	close(fd);
	assert_int_equal(descriptors(), before);
}

static void interrupted_runs_tell_what_is_known(void **unused)
{
	char target[64];
	uint16_t port;
	unsigned before = descriptors();
	int fd = bound("127.0.0.1", &port, true);
	struct probe *p;
	struct heard heard = { 0 };
	size_t interrupted = 0;

	(void)unused;
	snprintf(target, sizeof target, "http://127.0.0.1:%u", port);
	p = probe_of(target, (struct probe_options){ 0 });
	heard.stops = p;
	probe_run(p, hear, &heard);
	assert_int_equal(heard.count, probe_count(p));
	for (size_t i = 0; i < probe_count(p); i++)
		interrupted += !strcmp(probe_check(p, i)->detail, "interrupted");
	assert_true(interrupted > 5 && interrupted < probe_count(p));
	assert_int_equal(probe_check(p, 0)->state, CHECK_OK);
	probe_free(p);
	close(fd);
	assert_int_equal(descriptors(), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plans_are_whole),
		cmocka_unit_test(bare_hosts_have_four_sites),
		cmocka_unit_test(proxies_double_the_ways),
		cmocka_unit_test(quick_leaves_out),
		cmocka_unit_test(refuses_what_is_no_target),
		cmocka_unit_test(closed_ports_skip_the_rest),
		cmocka_unit_test(silence_ends_in_its_time),
		cmocka_unit_test(interrupted_runs_tell_what_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
