/* tests/test_autoproxy.c - proxy scripts from a file, a URL and wpad: found, loaded, asked for each site. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "probes/autoproxy.h"
#include "probes/schedule.h"
#include "tests/nameserver.h"
#include "tests/rehearsal.h"
#include "tests/served.h"

#define GOOD                                                                    \
	"function FindProxyForURL(url, host) { return host == 'wsus01' ? 'PROXY proxy01:3128' : 'DIRECT'; }"
#define HEAD(type) "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: " type "\r\n\r\n"
#define PAC_TYPE "application/x-ns-proxy-autoconfig"

static const struct nameserver_row nobody[] = { { .name = NULL } };
static const struct nameserver_row somebody[] = {
	{ .name = "wpad.corp.example", .addresses = { "127.0.0.1" } },
	{ .name = NULL },
};
static const struct nameserver_row broken[] = {
	{ .name = "wpad.corp.example", .rcode = 2 },
	{ .name = NULL },
};

struct trial {
	struct plan plan;
	struct probe_options options;
	struct nameserver *server;
	struct site *first, *second;
};

/* Two sites, a script by --pac or wpad, and the names of the proxies that it gives. */
static void set_up(struct trial *t, const char *pac, bool wpad, const struct nameserver_row *names)
{
	*t = (struct trial){ .options = { .pac = pac, .wpad = wpad, .connect_timeout = 3 * MOMENT_S } };
	t->plan.options = &t->options;
	t->plan.loop = loop_new();
	t->plan.tape = tape_new(4 << 20);
	t->server = nameserver_start("127.0.0.1", names);
	t->plan.system = (struct ask_system){ .servers = { nameserver_at(t->server) }, .server_count = 1,
		                              .suffixes = { "corp.example" }, .suffix_count = 1 };
	t->first = rehearsal_bare_site(&t->plan, "http://wsus01:8530");
	t->second = rehearsal_bare_site(&t->plan, "https://wsus02:8531");
}

static void finish(struct trial *t)
{
	volatile sig_atomic_t stopped = 0;

	assert_true(auto_proxy_plan(&t->plan));
	for (struct proxy *p = t->plan.proxies; p; p = p->next)
		assert_true(proxy_names_plan(&t->plan, p));
	schedule_run(&t->plan, &stopped, NULL, NULL);
}

static void run(struct trial *t, const char *pac, bool wpad, const struct nameserver_row *names)
{
	set_up(t, pac, wpad, names);
	finish(t);
}

static void end(struct trial *t)
{
	plan_release(&t->plan);
	tape_free(t->plan.tape);
	loop_free(t->plan.loop);
	nameserver_stop(t->server);
}

static const struct check *load_check(const struct trial *t)
{
	return &t->plan.auto_proxy->load->told;
}

static const struct check *script_check(const struct trial *t, const struct site *site)
{
	for (const struct proxy *p = t->plan.proxies; p; p = p->next)
		if (p->site == site)
			return &p->script->told;
	fail();
	return NULL;
}

static char *write_file(const char *text, size_t len, char path[static 32])
{
	int fd;

	memcpy(path, "/tmp/pac.XXXXXX", 16);
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	close(fd);
	return path;
}

static void a_file_is_asked_for_each_site(void **state)
{
	char path[32], url[48];
	struct trial t;

	(void)state;
	write_file(GOOD, sizeof GOOD - 1, path);
	snprintf(url, sizeof url, "file://%s", path);
	for (unsigned i = 0; i < 2; i++) {
		const struct proxy *a, *b;

		run(&t, i ? url : path, false, nobody);
		a = t.plan.proxies;
		b = a->next;
		rehearsal_is(load_check(&t), CHECK_OK, "a script of ");
		assert_string_equal(load_check(&t)->target, path);
		rehearsal_is(script_check(&t, t.first), CHECK_OK, "PROXY proxy01:3128");
		rehearsal_is(script_check(&t, t.second), CHECK_OK, "DIRECT");
		assert_string_equal(a->origin, "--pac");
		assert_string_equal(a->target.host, "proxy01");
		assert_int_equal(a->target.port, 3128);
		assert_true(a->site == t.first && a->http && !a->https && !a->direct);
		assert_true(b->site == t.second && b->https && !b->http && b->direct);
		rehearsal_is(&a->name->told, CHECK_FAILED, "proxy01 has no address");
		rehearsal_is(&b->name->told, CHECK_SKIPPED, "no proxy");
		end(&t);
	}
	unlink(path);
}

static const struct {
	const char *answer, *says;
	enum check_state state;
	enum check_trouble trouble;
} pages[] = {
	{ HEAD(PAC_TYPE) GOOD, "a script of ", CHECK_OK, CHECK_NO_TROUBLE },
	{ HEAD("text/plain") GOOD, "neither its type", CHECK_WARNING, CHECK_NO_TROUBLE },
	{ HEAD("text/html") " <!DOCTYPE html><title>IIS</title>", "web page", CHECK_FAILED,
	  CHECK_PAC_BROKEN },
	{ HEAD(PAC_TYPE), "empty", CHECK_FAILED, CHECK_PAC_BROKEN },
	{ HEAD(PAC_TYPE) "hello", "FindProxyForURL is missing", CHECK_FAILED, CHECK_PAC_BROKEN },
	{ "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "answers 404", CHECK_FAILED,
	  CHECK_PAC_BROKEN },
	{ "HTTP/1.1 302 Found\r\nLocation: http://other/x.pac\r\nContent-Length: 0\r\n\r\n",
	  "302 leads to other/x.pac", CHECK_FAILED, CHECK_PAC_BROKEN },
	{ "HTTP/1.1 302 Found\r\nLocation: http://alice:hunter2@other/x.pac\r\nContent-Length: 0\r\n\r\n",
	  "302 leads to other/x.pac", CHECK_FAILED, CHECK_PAC_BROKEN },
	{ "HTTP/1.1 302 Found\r\nLocation: /x.pac\r\nContent-Length: 0\r\n\r\n",
	  "302 leads to /x.pac", CHECK_FAILED, CHECK_PAC_BROKEN },
	{ "garbage", "does not come", CHECK_FAILED, CHECK_PAC_BROKEN },
};

static void what_a_server_gives_is_judged(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
		const struct served_act acts[] = { { SERVED_HEAR, NULL }, { SERVED_SAY, pages[i].answer },
			                           { SERVED_END, NULL } };
		struct served *s = served_new(acts, NULL);
		char url[64];
		struct trial t;

		snprintf(url, sizeof url, "http://127.0.0.1:%u/proxy?x", served_port(s));
		run(&t, url, false, nobody);
		rehearsal_is(load_check(&t), pages[i].state, pages[i].says);
		assert_int_equal(load_check(&t)->trouble, pages[i].trouble);
		assert_int_equal(load_check(&t)->talk_count, 1);
		if (pages[i].state == CHECK_FAILED)
			rehearsal_is(script_check(&t, t.first), CHECK_SKIPPED, "needs proxy --pac: ");
		else
			rehearsal_is(script_check(&t, t.first), CHECK_OK, "PROXY proxy01:3128");
		assert_non_null(strstr(served_heard(s), "GET /proxy?x HTTP/1.1"));
		end(&t);
		served_free(s);
	}
}

static void a_script_without_end_is_cut_off(void **state)
{
	static const struct served_act acts[] = {
		{ SERVED_HEAR, NULL },
		{ SERVED_SAY, HEAD(PAC_TYPE) },
		{ SERVED_FLOOD, "/* FindProxyForURL */ " },
		{ SERVED_END, NULL },
	};
	struct served *s = served_new(acts, NULL);
	char url[64];
	struct trial t;

	(void)state;
	snprintf(url, sizeof url, "http://127.0.0.1:%u/proxy.pac", served_port(s));
	run(&t, url, false, nobody);
	rehearsal_is(load_check(&t), CHECK_FAILED, "1 MiB");
	end(&t);
	served_free(s);
}

static void hostile_scripts_end(void **state)
{
	static const struct {
		const char *script, *says;
	} rows[] = {
		{ "function FindProxyForURL(u, h) { while (1); }", "did not end" },
		{ "function FindProxyForURL(u, h) { return", "SyntaxError" },
		{ "function FindProxyForURL(u, h) { return 'SOCKS a:1'; }",
		  "nothing that a Windows client can use" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char path[32];
		struct trial t;

		write_file(rows[i].script, strlen(rows[i].script), path);
		run(&t, path, false, nobody);
		rehearsal_is(script_check(&t, t.first), CHECK_FAILED, rows[i].says);
		assert_int_equal(script_check(&t, t.first)->trouble, CHECK_PAC_BROKEN);
		rehearsal_is(&t.plan.proxies->name->told, CHECK_SKIPPED, "needs proxy --pac: ");
		end(&t);
		unlink(path);
	}
}

/* More sites than children: whoever waits for a turn has it, or an end, soon. */
static void a_check_keeps_to_its_time(void **state)
{
	static const char script[] = "function FindProxyForURL(u, h) { dnsResolve('x'); while (1); }";
	int64_t began;
	char path[32];
	struct trial t;

	(void)state;
	write_file(script, sizeof script - 1, path);
	set_up(&t, path, false, nobody);
	t.options.check_timeout = 300 * MOMENT_MS;
	t.options.timeout = 60 * MOMENT_S;
	for (unsigned i = 3; i <= 8; i++) {
		char url[32];

		snprintf(url, sizeof url, "http://wsus%02u:8530", i);
		rehearsal_bare_site(&t.plan, url);
	}
	began = loop_clock(t.plan.loop);
	finish(&t);
	assert_true(loop_clock(t.plan.loop) - began < 5 * MOMENT_S);
	for (const struct site *site = t.plan.sites; site; site = site->next)
		rehearsal_is(script_check(&t, site), CHECK_FAILED, "did not end in 0.3 s");
	end(&t);
	unlink(path);
}

static void the_second_choice_is_a_warning(void **state)
{
	static const char script[] = "function FindProxyForURL(u, h) { return 'SOCKS a:1; PROXY b:2'; }";
	char path[32];
	struct trial t;

	(void)state;
	write_file(script, sizeof script - 1, path);
	run(&t, path, false, nobody);
	rehearsal_is(script_check(&t, t.first), CHECK_WARNING, "SOCKS a:1; PROXY b:2: a Windows client");
	assert_string_equal(t.plan.proxies->target.host, "b");
	end(&t);
	unlink(path);
}

static void no_wpad_is_no_failure(void **state)
{
	struct trial t;

	(void)state;
	run(&t, NULL, true, nobody);
	rehearsal_is(&t.plan.auto_proxy->find->told, CHECK_OK, "nobody is called wpad");
	rehearsal_is(&t.plan.auto_proxy->find->told, CHECK_OK, "wpad.corp.example NXDOMAIN");
	rehearsal_is(load_check(&t), CHECK_SKIPPED, "there is no wpad");
	rehearsal_is(script_check(&t, t.first), CHECK_SKIPPED, "there is no wpad");
	assert_int_equal(load_check(&t)->trouble, CHECK_NO_TROUBLE);
	end(&t);
	run(&t, NULL, true, broken);
	rehearsal_is(&t.plan.auto_proxy->find->told, CHECK_FAILED, "SERVFAIL");
	rehearsal_is(load_check(&t), CHECK_SKIPPED, "needs name wpad.dat");
	end(&t);
}

/* Here nobody listens on port 80, or somebody who knows no wpad.dat. */
static void wpad_is_asked_by_its_whole_name(void **state)
{
	struct trial t;

	(void)state;
	run(&t, NULL, true, somebody);
	rehearsal_is(&t.plan.auto_proxy->find->told, CHECK_OK, "wpad.corp.example: 127.0.0.1");
	assert_string_equal(t.plan.auto_proxy->source.host, "wpad.corp.example");
	rehearsal_is(load_check(&t), CHECK_FAILED, "");
	end(&t);
}

static void what_is_no_script_is_told(void **state)
{
	char path[32];
	char *large = calloc(1, PAC_SCRIPT_MAX + 1);
	struct trial t;

	(void)state;
	run(&t, "/nonexistent/proxy.pac", false, nobody);
	rehearsal_is(load_check(&t), CHECK_FAILED, "cannot be opened");
	end(&t);
	run(&t, "/", false, nobody);
	rehearsal_is(load_check(&t), CHECK_FAILED, "not a file");
	end(&t);
	run(&t, "http://alice:hunter2@:x/", false, nobody);
	rehearsal_is(load_check(&t), CHECK_FAILED, "no host");
	assert_null(strstr(load_check(&t)->detail, "hunter2"));
	end(&t);
	run(&t, "http://pac.nowhere.example/p.pac", false, nobody);
	rehearsal_is(&t.plan.auto_proxy->find->told, CHECK_FAILED, "pac.nowhere.example has no address");
	assert_int_equal(t.plan.auto_proxy->find->told.trouble, CHECK_NO_TROUBLE);
	end(&t);
	write_file(large, PAC_SCRIPT_MAX + 1, path);
	run(&t, path, false, nobody);
	rehearsal_is(load_check(&t), CHECK_FAILED, "1 MiB");
	end(&t);
	unlink(path);
	free(large);
}

/* Opening it would wait for somebody who writes. */
static void a_pipe_is_not_waited_for(void **state)
{
	char path[32];
	struct trial t;

	(void)state;
	write_file("", 0, path);
	unlink(path);
	assert_false(mkfifo(path, 0600));
	alarm(20);
	run(&t, path, false, nobody);
	alarm(0);
	rehearsal_is(load_check(&t), CHECK_FAILED, "not a file");
	end(&t);
	unlink(path);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pipe_is_not_waited_for),
		cmocka_unit_test(a_check_keeps_to_its_time),
		cmocka_unit_test(a_file_is_asked_for_each_site),
		cmocka_unit_test(what_a_server_gives_is_judged),
		cmocka_unit_test(a_script_without_end_is_cut_off),
		cmocka_unit_test(hostile_scripts_end),
		cmocka_unit_test(the_second_choice_is_a_warning),
		cmocka_unit_test(no_wpad_is_no_failure),
		cmocka_unit_test(wpad_is_asked_by_its_whole_name),
		cmocka_unit_test(what_is_no_script_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
