/* probes/otherports.c - which of the usual ports is open where the one that was asked for is not.
 *
 * All are tried without a judge, as nobody said that they should be open.  The best of those that are is
 * tried once more, for the same judge as the port that failed: so a wrong port in a policy is told as such.
 */
#include "probes/otherports.h"

#include <stdio.h>

#include "base/tongue.h"
#include "probes/request.h"

enum { USUAL = 4, GOOD = 200 };

#define PATIENCE (2 * MOMENT_S)

static const struct usual {
	uint16_t port;
	bool https;
} usual[USUAL] = { { 8530, false }, { 8531, true }, { 80, false }, { 443, true } };

static const char service[] = "/ClientWebService/client.asmx";

struct others;

struct other {
	struct others *all;
	struct dial *dial;              /* under way; NULL */
	bool tried, open, asked, serves;
};

struct others {
	struct request request;         /* to one of them at a time */
	unsigned left;
	struct other *now;              /* that the request goes to */
	bool shows;                     /* what is done now is for the judge */
	struct other at[USUAL];
};

static bool is_site(const struct plan *p, const struct site *of, uint16_t port)
{
	for (const struct site *site = p->sites; site; site = site->next)
		if (site->target.port == port && !strcmp(site->target.host, of->target.host))
			return true;
	return false;
}

static const struct usual *usual_of(const struct other *other)
{
	return &usual[other - other->all->at];
}

static struct other *best_of(struct others *o)
{
	struct other *best = NULL;

	for (struct other *i = o->at; i < o->at + USUAL; i++)
		if (i->open && (!best || (i->serves && !best->serves)))
			best = i;
	return best;
}

static void conclude(struct others *o)
{
	char open[160] = "", tried[64] = "";
	size_t len = 0, tried_len = 0;

	for (const struct other *i = o->at; i < o->at + USUAL; i++) {
		if (i->tried)
			tried_len += (size_t)snprintf(tried + tried_len, sizeof tried - tried_len, "%s%u",
			                              tried_len ? ", " : "", usual_of(i)->port);
		if (i->open)
			len += tongue_say(open + len, sizeof open - len, "%s%u is open%s",
			                        len ? ", " : "", usual_of(i)->port,
			                        i->serves ? _(" and serves updates") : "");
	}
	if (len)
		request_over(&o->request, CHECK_WARNING, "%s", open);
	else
		request_over(&o->request, CHECK_FAILED, "none of %s is open either", tried);
}

static void heard_dial(void *self, const struct dial_result *result);

/* As of the port that failed, or of nobody's interest. */
static unsigned owner(const struct others *o)
{
	const struct step *s = o->request.step;

	return o->shows ? s->site->port->told.number : s->told.number;
}

static bool dial_other(struct other *i)
{
	const struct step *s = i->all->request.step;
	struct dial_options o = {
		.to = { s->site->addresses[0], usual_of(i)->port },
		.owner = owner(i->all),
		.timeout = step_connect_timeout(s) < PATIENCE ? step_connect_timeout(s) : PATIENCE,
	};

	i->dial = dial_start(s->plan->loop, s->plan->tape, &o, heard_dial, i);
	return i->dial;
}

static void ask_other(struct other *i)
{
	struct others *o = i->all;
	struct fetch_options f = request_elsewhere(&o->request, "GET", false, usual_of(i)->port, service);

	f.owner = owner(o);
	f.server_login = FETCH_NO_LOGIN;
	f.server_user = NULL;
	o->now = i;
	i->asked = true;
	request_send(&o->request, &f);
}

static void show_best(struct others *o)
{
	struct other *best = best_of(o);

	o->shows = true;
	if (best)
		o->request.step->site->other_port = usual_of(best)->port;
	if (best && best->serves)
		ask_other(best);
	else if (!best || !dial_other(best))
		conclude(o);
}

/* TLS would be a check of its own: those ports are not asked. */
static void ask_next(struct others *o)
{
	for (struct other *i = o->at; i < o->at + USUAL; i++)
		if (i->open && !i->asked && !usual_of(i)->https) {
			ask_other(i);
			return;
		}
	show_best(o);
}

static void heard_answer(struct request *r, const struct fetch_result *result)
{
	struct others *o = (struct others *)r;

	if (o->shows) {
		conclude(o);
		return;
	}
	o->now->serves = result->stage == FETCH_DONE && result->status == GOOD;
	ask_next(o);
}

static void heard_dial(void *self, const struct dial_result *result)
{
	struct other *i = self;
	struct others *o = i->all;
	struct plan *p = o->request.step->plan;
	struct dial_result r = *result;

	i->dial = NULL;
	i->open = r.outcome == DIAL_OPEN;
	dial_hang_up(&r, p->tape, loop_now(p->loop));
	if (o->shows)
		conclude(o);
	else if (!--o->left)
		ask_next(o);
}

static void start(struct step *s)
{
	struct others *o;

	if (!s->site->address_count || s->site->port->told.state == CHECK_SKIPPED) {
		step_skip(s, s->site->port);
		return;
	}
	if (step_well(s->site->port)) {
		step_end(s, CHECK_SKIPPED, "the port is open");
		return;
	}
	o = request_new(s, sizeof *o, heard_answer);
	if (!o)
		return;
	for (unsigned i = 0; i < USUAL; i++) {
		o->at[i].all = o;
		if (is_site(s->plan, s->site, usual[i].port))
			continue;
		o->at[i].tried = true;
		o->left += dial_other(&o->at[i]);
	}
	if (!o->left)
		conclude(o);
}

static void stop(struct step *s)
{
	struct others *o = s->work;

	for (unsigned i = 0; o && i < USUAL; i++)
		if (o->at[i].dial)
			dial_stop(o->at[i].dial);
	request_stop(s);
}

static const struct step_kind others_step = { CHECK_PORT, start, stop, USUAL, true };

bool other_ports_plan(struct plan *p, struct site *site)
{
	char ports[64] = "";
	size_t len = 0;
	struct step *s;

	if (!site->asked_for || !site->ways)
		return true;
	for (unsigned i = 0; i < USUAL; i++)
		if (!is_site(p, site, usual[i].port))
			len += (size_t)snprintf(ports + len, sizeof ports - len, "%s%u", len ? ", " : "",
			                        usual[i].port);
	if (!len)
		return true;
	s = site->other = plan_add(p, &others_step, site->ways, NULL, NULL, "other ports");
	if (!s)
		return false;
	s->lenient = s->told.unjudged = true;
	step_needs(s, site->port);
	step_sends(s, "where %u is not open: TCP connections to %s, and GET %s", site->target.port, ports,
	           service);
	return true;
}
