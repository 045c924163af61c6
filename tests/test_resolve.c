/* tests/test_resolve.c - hosts files, suffixes, and name servers in turn. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "probes/resolve.h"
#include "tests/nameserver.h"

enum { TOLD = 1024 };

static const struct nameserver_row good[] = {
	{ .name = "wsus01.corp.example", .addresses = { "192.0.2.1", "2001:db8::1" } },
	{ .name = "only4.corp.example", .addresses = { "192.0.2.4" } },
	{ .name = "short", .addresses = { "192.0.2.5" } },
	{ .name = "alias.corp.example", .aliases = { "real.example" }, .addresses = { "192.0.2.6" } },
	{ .name = "half.corp.example", .type = 28, .how = NAMESERVER_SILENT },
	{ .name = "half.corp.example", .addresses = { "192.0.2.7" } },
	{ .name = "empty.branch.example" },
	{ .name = "empty.corp.example", .addresses = { "192.0.2.8" } },
	{ .name = NULL },
};

static const struct nameserver_row bad[] = {
	{ .name = "wsus01.corp.example", .rcode = 2 },
	{ .name = "only4.corp.example", .how = NAMESERVER_SILENT },
	{ .name = NULL },
};

static const struct row {
	const char *host;
	bool bad_first;                 /* the bad server is asked first */
	bool v4, v6;
	const char *want;               /* name, addresses; what each server said */
} rows[] = {
	{ "wsus01.corp.example", false, true, true,
	  "wsus01.corp.example 192.0.2.1, 2001:db8::1 | 1: A1 AAAA1" },
	{ "wsus01.corp.example", false, false, true, "wsus01.corp.example 2001:db8::1 | 1: AAAA1" },
	{ "wsus01.corp.example", false, true, false, "wsus01.corp.example 192.0.2.1 | 1: A1" },
	{ "only4.corp.example", false, true, true, "only4.corp.example 192.0.2.4 | 1: A1 AAAA0" },
	{ "wsus01", false, true, false,
	  "wsus01.corp.example 192.0.2.1 | 1: wsus01.branch.example A=3 | 1: wsus01.corp.example A1" },
	{ "empty", false, true, false,
	  "empty.corp.example 192.0.2.8 | 1: empty.branch.example A0 | 1: empty.corp.example A1" },
	{ "short", false, true, false,
	  "short 192.0.2.5 | 1: short.branch.example A=3 | 1: short.corp.example A=3 | 1: A1" },
	{ "nobody.example", false, true, true, " | 1: A=3 AAAA=3" },
	{ "alias.corp.example", false, true, false, "alias.corp.example 192.0.2.6 (real.example) | 1: A1" },
	{ "half.corp.example", false, true, true, "half.corp.example 192.0.2.7 | 1: A1 AAAA-" },
	{ "wsus01.corp.example", true, true, false, "wsus01.corp.example 192.0.2.1 | 1: A=2 | 2: A1" },
	{ "only4.corp.example", true, true, false, "only4.corp.example 192.0.2.4 | 1: A- | 2: A1" },
	{ "nobody.example", true, true, false, " | 1: A=3" },
	{ "filed.example", false, true, true, "filed.example 192.0.2.20, 2001:db8::20 from hosts" },
	{ "FILED", false, true, false, "FILED 192.0.2.20 from hosts" },
};

static const char hosts_text[] =
	"# 192.0.2.99 filed.example\n"
	"2001:db8::20\tfiled.example filed # 192.0.2.98 filed\r\n"
	"  192.0.2.20   other filed.example filed\n"
	"bad.address filed.example\n"
	"192.0.2.21 filed.example.org\n";

static const char *write_hosts(char path[static 32])
{
	int fd;

	memcpy(path, "/tmp/hosts.XXXXXX", 18);
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, hosts_text, sizeof hosts_text - 1), sizeof hosts_text - 1);
	close(fd);
	return path;
}

static int say_family(const struct resolve_note *n, int family, char *text, size_t room)
{
	const char *name = family ? "AAAA" : "A";

	if (!n->asked[family])
		return 0;
	if (!n->answered[family])
		return snprintf(text, room, " %s-", name);
	if (n->rcode[family])
		return snprintf(text, room, " %s=%u", name, n->rcode[family]);
	return snprintf(text, room, " %s%u", name, n->count[family]);
}

static void say(const struct resolve_result *r, const char *host, char told[static TOLD])
{
	char addresses[RESOLVE_TEXT];
	int len = snprintf(told, TOLD, "%s%s%s%s%s%s%s", r->name, r->count ? " " : "",
	                   resolve_addresses_text(r->addresses, r->count, addresses),
	                   r->canonical[0] ? " (" : "", r->canonical, r->canonical[0] ? ")" : "",
	                   r->from_hosts ? " from hosts" : "");

	for (unsigned i = 0; i < r->note_count; i++) {
		const struct resolve_note *n = &r->notes[i];
		bool other = strcmp(n->name, host) != 0;

		len += snprintf(told + len, (size_t)(TOLD - len), " | %u:%s%s", n->server.addr.bytes[15],
		                other ? " " : "", other ? n->name : "");
		len += say_family(n, 0, told + len, (size_t)(TOLD - len));
		len += say_family(n, 1, told + len, (size_t)(TOLD - len));
	}
}

static void keep(void *self, const struct resolve_result *r)
{
	*(struct resolve_result *)self = *r;
}

static void run_row(const struct row *row, const char *hosts)
{
	struct nameserver *first = nameserver_start("127.0.0.1", row->bad_first ? bad : good);
	struct nameserver *second = nameserver_start("127.0.0.2", good);
	struct loop *loop = loop_new();
	struct tape *tape = tape_new(1 << 20);
	struct ask_system system = { .servers = { nameserver_at(first), nameserver_at(second) },
		                     .server_count = 2, .suffixes = { "branch.example", "corp.example" },
		                     .suffix_count = 2 };
	struct resolve_options o = { .host = row->host, .system = &system, .server = RESOLVE_EVERY_SERVER,
		                     .v4 = row->v4, .v6 = row->v6, .hosts = hosts,
		                     .timeout = 2 * MOMENT_S };
	struct resolve_result result = { .count = 0 };
	char told[TOLD];

	assert_non_null(resolve_start(loop, tape, &o, keep, &result));
	loop_run(loop);
	say(&result, row->host, told);
	assert_string_equal(told, row->want);
	tape_free(tape);
	loop_free(loop);
	nameserver_stop(first);
	nameserver_stop(second);
}

static void names_are_found_as_the_system_finds_them(void **state)
{
	char hosts[32];

	(void)state;
	write_hosts(hosts);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		run_row(&rows[i], hosts);
	unlink(hosts);
}

/* One server alone is asked, whatever the others know. */
static void one_server_answers_for_itself(void **state)
{
	struct nameserver *first = nameserver_start("127.0.0.1", good);
	struct nameserver *second = nameserver_start("127.0.0.2", bad);
	struct loop *loop = loop_new();
	struct ask_system system = { .servers = { nameserver_at(first), nameserver_at(second) },
		                     .server_count = 2 };
	struct resolve_options o = { .host = "wsus01.corp.example", .system = &system, .server = 1,
		                     .v4 = true, .v6 = true, .timeout = 5 * MOMENT_S };
	struct resolve_result result = { .count = 0 };
	char told[TOLD], note[RESOLVE_TEXT];

	(void)state;
	/* Without a tape, too. */
	assert_non_null(resolve_start(loop, NULL, &o, keep, &result));
	loop_run(loop);
	say(&result, o.host, told);
	assert_string_equal(told, " | 2: A=2 AAAA=2");
	assert_int_equal(nameserver_asked(first), 0);
	result.notes[0].took = 3 * MOMENT_MS;
	assert_string_equal(resolve_notes_text(&result, o.host, note), "127.0.0.2: SERVFAIL in 3 ms");
	assert_string_equal(resolve_notes_text(&result, "wsus01", note),
	                    "127.0.0.2: wsus01.corp.example SERVFAIL in 3 ms");
	result.notes[0].answered[1] = false;
	assert_string_equal(resolve_notes_text(&result, o.host, note),
	                    "127.0.0.2: A SERVFAIL, AAAA no answer in 3 ms");
	loop_free(loop);
	nameserver_stop(first);
	nameserver_stop(second);
}

static void without_servers_it_is_over(void **state)
{
	struct loop *loop = loop_new();
	struct ask_system system = { .server_count = 0 };
	struct resolve_options o = { .host = "wsus01", .system = &system, .server = RESOLVE_EVERY_SERVER,
		                     .v4 = true, .v6 = true, .timeout = 5 * MOMENT_S };
	struct resolve_result result = { .count = 7 };

	(void)state;
	assert_non_null(resolve_start(loop, NULL, &o, keep, &result));
	loop_run(loop);
	assert_int_equal(result.count, 0);
	assert_int_equal(result.note_count, 0);
	resolve_stop(resolve_start(loop, NULL, &o, keep, &result));
	loop_run(loop);
	loop_free(loop);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_found_as_the_system_finds_them),
		cmocka_unit_test(one_server_answers_for_itself),
		cmocka_unit_test(without_servers_it_is_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
