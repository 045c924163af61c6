/* tests/test_pac.c - proxy scripts, good and hostile: what they say, and that each ends in its time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "probes/pac.h"

enum { TOLD = 600 };

/* What each ends in, also on a machine that has much else to do: three times what a script may take. */
#define PATIENCE (15 * MOMENT_S)

#define SCRIPT(body) "function FindProxyForURL(url, host) { " body " }"

static const struct row {
	const char *name, *script, *want;       /* want with a '!': an error with these words */
} rows[] = {
	{ "a proxy", SCRIPT("return 'PROXY proxy01:3128; DIRECT';"), "PROXY proxy01:3128 DIRECT" },
	{ "by host", SCRIPT("if (dnsDomainIs(host, '.corp.example')) return 'DIRECT'; return 'PROXY x:1';"),
	  "DIRECT" },
	{ "by URL", SCRIPT("return shExpMatch(url, 'http://wsus01*:8530/*') ? 'PROXY y:2' : 'DIRECT';"),
	  "PROXY y:2" },
	{ "by address",
	  SCRIPT("return isInNet(host, '192.0.2.0', '255.255.255.0') ? 'DIRECT' : 'PROXY z:3';"),
	  "PROXY z:3" },
	{ "a name is looked up", SCRIPT("return 'PROXY ' + dnsResolve('localhost') + ':8080';"),
	  "PROXY 127.0.0.1:8080" },
	{ "our own address", SCRIPT("return 'PROXY ' + myIpAddress() + ':1';"), "PROXY 192.0.2.50:1" },
	{ "a syntax error", "function FindProxyForURL(url, host) { return", "!SyntaxError" },
	{ "no such function", "var x = 1;", "!" },
	{ "it throws", SCRIPT("throw 'no way';"), "!" },
	{ "an unknown function", SCRIPT("return hostOf(url);"), "!hostOf" },
	{ "a web page", "<!DOCTYPE html><html><body>It works!</body></html>", "!SyntaxError" },
	{ "nothing", SCRIPT("return '';"), "!" },
	{ "no string", SCRIPT("return null;"), "UNREADABLE" },
	{ "an endless loop", SCRIPT("while (true) {}"), "!did not end" },
	{ "an endless loop outside", "while (true) {}", "!did not end" },
	{ "all memory", SCRIPT("var a = []; while (true) a.push(new Array(100000).join('x'));"), "!" },
	{ "a string that doubles", SCRIPT("var s = 'x'; while (true) s += s; return s;"), "!" },
	{ "a deep recursion", SCRIPT("return FindProxyForURL(url, host);"), "!" },
	{ "a huge answer", SCRIPT("var s = 'PROXY a:1;'; for (var i = 0; i < 14; i++) s += s; return s;"),
	  "!64 KiB" },
	{ "empty", "", "!" },
};

static void say(const struct pac_result *r, char told[static TOLD])
{
#define X(symbol, word, usable) #symbol,
	static const char *const kinds[] = { PAC_KINDS(X) };
#undef X
	size_t len = 0;

	if (r->error[0]) {
		snprintf(told, TOLD, "!%s", r->error);
		return;
	}
	told[0] = '\0';
	for (unsigned i = 0; i < r->count; i++) {
		char proxy[TARGET_TEXT] = "";

		if (r->choices[i].proxy.host[0])
			target_host_port(&r->choices[i].proxy, proxy);
		len += (size_t)snprintf(told + len, TOLD - len, "%s%s%s%s", i ? " " : "",
		                        kinds[r->choices[i].kind], proxy[0] ? " " : "", proxy);
	}
}

static void keep(void *self, const struct pac_result *r)
{
	say(r, self);
}

static void scripts_answer_or_end(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *r = &rows[i];
		struct loop *loop = loop_new();
		int64_t began = loop_clock(loop);
		struct pac_options o = { .script = span_text(r->script),
			                 .url = "http://wsus01.corp.example:8530/",
			                 .host = "wsus01.corp.example", .ours = "192.0.2.50" };
		char told[TOLD] = "";

		assert_non_null(pac_start(loop, &o, keep, told));
		loop_run(loop);
		if (r->want[0] == '!' ? told[0] != '!' || !strstr(told, r->want + 1)
		                      : strcmp(told, r->want) != 0)
			fail_msg("%s: says \"%s\", not \"%s\"", r->name, told, r->want);
		assert_null(strpbrk(told, "\r\n"));
		if (loop_clock(loop) - began > PATIENCE)
			fail_msg("%s: took too long", r->name);
		loop_free(loop);
	}
}

static const struct {
	const char *answer, *want;
} answers[] = {
	{ "DIRECT", "DIRECT" },
	{ " direct ;", "DIRECT" },
	{ "PROXY Proxy01.Corp.Example:8080", "PROXY proxy01.corp.example:8080" },
	{ "PROXY proxy01", "PROXY proxy01:80" },
	{ "PROXY 192.0.2.9:3128; PROXY [2001:db8::9]:3128;DIRECT",
	  "PROXY 192.0.2.9:3128 PROXY [2001:db8::9]:3128 DIRECT" },
	{ "HTTPS proxy01; SOCKS socks01; SOCKS5 socks01:1081; HTTP proxy02:1",
	  "HTTPS proxy01:443 SOCKS socks01:1080 SOCKS5 socks01:1081 HTTP proxy02:1" },
	{ "PROXY http://proxy01:3128", "UNREADABLE" },
	{ "PROXY proxy01:3128/path", "UNREADABLE" },
	{ "PROXY alice:hunter2@proxy01:3128", "UNREADABLE" },
	{ "PROXY", "UNREADABLE" },
	{ "PROXY a b", "UNREADABLE" },
	{ "proxy01:3128", "UNREADABLE" },
	{ "QUIC proxy01:443; PROXY\tproxy01:1", "UNREADABLE PROXY proxy01:1" },
	{ ";;; ;", "" },
	{ "", "" },
};

static void answers_are_read(void **state)
{
	struct pac_result r = { .error = "" };
	char told[TOLD], many[1000] = "";

	(void)state;
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		pac_read(span_text(answers[i].answer), &r);
		say(&r, told);
		assert_string_equal(told, answers[i].want);
	}
	for (unsigned i = 0; i < 20; i++)
		snprintf(many + strlen(many), sizeof many - strlen(many), "PROXY p%u:1;", i);
	pac_read(span_text(many), &r);
	assert_int_equal(r.count, PAC_CHOICES_MAX);
	assert_int_equal(r.left_out, 4);
	assert_true(pac_usable(PAC_DIRECT) && pac_usable(PAC_PROXY) && !pac_usable(PAC_SOCKS) &&
	            !pac_usable(PAC_UNREADABLE));
}

static void passwords_are_not_repeated(void **state)
{
	static const struct {
		const char *answer, *text;
	} said[] = {
		{ "PROXY alice:hunter2@proxy01:1; DIRECT", "PROXY ...@proxy01:1; DIRECT" },
		{ "PROXY http://a:hunter2@x@proxy01", "PROXY ...@proxy01" },
		{ "PROXY a:1;alice:hunter2@b;@c", "PROXY a:1;...@b;@c" },
		{ "PROXY a:1", "PROXY a:1" },
	};
	struct pac_result r = { .error = "" };
	char longer[600];

	(void)state;
	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		pac_read(span_text(said[i].answer), &r);
		assert_string_equal(r.text, said[i].text);
	}
	for (size_t room = 0; room < 220; room++) {
		snprintf(longer, sizeof longer, "%*s hunter2:%0300d@b", (int)room + 1, "x", 7);
		pac_read(span_text(longer), &r);
		assert_null(strstr(r.text, "hunter2"));
		assert_true(strlen(r.text) < sizeof r.text);
	}
}

static void never(void *self, const struct pac_result *r)
{
	(void)self;
	(void)r;
	fail();
}

static void a_stopped_script_says_nothing(void **state)
{
	struct loop *loop = loop_new();
	struct pac_options o = { .script = SPAN("while (true) {}"), .url = "http://a/", .host = "a" };

	(void)state;
	pac_stop(pac_start(loop, &o, never, NULL));
	loop_run(loop);
	pac_stop(NULL);
	loop_free(loop);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_are_read),
		cmocka_unit_test(passwords_are_not_repeated),
		cmocka_unit_test(a_stopped_script_says_nothing),
		cmocka_unit_test(scripts_answer_or_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
