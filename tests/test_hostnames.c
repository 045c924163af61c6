/* tests/test_hostnames.c - steps that look names up (probes/names.c): once a host, each server for itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "probes/schedule.h"
#include "probes/steps.h"
#include "tests/nameserver.h"
#include "tests/rehearsal.h"

enum { SITES_MAX = 4, SHORT = 1500 };

static const struct nameserver_row good[] = {
	{ .name = "wsus01.corp.example", .addresses = { "2001:db8::1", "192.0.2.1", "192.0.2.2" } },
	{ .name = "wsus02.corp.example", .aliases = { "real.example" }, .addresses = { "192.0.2.3" } },
	{ .name = "proxy01.corp.example", .addresses = { "192.0.2.9" } },
	{ .name = "slow6.corp.example", .type = 28, .how = NAMESERVER_SILENT },
	{ .name = "slow6.corp.example", .addresses = { "192.0.2.4" } },
	{ .name = "busy.corp.example", .rcode = 2 },
	{ .name = NULL },
};

static const struct nameserver_row old[] = {
	{ .name = "wsus01.corp.example", .addresses = { "198.51.100.1" } },
	{ .name = NULL },
};

static const struct nameserver_row dead[] = {
	{ .name = "wsus01.corp.example", .how = NAMESERVER_SILENT },
	{ .name = NULL },
};

struct trial {
	struct plan plan;
	struct probe_options options;
	struct nameserver *servers[2];
};

static void begin(struct trial *t, const struct nameserver_row *first, const struct nameserver_row *second)
{
	static const char *const at[] = { "127.0.0.1", "127.0.0.2" };
	const struct nameserver_row *rows[] = { first, second };

	*t = (struct trial){ .options.connect_timeout = SHORT * MOMENT_MS };
	t->plan.options = &t->options;
	t->plan.loop = loop_new();
	t->plan.tape = tape_new(1 << 20);
	snprintf(t->plan.system.suffixes[0], LOOKUP_NAME, "corp.example");
	t->plan.system.suffix_count = 1;
	for (unsigned i = 0; i < 2 && rows[i]; i++) {
		t->servers[i] = nameserver_start(at[i], rows[i]);
		t->plan.system.servers[t->plan.system.server_count++] = nameserver_at(t->servers[i]);
	}
}

static struct site *add_site(struct trial *t, const char *url)
{
	struct site *site = rehearsal_bare_site(&t->plan, url);

	assert_true(names_plan(&t->plan, site));
	return site;
}

static struct proxy *add_proxy(struct trial *t, const char *url)
{
	struct proxy *proxy = rehearsal_bare_proxy(&t->plan, url);

	assert_true(proxy_names_plan(&t->plan, proxy));
	return proxy;
}

static void run(struct trial *t)
{
	volatile sig_atomic_t stopped = 0;

	schedule_run(&t->plan, &stopped, NULL, NULL);
}

static void end(struct trial *t)
{
	plan_release(&t->plan);
	tape_free(t->plan.tape);
	loop_free(t->plan.loop);
	for (unsigned i = 0; i < 2; i++)
		if (t->servers[i])
			nameserver_stop(t->servers[i]);
}

static void expect(const struct check *c, enum check_state state, const char *says)
{
	rehearsal_is(c, state, says);
	assert_int_equal(c->rung, CHECK_NAME);
}

static void assert_address(const struct addr *a, const char *text)
{
	char is[ADDR_TEXT];

	assert_string_equal(addr_text(a, is), text);
}

static void one_lookup_serves_a_host(void **state)
{
	struct trial t;
	struct site *a, *b, *c;
	struct proxy *p;

	(void)state;
	begin(&t, good, NULL);
	a = add_site(&t, "http://wsus01.corp.example:8530");
	b = add_site(&t, "https://wsus01.corp.example:8531");
	c = add_site(&t, "http://wsus02:8530");
	p = add_proxy(&t, "http://wsus01.corp.example:3128");
	assert_ptr_equal(a->name, b->name);
	assert_ptr_equal(a->name, p->name);
	assert_int_equal(t.plan.step_count, 2);
	run(&t);
	expect(&a->name->told, CHECK_OK, "192.0.2.1, 192.0.2.2, 2001:db8::1, 127.0.0.1 in ");
	assert_true(a->name->told.lookup >= 0);
	assert_int_equal(a->address_count, 3);
	assert_int_equal(b->address_count, 3);
	assert_int_equal(p->address_count, 3);
	assert_address(&b->addresses[0], "192.0.2.1");
	assert_address(&p->addresses[2], "2001:db8::1");
	expect(&c->name->told, CHECK_OK,
	       "192.0.2.3 as wsus02.corp.example, alias of real.example, 127.0.0.1 in ");
	end(&t);
}

static void families_may_be_ruled_out(void **state)
{
	struct trial t;
	struct site *a, *b;

	(void)state;
	begin(&t, good, NULL);
	t.options.only_v6 = true;
	a = add_site(&t, "http://wsus01.corp.example:8530");
	b = add_site(&t, "http://192.0.2.7:8530");
	run(&t);
	assert_int_equal(a->address_count, 1);
	assert_address(&a->addresses[0], "2001:db8::1");
	expect(&b->name->told, CHECK_FAILED, "-6");
	assert_int_equal(b->address_count, 0);
	end(&t);
}

static void what_is_given_is_not_looked_up(void **state)
{
	static const char *const given[] = { "wsus09.corp.example:8530:192.0.2.20,[2001:db8::20]",
		                             "*:8531:192.0.2.21", "broken" };
	struct trial t;
	struct site *a, *b, *c, *d;

	(void)state;
	begin(&t, good, NULL);
	t.options.resolve = given;
	t.options.resolve_count = 3;
	a = add_site(&t, "http://wsus09.corp.example:8530");
	b = add_site(&t, "https://wsus09.corp.example:8531");
	c = add_site(&t, "http://[2001:db8::30]:8530");
	d = add_site(&t, "http://wsus01.corp.example:8530");
	run(&t);
	assert_int_equal(nameserver_asked(t.servers[0]), 2);
	expect(&a->name->told, CHECK_OK, "192.0.2.20, 2001:db8::20, by --resolve");
	assert_int_equal(a->address_count, 2);
	assert_address(&b->addresses[0], "192.0.2.21");
	expect(&c->name->told, CHECK_OK, "an address");
	assert_address(&c->addresses[0], "2001:db8::30");
	assert_address(&d->addresses[0], "192.0.2.1");
	end(&t);
}

/* One port is given; the other is looked up, and the given one stays. */
static void a_given_port_stays_given(void **state)
{
	static const char *const given[] = { "wsus01.corp.example:8530:192.0.2.20" };
	struct trial t;
	struct site *a, *b;

	(void)state;
	begin(&t, good, NULL);
	t.options.resolve = given;
	t.options.resolve_count = 1;
	a = add_site(&t, "http://wsus01.corp.example:8530");
	b = add_site(&t, "https://wsus01.corp.example:8531");
	run(&t);
	assert_int_equal(a->address_count, 1);
	assert_address(&a->addresses[0], "192.0.2.20");
	assert_address(&b->addresses[0], "192.0.2.1");
	end(&t);
}

static void what_fails_says_why(void **state)
{
	struct trial t;
	struct site *a, *b, *c;

	(void)state;
	begin(&t, good, NULL);
	a = add_site(&t, "http://nobody.example:8530");
	b = add_site(&t, "http://busy.corp.example:8530");
	c = add_site(&t, "http://slow6.corp.example:8530");
	run(&t);
	expect(&a->name->told, CHECK_FAILED, "nobody.example has no address: 127.0.0.1: NXDOMAIN in ");
	expect(&b->name->told, CHECK_FAILED, "busy.corp.example has no address: 127.0.0.1: SERVFAIL in ");
	expect(&c->name->told, CHECK_WARNING, "192.0.2.4, but 127.0.0.1: A 1, AAAA no answer in ");
	assert_int_equal(c->address_count, 1);
	end(&t);
	begin(&t, NULL, NULL);
	a = add_site(&t, "http://wsus01.corp.example:8530");
	run(&t);
	expect(&a->name->told, CHECK_FAILED, "names no name server");
	end(&t);
}

static const struct check *server_check(const struct trial *t, const char *name)
{
	for (size_t i = 0; i < t->plan.step_count; i++)
		if (strcmp(t->plan.steps[i]->told.name, name) == 0)
			return &t->plan.steps[i]->told;
	fail_msg("there is no step %s", name);
	return NULL;
}

static void servers_that_differ_are_told(void **state)
{
	struct trial t;
	struct site *a;

	(void)state;
	begin(&t, good, old);
	a = add_site(&t, "http://wsus01.corp.example:8530");
	assert_int_equal(t.plan.step_count, 3);
	run(&t);
	expect(&a->name->told, CHECK_OK, "127.0.0.1 in ");
	expect(server_check(&t, "by 127.0.0.1"), CHECK_OK, "192.0.2.1, 192.0.2.2, 2001:db8::1 in ");
	expect(server_check(&t, "by 127.0.0.2"), CHECK_WARNING, "198.51.100.1 in ");
	expect(server_check(&t, "by 127.0.0.2"), CHECK_WARNING, "the usual lookup gives 192.0.2.1");
	end(&t);
	begin(&t, dead, good);
	a = add_site(&t, "http://wsus01.corp.example:8530");
	run(&t);
	expect(&a->name->told, CHECK_WARNING, "2001:db8::1, but 127.0.0.1: no answer in ");
	expect(server_check(&t, "by 127.0.0.1"), CHECK_WARNING, "no answer in ");
	expect(server_check(&t, "by 127.0.0.2"), CHECK_OK, "192.0.2.1");
	end(&t);
	begin(&t, dead, dead);
	a = add_site(&t, "http://wsus01.corp.example:8530");
	run(&t);
	expect(&a->name->told, CHECK_FAILED, "127.0.0.2: no answer in ");
	expect(server_check(&t, "by 127.0.0.2"), CHECK_FAILED, "no answer in ");
	end(&t);
}

/* The time for all is over while it asks: nothing is left behind. */
static void a_stopped_lookup_leaves_nothing(void **state)
{
	struct trial t;
	struct site *a;

	(void)state;
	begin(&t, dead, dead);
	t.options.timeout = 100 * MOMENT_MS;
	a = add_site(&t, "http://wsus01.corp.example:8530");
	run(&t);
	expect(&a->name->told, CHECK_SKIPPED, "time");
	end(&t);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_lookup_serves_a_host),
		cmocka_unit_test(families_may_be_ruled_out),
		cmocka_unit_test(what_is_given_is_not_looked_up),
		cmocka_unit_test(a_given_port_stays_given),
		cmocka_unit_test(what_fails_says_why),
		cmocka_unit_test(servers_that_differ_are_told),
		cmocka_unit_test(a_stopped_lookup_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
