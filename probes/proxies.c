/* probes/proxies.c - what a proxy itself says: the way to a site, ports it lets through, logins it takes.
 *
 * A way through a proxy is reached when the proxy opens a tunnel to an https site, or passes on a request for
 * a plain one.  Tunnels to other ports, and each login by itself, are only looked at.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/tongue.h"
#include "probes/offers.h"
#include "probes/request.h"
#include "probes/steps.h"

#define PATH "/ClientWebService/client.asmx"

enum { HTTP_OK = 200, HTTP_PROXY_LOGIN = 407, HTTP_BAD_GATEWAY = 502 };

/* As a plain request, or as a tunnel through which nothing is sent. */
static struct fetch_options ask(struct request *r, bool tunnel, uint16_t port)
{
	struct fetch_options o = request_elsewhere(r, "HEAD", false, port, PATH);

	o.tunnel = o.connect_only = tunnel;
	return o;
}

static bool usual_tunnel(const struct step *s)
{
	return s->site->target.https;
}

/* ---- what a proxy answered ---- */

static unsigned status_of(const struct fetch_result *result)
{
	bool tunnel = result->connect_status && result->stage == FETCH_TUNNEL;

	return tunnel ? result->connect_status : result->status;
}

/* The proxy, and not the server behind it, made the answer. */
static bool refused(const struct fetch_result *result, bool tunnel)
{
	struct answerer maker;

	if (result->stage < FETCH_BODY || tunnel)
		return result->stage < FETCH_BODY || result->connect_status != HTTP_OK;
	if (result->status < 400 || result->status == HTTP_PROXY_LOGIN)
		return result->status == HTTP_PROXY_LOGIN;
	maker = request_maker(result);
	return answerer_is_box(&maker) || result->status == HTTP_BAD_GATEWAY;
}

/* "; it says \"ERR_CONNECT_FAIL 111\"", or "". */
static const char *reason(const struct fetch_result *result, char text[static REQUEST_TEXT])
{
	struct span said = request_maker(result).error;
	int len = said.len < 120 ? (int)said.len : 120;

	text[0] = '\0';
	if (len)
		tongue_say(text, REQUEST_TEXT, "; it says \"%.*s\"", len, (const char *)said.at);
	return text;
}

/* Its name and password, or ":"; NULL: none was given. */
static const char *user_of(const struct plan *p, const struct proxy *proxy)
{
	return proxy->target.user[0] ? proxy->target.user : p->options->proxy_user;
}

static const char *refusal(const struct step *s, const struct fetch_result *result, bool tunnel,
                           uint16_t port, char text[static CHECK_DETAIL_MAX])
{
	const char *user = user_of(s->plan, s->proxy);
	unsigned status = status_of(result);
	char why[REQUEST_TEXT], offers[OFFERS_TEXT];

	offers_text(result, SPAN("Proxy-Authenticate"), offers);
	reason(result, why);
	if (!status)
		snprintf(text, CHECK_DETAIL_MAX, "%s", request_said(result, why));
	else if (status == HTTP_PROXY_LOGIN)
		tongue_say(text, CHECK_DETAIL_MAX,
			   user ? N_("the proxy refuses this login (407); it offers %s")
				: N_("the proxy wants a login (407); it offers %s"),
			   offers[0] ? offers : _("none"));
	else if (status < 500)
		tongue_say(text, CHECK_DETAIL_MAX,
			   tunnel ? N_("the proxy refuses a tunnel to port %u (%u)%s")
				  : N_("the proxy refuses requests for port %u (%u)%s"),
			   (unsigned)port, status, why);
	else
		tongue_say(text, CHECK_DETAIL_MAX, "the proxy does not reach port %u (%u)%s", (unsigned)port,
		         status, why);
	return text;
}

/* ---- whether a site is reached ----
 *
 * Ports of a host that were only looked for stand for each other: one that serves excuses those that
 * do not, unless they are open without the proxy. */

struct reaching {
	struct request request;
	bool failed;                    /* and waits for what becomes of the others */
	char words[CHECK_DETAIL_MAX];
};

static bool well(const struct step *s)
{
	return s && s->ended && s->told.state <= CHECK_WARNING;
}

static bool stand_for_each_other(const struct step *a, const struct step *b)
{
	if (a->site->asked_for || b->site->asked_for)
		return false;
	return !strcmp(a->site->target.host, b->site->target.host) &&
	       (a->proxy == b->proxy || (a->proxy->script && b->proxy->script));
}

/* From place *at on, the next step that leads to a port of the same host by the same proxy. */
static struct step *next_peer(struct step *s, size_t *at)
{
	while (*at < s->plan->step_count) {
		struct step *other = s->plan->steps[(*at)++];

		if (other->proxy && other->way && other->way->reach == other &&
		    stand_for_each_other(s, other))
			return other;
	}
	return NULL;
}

static bool rests(const struct step *s)
{
	const struct reaching *r = s->work;

	return !s->ended && r && r->failed;
}

static void settle(struct step *s)
{
	struct step *other, *serves = NULL;
	bool waits = false;

	for (size_t at = 0; (other = next_peer(s, &at));) {
		if (well(other))
			serves = other;
		waits = waits || (!other->ended && !rests(other));
	}
	if (!serves && waits)
		return;
	for (size_t at = 0; (other = next_peer(s, &at));) {
		struct reaching *r = other->work;

		if (!rests(other))
			continue;
		other->told.unjudged = serves;
		if (serves)
			request_over(&r->request, CHECK_SKIPPED, "%s; port %u serves instead", r->words,
			             (unsigned)serves->site->target.port);
		else
			request_over(&r->request, CHECK_FAILED, "%s", r->words);
	}
}

static void reach_heard(struct request *request, const struct fetch_result *result)
{
	struct reaching *r = (struct reaching *)request;
	struct step *s = request->step;
	bool tunnel = usual_tunnel(s);

	if (!s->proxy->offers[0])
		offers_text(result, SPAN("Proxy-Authenticate"), s->proxy->offers);
	s->told.unjudged = !refused(result, tunnel);
	if (!s->told.unjudged) {
		refusal(s, result, tunnel, s->site->target.port, r->words);
		if (s->site->asked_for || well(s->site->ways->reach)) {
			request_over(request, CHECK_FAILED, "%s", r->words);
		} else {
			r->failed = true;
			step_rests(s);
		}
	} else if (tunnel) {
		request_over(request, CHECK_OK, "the proxy opens a tunnel");
	} else {
		request_over(request, CHECK_OK, "the proxy passes requests on (%u)", result->status);
	}
	settle(s);
}

static void reach_start(struct step *s)
{
	struct step *port = s->proxy->port;
	struct reaching *r;
	struct fetch_options o;

	if (port && !well(port)) {      /* as it is lenient when its site was only looked for */
		step_end(s, CHECK_SKIPPED, "needs %s %s: %s", check_rung_name(port->told.rung),
		         port->told.name, port->told.detail);
		settle(s);
		return;
	}
	r = request_new(s, sizeof *r, reach_heard);
	if (!r)
		return;
	o = ask(&r->request, usual_tunnel(s), s->site->target.port);
	request_send(&r->request, &o);
}

static const struct step_kind reach = { .rung = CHECK_PROXY, .start = reach_start, .stop = request_stop };

static bool plan_reach(struct plan *p, struct way *way)
{
	const struct site *site = way->site;
	char name[CHECK_NAME_MAX];
	struct step *s;

	snprintf(name, sizeof name, site->target.https ? "CONNECT %u" : "request %u",
	         (unsigned)site->target.port);
	s = way->reach = plan_add(p, &reach, way, NULL, NULL, name);
	if (!s)
		return false;
	step_needs(s, way->proxy->port);
	if (!site->asked_for) {
		step_needs(s, site->ways->reach);
		s->lenient = true;
	}
	step_sends(s, site->target.https ? "CONNECT %s:%u" : "HEAD http://%s:%u" PATH, site->target.host,
	           (unsigned)site->target.port);
	return true;
}

/* ---- which ports the proxy lets through ---- */

static const uint16_t usual_ports[] = { 443, 8531, 8530, 80 };

static void port_heard(struct request *r, const struct fetch_result *result)
{
	struct step *s = r->step;
	uint16_t port = usual_ports[s->variant];
	char words[CHECK_DETAIL_MAX];

	if (result->stage == FETCH_CONNECT)
		request_over(r, CHECK_SKIPPED, "%s", refusal(s, result, true, port, words));
	else if (!refused(result, true))
		request_over(r, CHECK_OK, "the proxy opens a tunnel");
	else
		request_over(r, CHECK_OK, "no tunnel: %s", refusal(s, result, true, port, words));
}

static void port_start(struct step *s)
{
	struct request *r = request_new(s, sizeof *r, port_heard);
	struct fetch_options o;

	if (!r)
		return;
	o = ask(r, true, usual_ports[s->variant]);
	/* A proxy tries for a minute to reach what does not answer; that is not what is asked here. */
	o.timeout = o.connect_timeout;
	request_send(r, &o);
}

static const struct step_kind other_port = { .rung = CHECK_PROXY, .start = port_start, .stop = request_stop };

/* Its way through this proxy asks already, or the first site of that host does. */
static bool asked_elsewhere(const struct plan *p, const struct way *way, uint16_t port)
{
	const struct target *t = &way->site->target;
	bool before = true;

	if (t->https && t->port == port)
		return true;
	for (const struct site *site = p->sites; site; site = site->next) {
		before = before && site != way->site;
		if (site == way->site || strcmp(site->target.host, t->host))
			continue;
		if (before || (site->target.https && site->target.port == port))
			return true;
	}
	return false;
}

static bool plan_ports(struct plan *p, struct way *way)
{
	for (unsigned i = 0; i < sizeof usual_ports / sizeof *usual_ports; i++) {
		char name[CHECK_NAME_MAX];
		struct step *s;

		if (asked_elsewhere(p, way, usual_ports[i]))
			continue;
		snprintf(name, sizeof name, "CONNECT %u", (unsigned)usual_ports[i]);
		s = plan_add(p, &other_port, way, NULL, NULL, name);
		if (!s)
			return false;
		s->variant = i;
		s->told.unjudged = true;
		step_needs(s, way->proxy->port);
		step_sends(s, "CONNECT %s:%u", way->site->target.host, (unsigned)usual_ports[i]);
	}
	return true;
}

/* ---- logins ---- */

static const struct {
	const char *name;
	enum fetch_login login;
	struct span scheme;
	bool ticket;                    /* one's own Kerberos ticket, not a name and a password */
} logins[] = {
	{ "logins", FETCH_NO_LOGIN, { NULL, 0 }, false },
	{ "Basic", FETCH_BASIC, SPAN_LIT("Basic"), false },
	{ "NTLM", FETCH_NTLM, SPAN_LIT("NTLM"), false },
	{ "Negotiate", FETCH_NEGOTIATE, SPAN_LIT("Negotiate"), true },
};

static void offers_heard(struct request *r, const struct fetch_result *result)
{
	const char *offers = r->step->proxy->offers;
	bool usable = offers_has(offers, SPAN("NTLM")) || offers_has(offers, SPAN("Negotiate")) ||
		      offers_has(offers, SPAN("Kerberos"));
	char why[REQUEST_TEXT];

	if (!status_of(result) && result->stage < FETCH_BODY)
		request_over(r, CHECK_FAILED, "%s", request_said(result, why));
	else if (status_of(result) != HTTP_PROXY_LOGIN)
		request_over(r, CHECK_OK, "the proxy wants none");
	else if (usable)
		request_over(r, CHECK_OK, "the proxy wants one and offers %s", offers);
	else
		request_over(r, CHECK_WARNING, "the proxy wants one, but none that update agents have (%s)",
		             offers);
}

static void login_heard(struct request *r, const struct fetch_result *result)
{
	struct step *s = r->step;
	char why[REQUEST_TEXT];

	if (!s->variant) {
		offers_text(result, SPAN("Proxy-Authenticate"), s->proxy->offers);
		offers_heard(r, result);
	} else if (status_of(result) == HTTP_PROXY_LOGIN) {
		request_over(r, CHECK_WARNING, "refused (407)");
	} else if (!status_of(result) && result->stage < FETCH_BODY) {
		request_over(r, CHECK_WARNING, "%s", request_said(result, why));
	} else {
		request_over(r, CHECK_OK, "accepted");
	}
}

/* MIT Kerberos keeps tickets where KRB5CCNAME says, else in a file for each user (krb5.conf(5)). */
static bool has_ticket(void)
{
	const char *named = getenv("KRB5CCNAME");
	char path[64];

	if (named && span_starts(span_text(named), SPAN("FILE:")))
		return !access(named + strlen("FILE:"), R_OK);
	if (named && named[0])          /* a file, or "DIR:", "KEYRING:", "KCM:" */
		return named[0] != '/' || !access(named, R_OK);
	snprintf(path, sizeof path, "/tmp/krb5cc_%lu", (unsigned long)getuid());
	return !access(path, R_OK);
}

/* Why a login is not tried; NULL: it is. */
static const char *not_tried(const struct step *s)
{
	if (!s->variant)
		return NULL;
	if (!s->proxy->offers[0])
		return _("the proxy wants no login");
	if (!offers_has(s->proxy->offers, logins[s->variant].scheme))
		return _("the proxy does not offer it");
	if (!fetch_can(logins[s->variant].login))
		return _("this libcurl has none");
	if (logins[s->variant].ticket && !has_ticket())
		return _("there is no Kerberos ticket here (see kinit)");
	return NULL;
}

static void login_start(struct step *s)
{
	const char *why_not = not_tried(s);
	struct request *r;
	struct fetch_options o;

	if (why_not) {
		step_end(s, CHECK_SKIPPED, "%s", why_not);
		return;
	}
	r = request_new(s, sizeof *r, login_heard);
	if (!r)
		return;
	o = ask(r, usual_tunnel(s), s->site->target.port);
	o.proxy_login = logins[s->variant].login;
	if (!s->variant)
		o.proxy_user = NULL;
	else if (logins[s->variant].ticket)
		o.proxy_user = ":";
	request_send(r, &o);
}

static const struct step_kind login = { .rung = CHECK_PROXY, .start = login_start, .stop = request_stop };

/* A name and a password are given, and not just ":". */
static bool has_password(const struct plan *p, const struct way *way)
{
	const char *user = user_of(p, way->proxy);

	return user && strcmp(user, ":") != 0;
}

static bool plan_logins(struct plan *p, struct way *way)
{
	struct step *first = NULL;

	for (unsigned i = 0; i < sizeof logins / sizeof *logins; i++) {
		struct step *s;

		if (i && !logins[i].ticket && !has_password(p, way))
			continue;
		s = plan_add(p, &login, way, NULL, NULL, logins[i].name);
		if (!s)
			return false;
		s->variant = i;
		s->told.unjudged = true;
		step_needs(s, i ? first : way->proxy->port);
		first = i ? first : s;
		step_sends(s, usual_tunnel(s) ? "CONNECT %s:%u, %s%s" : "HEAD http://%s:%u" PATH ", %s%s",
		           way->site->target.host, (unsigned)way->site->target.port,
		           i ? _("with ") : _("without a login"), i ? logins[i].name : "");
	}
	return true;
}

/* The first of all ways through its proxy tries logins for all of them. */
static bool first_of_proxy(const struct plan *p, const struct way *way)
{
	for (const struct site *site = p->sites; site && site != way->site; site = site->next)
		for (const struct way *other = site->ways; other; other = other->next)
			if (other->proxy == way->proxy)
				return false;
	return true;
}

bool proxies_plan(struct plan *p, struct way *way)
{
	if (!way->proxy)
		return true;
	return plan_reach(p, way) && (p->options->quick || plan_ports(p, way)) &&
	       (!first_of_proxy(p, way) || plan_logins(p, way));
}
