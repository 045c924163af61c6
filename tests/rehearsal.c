/* tests/rehearsal.c - sites, ways and proxies as the planner would make them. */
#include "tests/rehearsal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "probes/schedule.h"

static void ends_well(struct step *s)
{
	step_end(s, CHECK_OK, "open");
}

static const struct step_kind well = { .rung = CHECK_PORT, .start = ends_well, .light = true };

static struct addr loopback(void)
{
	return addr_v4((const uint8_t[]){ 127, 0, 0, 1 });
}

static struct way *add_way(struct rehearsal *r, struct site *site, struct proxy *proxy)
{
	struct way *way = calloc(1, sizeof *way), **last = &site->ways;

	assert_non_null(way);
	while (*last)
		last = &(*last)->next;
	*last = way;
	way->plan = &r->plan;
	way->site = site;
	way->proxy = proxy;
	return way;
}

struct site *rehearsal_bare_site(struct plan *p, const char *url)
{
	struct site *site = calloc(1, sizeof *site), **last = &p->sites;
	struct fault fault;

	assert_non_null(site);
	while (*last)
		last = &(*last)->next;
	*last = site;
	assert_true(target_parse(span_text(url), &site->target, &fault));
	return site;
}

struct proxy *rehearsal_bare_proxy(struct plan *p, const char *url)
{
	struct proxy *proxy = calloc(1, sizeof *proxy), **last = &p->proxies;
	struct fault fault;

	assert_non_null(proxy);
	while (*last)
		last = &(*last)->next;
	*last = proxy;
	assert_true(target_parse(span_text(url), &proxy->target, &fault));
	return proxy;
}

struct site *rehearsal_site(struct rehearsal *r, const char *url)
{
	struct site *site = rehearsal_bare_site(&r->plan, url);

	site->asked_for = true;
	site->addresses[site->address_count++] = loopback();
	site->port = plan_add(&r->plan, &well, NULL, site, NULL, "port");
	add_way(r, site, NULL)->reach = site->port;
	return site;
}

void rehearsal_begin(struct rehearsal *r, const char *url)
{
	memset(&r->plan, 0, sizeof r->plan);
	r->plan.options = &r->options;
	r->plan.loop = loop_new();
	r->plan.tape = tape_new(1 << 24);
	assert_non_null(r->plan.loop);
	assert_non_null(r->plan.tape);
	snprintf(r->plan.agent, sizeof r->plan.agent, "test");
	r->site = rehearsal_site(r, url);
	r->direct = r->site->ways;
}

struct way *rehearsal_proxy(struct rehearsal *r, struct site *site, const char *url)
{
	struct proxy *proxy = r->plan.proxies;
	char text[TARGET_TEXT];

	while (proxy && strcmp(target_text(&proxy->target, text), url) != 0)
		proxy = proxy->next;
	if (!proxy) {
		proxy = rehearsal_bare_proxy(&r->plan, url);
		proxy->http = proxy->https = true;
		proxy->addresses[proxy->address_count++] = loopback();
		proxy->port = plan_add(&r->plan, &well, NULL, NULL, proxy, "port");
	}
	return add_way(r, site, proxy);
}

void rehearsal_run(struct rehearsal *r)
{
	const volatile sig_atomic_t never = 0;

	schedule_run(&r->plan, &never, NULL, NULL);
}

void rehearsal_end(struct rehearsal *r)
{
	plan_release(&r->plan);
	loop_free(r->plan.loop);
	tape_free(r->plan.tape);
}

const struct check *rehearsal_check(const struct rehearsal *r, const char *name, bool proxied)
{
	for (size_t i = r->plan.step_count; i--;) {
		const struct check *told = &r->plan.steps[i]->told;

		if (!strcmp(told->name, name) && !told->proxy[0] == !proxied)
			return told;
	}
	fail_msg("no check \"%s\"", name);
	return NULL;
}

void rehearsal_is(const struct check *told, enum check_state state, const char *says)
{
	if (told->state != state || !strstr(told->detail, says))
		fail_msg("%s of %s is %s: %s (expected %s: %s)", told->name, told->target,
		         check_state_name(told->state), told->detail, check_state_name(state), says);
}

void rehearsal_expect(const struct rehearsal *r, const char *name, bool proxied, enum check_state state,
                      const char *says)
{
	rehearsal_is(rehearsal_check(r, name, proxied), state, says);
}
