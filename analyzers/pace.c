/* analyzers/pace.c - answers that come late, and packets that get lost on the way. */
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/analyzer.h"
#include "analyzers/lately.h"
#include "base/tongue.h"
#include "facts/wsus.h"

enum {
	SERVERS_MAX = 4000,
	LOSS_PACKETS_MIN = 200,         /* fewer prove nothing about a rate */
	SLOW_CALLS_KEPT = 4,
	LOSSES_KEPT = 4,
};

#define SLOW_USUAL (5 * MOMENT_S)       /* late, when most calls of a server are */
#define SLOW_ONCE (30 * MOMENT_S)       /* late by any measure */
#define SLOW_ADMIN (60 * MOMENT_S)      /* console calls and GetUpdateData may take this */

struct pace_server {
	struct endpoint at;
	uint64_t calls, slow, very_slow;
	int64_t worst, first_slow;
	struct evidence evidence[SLOW_CALLS_KEPT];
	unsigned evidence_count;
	uint64_t packets, retransmissions, holes;
	struct evidence losses[LOSSES_KEPT];    /* the first of some connections */
	unsigned loss_count;
	int64_t last;
};

struct pace {
	struct analyzer_env env;
	struct lately servers;             /* endpoint -> struct pace_server */
};

static struct pace_server *server_of(struct pace *p, const struct endpoint *at)
{
	struct endpoint_key key = endpoint_key(at);
	struct pace_server *s = lately_value(&p->servers, ENDPOINT_SPAN(key));

	if (s)
		s->at = *at;
	return s;
}

static bool may_take_long(const struct exchange *x, struct span method)
{
	return wsus_exchange_place(x) == WSUS_API || span_eq(method, SPAN("GetUpdateData"));
}

static void take_exchange(struct pace *p, const struct exchange *x)
{
	struct pace_server *s;
	struct span method;
	bool patient;

	if (x->ttfb < 0 || !wsus_place_is_soap(wsus_exchange_place(x)) ||
	    !relevance_exchange(p->env.relevance, x))
		return;
	s = server_of(p, &x->conn->server);
	if (!s)
		return;
	s->calls++;
	if (x->ttfb < SLOW_USUAL)
		return;
	method = wsus_method(x);
	patient = may_take_long(x, method);
	if (x->ttfb < (patient ? SLOW_ADMIN : SLOW_USUAL))
		return;
	if (!s->slow++)
		s->first_slow = x->request.first_time;
	s->very_slow += x->ttfb >= (patient ? SLOW_ADMIN : SLOW_ONCE);
	if (x->ttfb > s->worst)
		s->worst = x->ttfb;
	if (s->evidence_count < SLOW_CALLS_KEPT)
		s->evidence[s->evidence_count++] =
			evidence_at(x->response.first_frame, "%.*s: first byte after %.1f s",
			            (int)(method.len < 60 ? method.len : 60), (const char *)method.at,
			            (double)x->ttfb / (double)MOMENT_S);
}

static void note_loss(struct pace_server *s, const struct connection_side *side, enum side from)
{
	if (side->loss_frame && s->loss_count < LOSSES_KEPT)
		s->losses[s->loss_count++] = evidence_at(side->loss_frame,
							 from == CLIENT ? N_("a packet of the client is %s")
									: N_("a packet of the server is %s"),
		                                         !side->holes            ? _("sent again")
		                                         : side->retransmissions ? _("sent again or missing")
		                                                                 : _("missing"));
}

static void take_connection(struct pace *p, const struct connection *c)
{
	struct pace_server *s;

	if (c->outcome != CONNECTION_ESTABLISHED || c->one_sided ||
	    !relevance_connection(p->env.relevance, c))
		return;
	s = server_of(p, &c->server);
	if (!s)
		return;
	for (int i = CLIENT; i <= SERVER; i++) {
		s->packets += c->side[i].packets;
		s->retransmissions += c->side[i].retransmissions;
		s->holes += c->side[i].holes;
		note_loss(s, &c->side[i], (enum side)i);
	}
	s->last = c->last_time;
}

static void fact(void *self, const struct fact *f)
{
	if (f->kind == FACT_EXCHANGE)
		take_exchange(self, f->exchange);
	else if (f->kind == FACT_CONNECTION)
		take_connection(self, f->connection);
}

static void raise_slow(struct pace *p, const struct pace_server *s)
{
	char cause[CAUSE_TEXT];

	tongue_say(cause, sizeof cause,
	         "%llu of %llu calls wait longer than %u s for the first byte of their answer; the "
	         "longest waits %.1f s.",
	         (unsigned long long)s->slow, (unsigned long long)s->calls,
	         (unsigned)(SLOW_USUAL / MOMENT_S), (double)s->worst / (double)MOMENT_S);
	finding_raise(p->env.findings, &(struct raise){
		.kind = FINDING_SLOW_ANSWER,
		.severity = SEVERITY_OF_KIND,
		.confidence = CONFIDENCE_CERTAIN,
		.server = &s->at,
		.cause = cause,
		.time = s->first_slow,
		.count = s->slow,
		.evidence = s->evidence,
		.evidence_count = s->evidence_count,
	});
}

static void raise_loss(struct pace *p, const struct pace_server *s)
{
	char cause[CAUSE_TEXT];

	tongue_say(
		cause, sizeof cause,
		"Of %llu packets to and from this server %llu were sent again, and %llu gaps stayed.",
		(unsigned long long)s->packets, (unsigned long long)s->retransmissions,
		(unsigned long long)s->holes);
	finding_raise(p->env.findings, &(struct raise){
		.kind = FINDING_LOSS,
		.severity = SEVERITY_OF_KIND,
		.confidence = CONFIDENCE_PROBABLE,
		.server = &s->at,
		.cause = cause,
		.time = s->last,
		.count = s->retransmissions + s->holes,
		.evidence = s->losses,
		.evidence_count = s->loss_count,
	});
}

/* At the end, or before it is forgotten. */
static void judge(void *self, void *value)
{
	struct pace *p = self;
	const struct pace_server *s = value;

	/* One late answer may be a server that wakes up. */
	if (s->very_slow || (s->slow > 1 && s->slow * 2 > s->calls))
		raise_slow(p, s);
	if (s->packets >= LOSS_PACKETS_MIN && (s->retransmissions + s->holes) * 100 > s->packets)
		raise_loss(p, s);
}

static void end(void *self, int64_t now)
{
	struct pace *p = self;

	(void)now;
	for (size_t i = 0; i < lately_count(&p->servers); i++)
		if (lately_at(&p->servers, i))
			judge(p, lately_at(&p->servers, i));
}

/* ---- life ---- */

static void *create(const struct analyzer_env *env)
{
	struct pace *p = calloc(1, sizeof *p);

	if (p) {
		p->env = *env;
		lately_init(&p->servers, SERVERS_MAX, sizeof(struct pace_server), env->limits);
		p->servers.give_up = judge;
		p->servers.self = p;
	}
	return p;
}

static void destroy(void *self)
{
	struct pace *p = self;

	lately_release(&p->servers);
	free(p);
}

const struct analyzer analyzer_pace = {
	.name = "pace",
	.create = create,
	.destroy = destroy,
	.fact = fact,
	.end = end,
};
