/* probes/paths.c - where a port that cannot be reached is stopped: hop by hop, beside a port that is open. */
#include <stdio.h>
#include <stdlib.h>

#include "probes/hops.h"
#include "probes/steps.h"

#define PATIENCE (2 * MOMENT_S)

enum { BLOCKED, OPEN, LINES, SOCKETS = 48 };

struct trace;

struct probe_hop {
	struct trace *trace;
	struct dial *dial;              /* under way; NULL */
	unsigned line, limit;
};

struct trace {
	struct step *step;
	unsigned left;
	bool compares;                  /* there is an open port */
	struct addr to;
	struct hops hops[LINES];
	struct probe_hop at[LINES][HOPS_MAX];
};

static bool has_open(const struct site *site, const struct addr *address)
{
	for (unsigned i = 0; i < site->open_count; i++)
		if (addr_eq(&site->addresses[i], address))
			return true;
	return false;
}

/* A port of the same machine that is open; 0: none is known. */
static uint16_t open_port(const struct site *of, const struct addr *address)
{
	for (const struct site *site = of->ways->plan->sites; site; site = site->next)
		if (site != of && !strcmp(site->target.host, of->target.host) && has_open(site, address))
			return site->target.port;
	return of->other_port;
}

static void let_go(struct trace *t)
{
	t->step->work = NULL;
	free(t);
}

static void conclude(struct trace *t)
{
	struct step *s = t->step;
	const struct hops *open = t->compares ? &t->hops[OPEN] : NULL;
	bool arrives = hops_arrive(&t->hops[BLOCKED], open);
	char text[CHECK_DETAIL_MAX], address[ADDR_TEXT] = "";

	hops_text(&t->hops[BLOCKED], open, text);
	if (s->site->address_count > 1)
		addr_text(&t->to, address);
	let_go(t);
	step_end(s, arrives ? CHECK_OK : CHECK_FAILED, "%s%s%s", address, address[0] ? ": " : "", text);
}

static void heard(void *self, const struct dial_result *result)
{
	struct probe_hop *hop = self;
	struct trace *t = hop->trace;
	struct plan *p = t->step->plan;
	struct dial_result r = *result;

	hop->dial = NULL;
	dial_hang_up(&r, p->tape, loop_now(p->loop));
	hops_note(&t->hops[hop->line], hop->limit, &r);
	if (!--t->left)
		conclude(t);
}

static void dial_line(struct trace *t, unsigned line, const struct addr *address, uint16_t port)
{
	const struct step *s = t->step;

	t->hops[line].port = port;
	for (unsigned i = 0; i < HOPS_MAX; i++) {
		struct probe_hop *hop = &t->at[line][i];
		struct dial_options o = {
			.to = { *address, port },
			.owner = s->told.number,
			.timeout = step_connect_timeout(s) < PATIENCE ? step_connect_timeout(s) : PATIENCE,
			.hop_limit = (uint8_t)(i + 1),
		};

		*hop = (struct probe_hop){ .trace = t, .line = line, .limit = i + 1 };
		t->hops[line].at[i].outcome = DIAL_IMPOSSIBLE;
		hop->dial = dial_start(s->plan->loop, s->plan->tape, &o, heard, hop);
		t->left += hop->dial != NULL;
	}
}

static bool silent(enum dial_outcome o)
{
	return o == DIAL_UNANSWERED || o == DIAL_REJECTED;
}

/* A host of which nothing is open is followed once, by the first port that is silent. */
static const struct site *followed_before(const struct site *of)
{
	for (const struct site *site = of->ways->plan->sites; site != of; site = site->next)
		if (!site->asked_for && !strcmp(site->target.host, of->target.host) && silent(site->closed))
			return site;
	return NULL;
}

/* True: it has ended, as there is nothing to look for.  What refuses may stand before the server, which only
 * an open port can show. */
static bool is_idle(struct step *s, uint16_t open)
{
	const struct site *site = s->site, *before = site->asked_for ? NULL : followed_before(site);

	if (step_well(site->port) && site->open_count == site->address_count)
		step_end(s, CHECK_SKIPPED, "the port is open");
	else if (site->port->told.state == CHECK_SKIPPED)
		step_skip(s, site->port);
	else if (!silent(site->closed) && !(open && site->closed == DIAL_REFUSED))
		step_end(s, CHECK_SKIPPED, "not blocked on the way: %s", site->port->told.detail);
	else if (before)
		step_end(s, CHECK_SKIPPED, "as for port %u of this host", before->target.port);
	return s->ended;
}

static void start(struct step *s)
{
	const struct site *site = s->site;
	const struct addr *address = &site->addresses[site->open_count % SITE_ADDRESSES_MAX];
	uint16_t open = open_port(site, address);
	struct trace *t;

	if (is_idle(s, open))
		return;
	t = calloc(1, sizeof *t);
	if (!t) {
		step_end(s, CHECK_FAILED, "out of memory");
		return;
	}
	s->work = t;
	t->step = s;
	t->to = *address;
	dial_line(t, BLOCKED, address, site->target.port);
	t->compares = open;
	if (open)
		dial_line(t, OPEN, address, open);
	if (!t->left)
		conclude(t);
}

static void stop(struct step *s)
{
	struct trace *t = s->work;

	for (unsigned l = 0; t && l < LINES; l++)
		for (unsigned i = 0; i < HOPS_MAX; i++)
			if (t->at[l][i].dial)
				dial_stop(t->at[l][i].dial);
	if (t)
		let_go(t);
}

static const struct step_kind path = {
	.rung = CHECK_PATH, .start = start, .stop = stop, .sockets = SOCKETS, .light = true,
};

bool paths_plan(struct plan *p, struct site *site)
{
	char name[CHECK_NAME_MAX], place[TARGET_TEXT];
	struct step *s;

	if (p->options->quick)
		return true;
	snprintf(name, sizeof name, "%u", site->target.port);
	s = plan_add(p, &path, NULL, site, NULL, name);
	if (!s)
		return false;
	s->lenient = s->told.unjudged = true;
	step_needs(s, site->port);
	step_needs(s, site->other);
	/* one of them may be open, to compare with */
	for (struct site *peer = p->sites; peer; peer = peer->next)
		if (!strcmp(peer->target.host, site->target.host))
			step_needs(s, peer->port);
	step_sends(s, "where %s is silent: TCP connections with hop limits 1 to %d, also to an open port",
	           target_host_port(&site->target, place), HOPS_MAX);
	return true;
}
