/* tests/test_plan.c - steps by themselves: what they say of themselves, remember, and ask for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

#include "probes/plan.h"

struct world {
	struct plan plan;
	struct probe_options options;
	struct site site;
	struct proxy proxy;
	struct way direct, through;
};

static void start(struct step *s)
{
	step_end(s, CHECK_OK, "started");
}

static const struct step_kind kind = { CHECK_HTTP, start, NULL, 0, false };

static void set_up(struct world *w)
{
	*w = (struct world){ .plan = { .agent = "wsuscope/0.1.0 (+probe)" } };
	w->plan.options = &w->options;
	w->plan.loop = loop_new();
	assert_non_null(w->plan.loop);
	w->site.target = (struct target){ .https = true, .has_scheme = true, .has_port = true, .port = 8531,
		                          .host = "wsus01", .user = "me:geheim" };
	w->proxy.target = (struct target){ .has_scheme = true, .has_port = true, .port = 3128,
		                           .host = "proxy01" };
	assert_true(addr_parse(SPAN("192.0.2.1"), &w->site.addresses[0]));
	assert_true(addr_parse(SPAN("192.0.2.9"), &w->proxy.addresses[0]));
	w->direct = (struct way){ .plan = &w->plan, .site = &w->site };
	w->through = (struct way){ .plan = &w->plan, .site = &w->site, .proxy = &w->proxy };
}

static void tear_down(struct world *w)
{
	plan_release(&w->plan);
	loop_free(w->plan.loop);
}

static void steps_know_whom_they_are_of(void **unused)
{
	struct world w;
	struct step *direct, *through, *site, *proxy;

	(void)unused;
	set_up(&w);
	direct = plan_add(&w.plan, &kind, &w.direct, NULL, NULL, "GetConfig");
	through = plan_add(&w.plan, &kind, &w.through, NULL, NULL, "GetConfig");
	site = plan_add(&w.plan, &kind, NULL, &w.site, NULL, "8531");
	proxy = plan_add(&w.plan, &kind, NULL, NULL, &w.proxy, "3128");
	assert_string_equal(direct->told.target, "https://wsus01:8531");
	assert_string_equal(direct->told.proxy, "");
	assert_string_equal(through->told.target, "https://wsus01:8531");
	assert_string_equal(through->told.proxy, "proxy01:3128");
	assert_string_equal(site->told.target, "https://wsus01:8531");
	assert_string_equal(proxy->told.target, "http://proxy01:3128");
	assert_string_equal(proxy->told.proxy, "");
	assert_true(direct->site == &w.site && through->proxy == &w.proxy);
	assert_int_equal(proxy->told.number, 3);
	assert_int_equal(direct->told.rung, CHECK_HTTP);
	tear_down(&w);
}

/* What a script names is known late, and needed by all that goes through it. */
static void scripts_are_needed(void **unused)
{
	struct world w;
	struct step *script, *step;

	(void)unused;
	set_up(&w);
	w.proxy.target.host[0] = '\0';
	snprintf(w.proxy.origin, sizeof w.proxy.origin, "wpad.dat");
	script = plan_add(&w.plan, &kind, NULL, &w.site, &w.proxy, "wpad.dat");
	w.proxy.script = script;
	step = plan_add(&w.plan, &kind, &w.through, NULL, NULL, "GetConfig");
	assert_int_equal(script->need_count, 0);
	assert_int_equal(step->need_count, 1);
	assert_ptr_equal(step->needs[0], script);
	assert_string_equal(step->told.proxy, "wpad.dat");
	snprintf(w.proxy.target.host, sizeof w.proxy.target.host, "proxy02");
	step_end(step, CHECK_OK, "good");
	assert_string_equal(step->told.proxy, "proxy02:3128");
	tear_down(&w);
}

static void needs_are_counted_once(void **unused)
{
	struct world w;
	struct step *all[STEP_NEEDS_MAX + 2];

	(void)unused;
	set_up(&w);
	for (size_t i = 0; i < STEP_NEEDS_MAX + 2; i++)
		all[i] = plan_add(&w.plan, &kind, &w.direct, NULL, NULL, "x");
	step_needs(all[0], NULL);
	step_needs(all[0], all[0]);
	step_needs(all[0], all[1]);
	step_needs(all[0], all[1]);
	assert_int_equal(all[0]->need_count, 1);
	for (size_t i = 1; i < STEP_NEEDS_MAX + 2; i++)
		step_needs(all[0], all[i]);
	assert_int_equal(all[0]->need_count, STEP_NEEDS_MAX);
	tear_down(&w);
}

static void details_are_one_line(void **unused)
{
	struct world w;
	struct step *s, *cut;
	char text[CHECK_DETAIL_MAX + 8];

	(void)unused;
	set_up(&w);
	s = plan_add(&w.plan, &kind, &w.direct, NULL, NULL, "x");
	step_end(s, CHECK_FAILED, "404 %s", "a\r\nb\x1b[2Jc\x7f");
	assert_string_equal(s->told.detail, "404 a  b [2Jc ");
	step_end(s, CHECK_OK, "twice");
	assert_int_equal(s->told.state, CHECK_FAILED);
	assert_int_equal(w.plan.done, 1);
	/* where the end is cut, no character is (RFC 3629) */
	memset(text, 'x', sizeof text);
	memcpy(text + CHECK_DETAIL_MAX - 3, "\xe2\x82\xac", 3);
	text[sizeof text - 1] = '\0';
	cut = plan_add(&w.plan, &kind, &w.direct, NULL, NULL, "x");
	step_end(cut, CHECK_OK, "%s", text);
	assert_int_equal(strlen(cut->told.detail), CHECK_DETAIL_MAX - 3);
	tear_down(&w);
}

static void reasons_are_the_first(void **unused)
{
	struct world w;
	struct step *port, *tls, *http;

	(void)unused;
	set_up(&w);
	port = plan_add(&w.plan, &kind, &w.direct, NULL, NULL, "8531");
	tls = plan_add(&w.plan, &kind, &w.direct, NULL, NULL, "handshake");
	http = plan_add(&w.plan, &kind, &w.direct, NULL, NULL, "x");
	port->told.began = http->told.began = 1;
	step_end(port, CHECK_FAILED, "refused");
	step_skip(tls, port);
	step_skip(http, tls);
	assert_string_equal(http->told.detail, "needs http 8531: refused");
	assert_int_equal(http->told.state, CHECK_SKIPPED);
	assert_true(http->told.began == MOMENT_NONE && http->told.ended == MOMENT_NONE);
	assert_false(step_well(http) || step_well(port));
	tear_down(&w);
}

static void the_last_talks_are_kept(void **unused)
{
	struct world w;
	struct step *s;
	struct dial_result r = { .outcome = DIAL_OPEN, .began = 100, .ended = 350 };

	(void)unused;
	set_up(&w);
	s = plan_add(&w.plan, &kind, &w.direct, NULL, NULL, "x");
	step_talk(s, &r);               /* nothing was sent: there is no port */
	assert_int_equal(s->told.talk_count, 0);
	for (uint16_t i = 1; i <= CHECK_TALKS + 2; i++) {
		r.talk.us.port = i;
		step_talk(s, &r);
	}
	assert_int_equal(s->told.talk_count, CHECK_TALKS);
	assert_int_equal(s->told.talks[0].local.port, 3);
	assert_int_equal(s->told.talks[CHECK_TALKS - 1].local.port, CHECK_TALKS + 2);
	assert_int_equal(s->told.connect, 250);
	tear_down(&w);
}

static void phases_follow_each_other(void **unused)
{
	struct world w;
	struct step *s, *plain, *failed;
	struct fetch_result r = { .began = 100, .lookup = MOMENT_NONE, .connected = 130, .secured = 200,
		                  .first_byte = 350, .ended = 400 };

	(void)unused;
	set_up(&w);
	s = plan_add(&w.plan, &kind, &w.direct, NULL, NULL, "x");
	step_fetched(s, &r);
	assert_true(s->told.connect == 30 && s->told.tls == 70 && s->told.first_byte == 150);
	r.secured = MOMENT_NONE;
	plain = plan_add(&w.plan, &kind, &w.direct, NULL, NULL, "x");
	step_fetched(plain, &r);
	assert_true(plain->told.connect == 30 && plain->told.tls == -1 && plain->told.first_byte == 220);
	r.connected = r.first_byte = MOMENT_NONE;
	failed = plan_add(&w.plan, &kind, &w.direct, NULL, NULL, "x");
	step_fetched(failed, &r);
	assert_true(failed->told.connect == -1 && failed->told.tls == -1 && failed->told.first_byte == -1);
	tear_down(&w);
}

static void requests_go_where_the_way_leads(void **unused)
{
	struct world w;
	struct step *direct, *through;
	char url[FETCH_URL_MAX];
	struct fetch_options o;

	(void)unused;
	set_up(&w);
	w.options.proxy_user = "CORP\\p:q";
	w.options.insecure = true;
	w.options.authorities = "ca.pem";
	direct = plan_add(&w.plan, &kind, &w.direct, NULL, NULL, "x");
	through = plan_add(&w.plan, &kind, &w.through, NULL, NULL, "x");
	o = step_fetch(direct, "GET", "/Content/", url);
	assert_string_equal(o.url, "https://wsus01:8531/Content/");
	assert_string_equal(o.method, "GET");
	assert_true(addr_eq(&o.at, &w.site.addresses[0]));
	assert_null(o.proxy);
	assert_int_equal(o.proxy_login, FETCH_NO_LOGIN);
	assert_string_equal(o.server_user, "me:geheim");
	assert_int_equal(o.server_login, FETCH_ANY);
	assert_true(o.tls.insecure);
	assert_string_equal(o.tls.authorities, "ca.pem");
	assert_string_equal(o.agent, "wsuscope/0.1.0 (+probe)");
	assert_true(o.timeout == 15 * MOMENT_S && o.connect_timeout == 5 * MOMENT_S);
	assert_true(o.keep && o.most);
	o = step_fetch(through, "HEAD", "/", url);
	assert_true(addr_eq(&o.at, &w.proxy.addresses[0]));
	assert_string_equal(o.proxy, "http://proxy01:3128");
	assert_string_equal(o.proxy_user, "CORP\\p:q");
	assert_int_equal(o.proxy_login, FETCH_ANY);
	assert_int_equal(o.owner, through->told.number);
	tear_down(&w);
}

static void times_are_the_users(void **unused)
{
	struct world w;
	const struct step *s;

	(void)unused;
	set_up(&w);
	s = plan_add(&w.plan, &kind, &w.direct, NULL, NULL, "x");
	w.options.check_timeout = 3 * MOMENT_S;
	assert_true(step_timeout(s) == 3 * MOMENT_S && step_connect_timeout(s) == 3 * MOMENT_S);
	w.options.connect_timeout = MOMENT_S;
	assert_true(step_connect_timeout(s) == MOMENT_S);
	tear_down(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_know_whom_they_are_of),
		cmocka_unit_test(scripts_are_needed),
		cmocka_unit_test(needs_are_counted_once),
		cmocka_unit_test(details_are_one_line),
		cmocka_unit_test(reasons_are_the_first),
		cmocka_unit_test(the_last_talks_are_kept),
		cmocka_unit_test(phases_follow_each_other),
		cmocka_unit_test(requests_go_where_the_way_leads),
		cmocka_unit_test(times_are_the_users),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
