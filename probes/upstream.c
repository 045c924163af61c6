/* probes/upstream.c - hosts of Microsoft Update that a synchronising server needs: name, port and TLS.
 *
 * One step a host and way, as all of it is out of the user's hands but for what stands in between.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/tongue.h"
#include "facts/tls.h"
#include "probes/chain.h"
#include "probes/request.h"
#include "probes/resolve.h"
#include "probes/steps.h"

enum { TRIES_MAX = 3 };

#define HOSTS_FILE "/etc/hosts"

/* What Microsoft tells to allow ("Step 2 - Configure WSUS", 2.1.1): those that are hosts and no patterns. */
static const struct {
	const char *host;
	bool https;
	bool needed;                    /* nothing is synchronised, or downloaded, without it */
	const char *path;
} hosts[] = {
	{ "sws.update.microsoft.com", true, true, "/ServerSyncWebService/ServerSyncWebService.asmx" },
	{ "download.windowsupdate.com", false, true, "/" },
	{ "dl.delivery.mp.microsoft.com", true, true, "/" },
	{ "dl.delivery.mp.microsoft.com", false, true, "/" },
	{ "download.microsoft.com", true, false, "/" },
	{ "windowsupdate.microsoft.com", false, false, "/" },
	{ "go.microsoft.com", false, false, "/" },
};

struct upstream {
	struct request request;
	struct resolve *resolve;        /* under way; NULL */
	unsigned tried;                 /* addresses */
};

static void over(struct upstream *u, enum check_state state, const char *words)
{
	struct step *s = u->request.step;

	if (state == CHECK_FAILED && !hosts[s->variant].needed)
		state = CHECK_WARNING;
	s->told.unjudged = state == CHECK_OK;
	request_over(&u->request, state, "%s", words);
}

/* ---- what was answered ---- */

/* An authority that is in every Windows, and in few other systems' stores. */
static bool by_microsoft(const struct chain *c, enum chain_fault fault)
{
	if (fault != CHAIN_UNKNOWN_ROOT && fault != CHAIN_INCOMPLETE)
		return false;
	for (unsigned i = 0; i < c->count; i++)
		if (!span_starts(span_text(c->links[i].issuer), SPAN("Microsoft ")))
			return false;
	return true;
}

static void end_https(struct upstream *u, const struct fetch_result *result)
{
	struct step *s = u->request.step;
	enum chain_fault fault;
	struct chain chain;
	char words[CHECK_DETAIL_MAX];

	chain_read(&chain, result->chain, result->chain_count, s->site->target.host, NULL);
	fault = chain_fault(&chain, result->verify, result->verify_at);
	if (fault == CHAIN_TRUSTED || by_microsoft(&chain, fault)) {
		tongue_say(words, sizeof words, "%s, by \"%s\"%s", tls_version_name(result->tls_version),
		         chain.links[0].issuer, fault == CHAIN_TRUSTED ? "" : _(", which Windows trusts"));
		over(u, CHECK_OK, words);
		return;
	}
	if (chain_untold(fault))
		step_trouble(s, CHECK_UNTRUSTED_CHAIN);
	chain_fault_words(&chain, fault, result->verify, result->verify_at, s->site->target.host, words);
	over(u, CHECK_FAILED, words);
}

static bool send_next(struct upstream *u);

static void heard(struct request *r, const struct fetch_result *result)
{
	struct upstream *u = (struct upstream *)r;
	struct answerer maker;
	char words[CHECK_DETAIL_MAX], said[REQUEST_TEXT];

	if (result->stage == FETCH_CONNECT && send_next(u))
		return;
	snprintf(words, sizeof words, "%s", request_said(result, said));
	if (result->stage > FETCH_TLS && r->step->site->target.https) {
		end_https(u, result);
	} else if (result->stage < FETCH_BODY) {
		over(u, CHECK_FAILED, words);
	} else {
		maker = request_maker(result);
		over(u, result->status >= 400 && answerer_is_box(&maker) ? CHECK_FAILED : CHECK_OK, words);
	}
}

/* To the next address; through a proxy there is one, the proxy's.  False: there is no more. */
static bool send_next(struct upstream *u)
{
	struct step *s = u->request.step;
	unsigned count = s->proxy ? s->proxy->address_count : s->site->address_count;
	struct fetch_options o;

	if (u->tried >= count || u->tried >= TRIES_MAX)
		return false;
	o = request_options(&u->request, "HEAD", hosts[s->variant].path);
	o.at = s->proxy ? s->proxy->addresses[u->tried] : s->site->addresses[u->tried];
	u->tried++;
	o.tls.min = TLS_1_2;
	o.tls.certificate = o.tls.key = NULL;
	o.tls.insecure = true;          /* what is found is told below */
	o.server_login = FETCH_NO_LOGIN;
	o.server_user = NULL;
	request_send(&u->request, &o);
	return true;
}

/* ---- the name ---- */

static void resolved(void *self, const struct resolve_result *found)
{
	struct upstream *u = self;
	struct step *s = u->request.step;
	char notes[RESOLVE_TEXT], words[CHECK_DETAIL_MAX];

	u->resolve = NULL;
	s->told.lookup = loop_clock(s->plan->loop) - s->told.began;
	for (unsigned i = 0; i < found->count && i < SITE_ADDRESSES_MAX; i++)
		s->site->addresses[s->site->address_count++] = found->addresses[i];
	if (send_next(u))
		return;
	resolve_notes_text(found, s->site->target.host, notes);
	tongue_say(words, sizeof words, "no address: %.250s",
	         found->note_count ? notes : _("no name server is known"));
	over(u, CHECK_FAILED, words);
}

static void look_up(struct upstream *u)
{
	struct step *s = u->request.step;
	const struct plan *p = s->plan;
	struct resolve_options o = {
		.host = s->site->target.host,
		.system = &p->system,
		.server = RESOLVE_EVERY_SERVER,
		.v4 = !p->options->only_v6,
		.v6 = !p->options->only_v4,
		.hosts = HOSTS_FILE,
		.owner = s->told.number,
		.timeout = step_timeout(s) / (2 * ASK_SERVERS_MAX),
	};

	u->resolve = resolve_start(p->loop, p->tape, &o, resolved, u);
	if (!u->resolve)
		over(u, CHECK_FAILED, _("out of memory"));
}

/* --resolve HOST:PORT:ADDR stands for an answer. */
static void take_given(struct site *site, const struct probe_options *o)
{
	for (size_t i = 0; i < o->resolve_count && site->address_count < SITE_ADDRESSES_MAX; i++) {
		struct span rest = span_text(o->resolve[i]);
		struct span host = span_split(&rest, ':');
		struct span port = span_split(&rest, ':');
		uint64_t number;

		if (!span_ieq(host, span_text(site->target.host)) || !span_decimal(port, &number) ||
		    number != site->target.port)
			continue;
		if (addr_parse(span_split(&rest, ','), &site->addresses[site->address_count]))
			site->address_count++;
	}
}

/* ---- the steps ---- */

static void start(struct step *s)
{
	struct upstream *u = request_new(s, sizeof *u, heard);

	if (!u)
		return;
	if (!s->proxy && !s->site->address_count)
		take_given(s->site, s->plan->options);
	if (send_next(u))
		return;
	if (s->proxy)
		over(u, CHECK_FAILED, _("the proxy has no address"));
	else
		look_up(u);
}

static void stop(struct step *s)
{
	struct upstream *u = s->work;

	if (u && u->resolve)
		resolve_stop(u->resolve);
	request_stop(s);
}

static const struct step_kind host_step = { .rung = CHECK_UPSTREAM, .start = start, .stop = stop };

static bool add_way(struct plan *p, struct site *site, struct proxy *proxy, unsigned row)
{
	struct way *way = calloc(1, sizeof *way), **last = &site->ways;
	char name[CHECK_NAME_MAX];
	struct step *s;

	if (!way)
		return false;
	while (*last)
		last = &(*last)->next;
	*last = way;
	way->plan = p;
	way->site = site;
	way->proxy = proxy;
	snprintf(name, sizeof name, "%.40s %u", site->target.host, (unsigned)site->target.port);
	s = way->reach = plan_add(p, &host_step, way, NULL, NULL, name);
	if (!s)
		return false;
	s->variant = row;
	step_needs(s, proxy ? proxy->port : NULL);
	step_sends(s, "%sHEAD %s://%s%s", proxy ? "" : _("its name, "), site->target.https ? "https" : "http",
	           site->target.host, hosts[row].path);
	return true;
}

/* Scripts would have to be asked for each host anew: named proxies alone. */
static bool add_ways(struct plan *p, struct site *site, unsigned row)
{
	if (!add_way(p, site, NULL, row))
		return false;
	for (struct proxy *proxy = p->proxies; proxy; proxy = proxy->next)
		if (!proxy->script && (site->target.https ? proxy->https : proxy->http) &&
		    !add_way(p, site, proxy, row))
			return false;
	return true;
}

bool upstream_plan(struct plan *p)
{
	struct site **last = &p->upstream;

	for (unsigned i = 0; p->options->upstream && i < sizeof hosts / sizeof *hosts; i++) {
		struct site *site = calloc(1, sizeof *site);

		if (!site)
			return false;
		*last = site;
		last = &site->next;
		site->asked_for = true;
		site->target.https = hosts[i].https;
		site->target.has_scheme = site->target.has_port = true;
		site->target.port = hosts[i].https ? 443 : 80;
		snprintf(site->target.host, sizeof site->target.host, "%s", hosts[i].host);
		if (!add_ways(p, site, i))
			return false;
	}
	return true;
}
