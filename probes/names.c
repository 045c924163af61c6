/* probes/names.c - a host's addresses, found once for all its sites, and what each name server says of it. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/tongue.h"
#include "probes/resolve.h"
#include "probes/steps.h"

#define HOSTS_FILE "/etc/hosts"

enum { SOCKETS = 4 };

/* Of a step under way. */
struct work {
	struct resolve *resolve;
};

/* ---- --resolve HOST:PORT:ADDRESS[,ADDRESS] ---- */

static unsigned read_addresses(struct span list, struct addr to[static SITE_ADDRESSES_MAX])
{
	unsigned count = 0;

	while (list.len && count < SITE_ADDRESSES_MAX)
		if (addr_parse(span_split(&list, ','), &to[count]))
			count++;
	return count;
}

/* How many addresses the user gives for that host and port; the first row counts. */
static unsigned given(const struct probe_options *o, const struct target *t,
                      struct addr to[static SITE_ADDRESSES_MAX])
{
	for (size_t i = 0; i < o->resolve_count; i++) {
		struct span rest = span_text(o->resolve[i]);
		struct span host = span_split(&rest, ':');
		struct span port = span_split(&rest, ':');
		uint64_t number;

		if ((span_ieq(host, span_text(t->host)) || span_eq(host, SPAN("*"))) &&
		    span_decimal(port, &number) && number == t->port)
			return read_addresses(rest, to);
	}
	return 0;
}

/* ---- who learns of it ---- */

static bool wanted(const struct probe_options *o, const struct addr *a)
{
	return addr_is_v4(a) ? !o->only_v6 : !o->only_v4;
}

struct place {
	const struct target *target;
	struct addr *addresses;
	unsigned *count;
};

/* The user's word for it counts more than what was found; true: it has an address. */
static bool fill(const struct plan *p, struct place to, const struct addr *addresses, unsigned count)
{
	struct addr own[SITE_ADDRESSES_MAX];
	unsigned own_count = given(p->options, to.target, own);

	*to.count = 0;
	if (own_count) {
		addresses = own;
		count = own_count;
	}
	for (unsigned i = 0; i < count && *to.count < SITE_ADDRESSES_MAX; i++)
		to.addresses[(*to.count)++] = addresses[i];
	return *to.count;
}

/* Every site and proxy whose name this step looks up; true: all of them have an address. */
static bool fill_all(const struct step *s, const struct addr *addresses, unsigned count)
{
	const struct plan *p = s->plan;
	bool all = true;

	for (struct site *x = p->sites; x; x = x->next) {
		struct place to = { &x->target, x->addresses, &x->address_count };

		if (x->name == s)
			all = fill(p, to, addresses, count) && all;
	}
	for (struct proxy *x = p->proxies; x; x = x->next) {
		struct place to = { &x->target, x->addresses, &x->address_count };

		if (x->name == s)
			all = fill(p, to, addresses, count) && all;
	}
	return all;
}

static const struct target *target_of(const struct step *s)
{
	return s->site ? &s->site->target : &s->proxy->target;
}

static const struct addr *found(const struct step *s, unsigned *count)
{
	*count = s->site ? s->site->address_count : s->proxy->address_count;
	return s->site ? s->site->addresses : s->proxy->addresses;
}

/* ---- the usual lookup ---- */

static void stop(struct step *s)
{
	struct work *w = s->work;

	resolve_stop(w->resolve);
	step_forget(s);
}

static void end_without(struct step *s, const struct resolve_result *r)
{
	const struct probe_options *o = s->plan->options;
	const char *host = target_of(s)->host;
	char words[RESOLVE_TEXT];

	resolve_notes_text(r, host, words);
	if (r->note_count)
		step_end(s, CHECK_FAILED, "%s has no %saddress: %s", host,
		         o->only_v6 ? "IPv6 " : o->only_v4 ? "IPv4 " : "", words);
	else
		step_end(s, CHECK_FAILED, "%s is not in %s, and resolv.conf names no name server", host,
		         HOSTS_FILE);
}

/* What went wrong on the way to an answer: a server that is silent or errs delays every lookup. */
static bool was_troubled(const struct resolve_result *r)
{
	for (unsigned i = 0; i < r->note_count; i++)
		if (resolve_note_failed(&r->notes[i]))
			return true;
	return false;
}

static void end_with(struct step *s, const struct resolve_result *r)
{
	const char *host = target_of(s)->host;
	const struct resolve_note *last = &r->notes[r->note_count ? r->note_count - 1 : 0];
	char addresses[RESOLVE_TEXT], words[RESOLVE_TEXT];
	char alias[LOOKUP_NAME + 16] = "", name[LOOKUP_NAME + 16] = "";

	resolve_addresses_text(r->addresses, r->count, addresses);
	if (r->canonical[0])
		tongue_say(alias, sizeof alias, ", alias of %s", r->canonical);
	if (strcmp(r->name, host) != 0)
		tongue_say(name, sizeof name, " as %s", r->name);
	if (r->from_hosts) {
		step_end(s, CHECK_OK, "%s, from %s", addresses, HOSTS_FILE);
		return;
	}
	resolve_notes_text(r, host, words);
	s->told.lookup = last->took;
	if (was_troubled(r))
		step_end(s, CHECK_WARNING, "%s%s%s, but %s", addresses, name, alias, words);
	else
		step_end(s, CHECK_OK, "%s%s%s, %s in %lld ms", addresses, name, alias,
		         addr_text(&last->server.addr, words), resolve_ms(last->took));
}

static void usual_done(void *self, const struct resolve_result *r)
{
	struct step *s = self;
	bool all = fill_all(s, r->addresses, r->count);

	step_forget(s);
	if (r->count)
		end_with(s, r);
	else if (all)
		step_end(s, CHECK_OK, "by --resolve");
	else
		end_without(s, r);
}

static void look_up(struct step *s, unsigned server,
                    void (*done)(void *self, const struct resolve_result *result))
{
	const struct plan *p = s->plan;
	bool every = server == RESOLVE_EVERY_SERVER;
	unsigned servers = every && p->system.server_count ? p->system.server_count : 1;
	int64_t share = step_timeout(s) / servers, most = step_connect_timeout(s);
	struct resolve_options o = {
		.host = target_of(s)->host,
		.system = &p->system,
		.server = server,
		.v4 = !p->options->only_v6,
		.v6 = !p->options->only_v4,
		.hosts = every ? HOSTS_FILE : NULL,
		.owner = s->told.number,
		.timeout = share < most ? share : most,
	};
	struct work *w = calloc(1, sizeof *w);

	s->work = w;
	if (w)
		w->resolve = resolve_start(p->loop, p->tape, &o, done, s);
	if (w && w->resolve)
		return;
	step_forget(s);
	step_end(s, CHECK_FAILED, "out of memory");
}

static void usual_start(struct step *s)
{
	const struct target *t = target_of(s);
	const struct addr *addresses;
	char text[RESOLVE_TEXT];
	unsigned count;

	if (t->is_addr && !wanted(s->plan->options, &t->addr)) {
		step_end(s, CHECK_FAILED, "-%c rules this address out",
		         s->plan->options->only_v4 ? '4' : '6');
	} else if (t->is_addr) {
		fill_all(s, &t->addr, 1);
		step_end(s, CHECK_OK, "an address");
	} else if (fill_all(s, NULL, 0)) {
		addresses = found(s, &count);
		step_end(s, CHECK_OK, "%s, by --resolve", resolve_addresses_text(addresses, count, text));
	} else {
		look_up(s, RESOLVE_EVERY_SERVER, usual_done);
	}
}

/* ---- one name server ---- */

static bool have_common(const struct addr *a, unsigned a_count, const struct addr *b, unsigned b_count)
{
	for (unsigned i = 0; i < a_count; i++)
		for (unsigned j = 0; j < b_count; j++)
			if (addr_eq(&a[i], &b[j]))
				return true;
	return false;
}

static void server_done(void *self, const struct resolve_result *r)
{
	struct step *s = self;
	const struct resolve_note *last = &r->notes[r->note_count ? r->note_count - 1 : 0];
	const char *host = target_of(s)->host;
	unsigned count;
	const struct addr *others = found(s, &count);
	char text[RESOLVE_TEXT], usual[RESOLVE_TEXT], words[RESOLVE_TEXT];

	step_forget(s);
	resolve_notes_text(r, host, words);
	s->told.lookup = r->note_count ? last->took : -1;
	resolve_addresses_text(others, count, usual);
	if (!r->count) {
		step_end(s, count ? CHECK_WARNING : CHECK_FAILED, "%s%s%s", words,
		         count ? _("; the usual lookup gives ") : "", usual);
		return;
	}
	resolve_addresses_text(r->addresses, r->count, text);
	if (count && !have_common(r->addresses, r->count, others, count))
		step_end(s, CHECK_WARNING, "%s in %lld ms; the usual lookup gives %s", text,
		         resolve_ms(last->took), usual);
	else if (was_troubled(r))
		step_end(s, CHECK_WARNING, "%s, but %s", text, words);
	else
		step_end(s, CHECK_OK, "%s in %lld ms", text, resolve_ms(last->took));
}

static void server_start(struct step *s)
{
	look_up(s, s->variant, server_done);
}

/* ---- the plan ---- */

static const struct step_kind usual_kind = { CHECK_NAME, usual_start, stop, SOCKETS, true };
/* Not light: each question is a channel of c-ares, 75 KB, and these are many. */
static const struct step_kind server_kind = { CHECK_NAME, server_start, stop, SOCKETS, false };

static const char *families(const struct plan *p)
{
	return p->options->only_v4 ? "A" : p->options->only_v6 ? "AAAA" : _("A and AAAA");
}

static bool add_server(struct plan *p, struct step *usual, unsigned server)
{
	char text[ADDR_TEXT], name[CHECK_NAME_MAX];
	struct step *s;

	snprintf(name, sizeof name, "by %s", addr_text(&p->system.servers[server].addr, text));
	s = plan_add(p, &server_kind, NULL, usual->site, usual->proxy, name);
	if (!s)
		return false;
	s->variant = server;
	s->lenient = true;
	step_needs(s, usual);
	step_sends(s, "DNS: %s of %.80s to %s", families(p), target_of(s)->host, text);
	return true;
}

/* The lookup of a host; with more than one name server, each is asked for its own answer, too. */
static struct step *add_host(struct plan *p, struct site *site, struct proxy *proxy)
{
	struct step *s = plan_add(p, &usual_kind, NULL, site, proxy, "lookup");
	const struct target *t;

	if (!s)
		return NULL;
	t = target_of(s);
	if (t->is_addr) {
		step_sends(s, "nothing: an address");
		return s;
	}
	if (t->host[0])
		step_sends(s, "DNS: %s of %.100s to the system's name servers", families(p), t->host);
	else
		step_sends(s, "DNS: %s of the proxy that the script names", families(p));
	for (unsigned i = 0; i < p->system.server_count && p->system.server_count > 1 && t->host[0]; i++)
		if (!add_server(p, s, i))
			return NULL;
	return s;
}

static struct step *known(const struct plan *p, const char *host)
{
	for (const struct site *x = p->sites; x; x = x->next)
		if (x->name && strcmp(x->target.host, host) == 0)
			return x->name;
	for (const struct proxy *x = p->proxies; x; x = x->next)
		if (x->name && !x->script && strcmp(x->target.host, host) == 0)
			return x->name;
	return NULL;
}

bool names_plan(struct plan *p, struct site *site)
{
	site->name = known(p, site->target.host);
	if (!site->name)
		site->name = add_host(p, site, NULL);
	return site->name;
}

bool proxy_names_plan(struct plan *p, struct proxy *proxy)
{
	proxy->name = proxy->script ? NULL : known(p, proxy->target.host);
	if (!proxy->name)
		proxy->name = add_host(p, NULL, proxy);
	return proxy->name;
}
