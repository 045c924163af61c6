/* analyzers/attempts.c - connections that never came: unanswered, refused, rejected; and which
 * port would have answered. */
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/analyzer.h"
#include "analyzers/kept.h"
#include "analyzers/reach.h"
#include "analyzers/twin.h"
#include "base/tongue.h"
#include "facts/wsus.h"

enum {
	PAIRS_MAX = 20000,
	PAIRS_PART = 3,                 /* of what all keep of clients, pairs take one in so many at most */
	MAYBE_MAX = 5000,
	SYNS_IN_VAIN = 3,               /* who sends so many had no answer, whatever the capture missed */
	SERVERS_MAX = 4000,
	TOLD_ONE_BY_ONE =
		8, /* failures of a pair with evidence of their own; further ones are counted */
};

struct pair {                           /* a client and an endpoint that it could not reach */
	struct connection conn;         /* the last attempt that failed; facts are copied, not kept */
	uint64_t failed, untold;        /* untold: counted, and raised together at the end */
	bool refused;                   /* by a reset, every time */
	/* single SYNs, told at the end: the client may just have left, or taken another address */
	uint64_t singles, single_frame;
	int64_t single_time, last_single;
	int64_t last_syn;               /* of the last attempt of several SYNs */
};

struct crowd {                          /* failures of one outcome beyond the pairs that are kept apart */
	uint64_t count;
	int64_t first, last;
};

struct service {                        /* an endpoint, for all clients */
	struct endpoint at;
	uint64_t answered;              /* connections and answers */
	bool answered_update;           /* with an answer of the update path */
	/* where it was last seen: in another VLAN another may have its address */
	uint32_t wire;
};

struct attempts {
	struct analyzer_env env;
	struct budget kept;             /* of pairs: a share, as anybody can make up clients */
	struct map pairs;               /* client and endpoint bytes -> struct pair */
	struct map maybe;               /* the same, ports 80 and 443 of hosts not known as such yet */
	struct reach reach;
	struct twins twins;
	struct map services;            /* endpoint bytes -> struct service */
	struct crowd crowds[CONNECTION_MIDSTREAM];      /* by outcome */
};

struct pair_key {                       /* server first: its part alone is the key of a service */
	struct endpoint_key server;
	struct addr client;
};

static struct pair_key key_of(const struct connection *c)
{
	return (struct pair_key){ endpoint_key(&c->server), c->client.addr };
}

static void *create(const struct analyzer_env *env)
{
	struct attempts *a = calloc(1, sizeof *a);

	if (!a)
		return NULL;
	a->env = *env;
	a->kept = budget_part(env->budget, PAIRS_PART);
	map_init_on(&a->pairs, PAIRS_MAX, &a->kept);
	map_init_on(&a->maybe, MAYBE_MAX, &a->kept);
	reach_init(&a->reach, env->budget);
	twins_init(&a->twins);
	map_init(&a->services, SERVERS_MAX);
	return a;
}

static void destroy(void *self)
{
	struct attempts *a = self;

	map_release_values(&a->pairs);
	map_release_values(&a->maybe);
	reach_release(&a->reach);
	twins_release(&a->twins);
	map_release_values(&a->services);
	free(a);
}

static void *value_of(struct attempts *a, struct map *m, struct span key, size_t size)
{
	return kept_value(m, key, size, a->env.limits);
}

static const enum finding_kind attempt_kinds[] = { FINDING_CONNECTION_REFUSED, FINDING_CONNECTION_UNANSWERED,
	                                           FINDING_CONNECTION_REJECTED };

/* ---- what happened ---- */

static void note_answer(struct attempts *a, const struct connection *c, bool update)
{
	struct pair_key k = key_of(c);
	struct service *s = value_of(a, &a->services, ENDPOINT_SPAN(k.server), sizeof *s);

	if (!s)
		return;
	s->at = c->server;
	s->answered++;
	s->wire = c->wire;
	s->answered_update |= update;
}

static enum finding_kind kind_of(enum connection_outcome outcome)
{
	switch (outcome) {
	case CONNECTION_REFUSED:
		return FINDING_CONNECTION_REFUSED;
	case CONNECTION_UNANSWERED:
		return FINDING_CONNECTION_UNANSWERED;
	case CONNECTION_REJECTED:
		return FINDING_CONNECTION_REJECTED;
	case CONNECTION_ESTABLISHED:
	case CONNECTION_MIDSTREAM:
		break;
	}
	return FINDING_KIND_COUNT;
}

static void describe(const struct connection *c, char cause[static CAUSE_TEXT])
{
	char server[ENDPOINT_TEXT], from[ADDR_TEXT];

	endpoint_text(&c->server, server);
	switch (c->outcome) {
	case CONNECTION_REFUSED:
		tongue_say(cause, CAUSE_TEXT,
		         "Every attempt to connect to %s is answered by a reset: nobody listens on "
		         "that port, or a firewall refuses in the server's name.",
		         server);
		break;
	case CONNECTION_REJECTED:
		tongue_say(cause, CAUSE_TEXT,
		         "The device %s rejects what goes to %s: it answers with ICMP \"%s\".",
		         addr_text(&c->icmp_from, from), server,
		         _(icmp_text(!addr_is_v4(&c->server.addr), c->icmp_type, c->icmp_code)));
		break;
	case CONNECTION_UNANSWERED:
		tongue_say(cause, CAUSE_TEXT,
		         "Nothing comes back from %s: no answer to any SYN, no reset, no ICMP. A "
		         "firewall drops them on the way there or back, or the server is off.",
		         server);
		break;
	case CONNECTION_ESTABLISHED:
	case CONNECTION_MIDSTREAM:
		break;
	}
}

static size_t evidence_of(const struct connection *c, struct evidence e[static 2])
{
	size_t count = 0;

	e[count++] = evidence_at(c->syn_frame ? c->syn_frame : c->first_frame,
				 tongue_many("first of %u SYN", "first of %u SYNs", c->syn_count),
	                         c->syn_count);
	if (c->outcome == CONNECTION_REFUSED)
		e[count++] = evidence_at(c->reset_frame, "reset in answer");
	if (c->outcome == CONNECTION_REJECTED)
		e[count++] = evidence_at(c->icmp_frame, "ICMP type %u code %u", c->icmp_type, c->icmp_code);
	return count;
}

static void raise_attempts(struct attempts *a, const struct connection *c, uint64_t count)
{
	char cause[CAUSE_TEXT], device[ADDR_TEXT];
	struct evidence evidence[2];
	size_t evidence_count = evidence_of(c, evidence);

	describe(c, cause);
	finding_raise(a->env.findings, &(struct raise){
		.kind = kind_of(c->outcome),
		.severity = SEVERITY_OF_KIND,
		.confidence = CONFIDENCE_CERTAIN,
		.proved = c->syn_count >= SYNS_IN_VAIN,
		.conn = c,
		.answered_by = c->outcome == CONNECTION_REJECTED ? addr_text(&c->icmp_from, device) : NULL,
		.cause = cause,
		.time = c->first_time,
		.count = count,
		.evidence = evidence,
		.evidence_count = evidence_count,
	});
}

static void join_crowd(struct crowd *crowd, const struct connection *c)
{
	if (!crowd->count++)
		crowd->first = c->first_time;
	crowd->last = c->first_time;
}

static void raise_crowd(struct attempts *a, enum connection_outcome outcome)
{
	const struct crowd *crowd = &a->crowds[outcome];

	if (crowd->count)
		finding_raise(a->env.findings, &(struct raise){
			.kind = kind_of(outcome),
			.severity = SEVERITY_OF_KIND,
			.confidence = CONFIDENCE_PROBABLE,
			.time = crowd->first,
			.until = crowd->last,
			.count = crowd->count,
		});
}

static void tell(struct attempts *a, struct pair *p)
{
	if (p->failed++ < TOLD_ONE_BY_ONE)
		raise_attempts(a, &p->conn, 1);
	else
		p->untold++;
	reach_failed(&a->reach, &p->conn, p->conn.first_time);
}

static void note_single(struct pair *p, const struct connection *c)
{
	if (!p->singles++) {
		p->single_time = c->first_time;
		p->single_frame = c->syn_frame;
	}
	p->last_single = c->first_time;
}

/* The last single SYN counts if the capture went on for long enough for another to be sent. */
static void tell_singles(struct attempts *a, struct pair *p, int64_t now)
{
	struct connection c = p->conn;
	char cause[CAUSE_TEXT];
	struct evidence first;

	if (p->singles && now - p->last_single < SYN_PATIENCE)
		p->singles--;
	if (!p->singles)
		return;
	c.outcome = CONNECTION_UNANSWERED;
	describe(&c, cause);
	first = evidence_at(p->single_frame, "a single SYN");
	finding_raise(a->env.findings, &(struct raise){
		.kind = FINDING_CONNECTION_UNANSWERED,
		.severity = SEVERITY_OF_KIND,
		.confidence = CONFIDENCE_PROBABLE,
		.conn = &c,
		.cause = cause,
		.time = p->single_time,
		.until = p->last_single,
		.count = p->singles,
		.evidence = &first,
		.evidence_count = 1,
	});
	reach_failed(&a->reach, &c, p->last_single);
}

static void take_failure(struct attempts *a, const struct connection *c)
{
	struct pair_key k = key_of(c);
	struct pair *p = value_of(a, &a->pairs, span_of(&k, sizeof k), sizeof *p);

	if (!p) {
		join_crowd(&a->crowds[c->outcome], c);
		return;
	}
	twins_failed(&a->twins, c);
	p->refused = c->outcome == CONNECTION_REFUSED && (p->refused || !(p->failed || p->singles));
	p->conn = *c;
	if (c->outcome == CONNECTION_UNANSWERED && c->syn_count < 2) {
		note_single(p, c);
		return;
	}
	p->last_syn = c->last_time;
	tell(a, p);
}

static void take_success(struct attempts *a, const struct connection *c)
{
	note_answer(a, c, false);
	if (c->outcome == CONNECTION_ESTABLISHED)
		twins_through(&a->twins, c);
	reach_through(&a->reach, c, c->first_time);
	reach_address(&a->reach, c, c->first_time);
}

/* A host may turn out to be an update point after its other ports were tried. */
static void note_maybe(struct attempts *a, const struct connection *c)
{
	struct pair_key k = key_of(c);
	struct pair *p;

	if (c->server.port != 80 && c->server.port != 443)
		return;
	p = value_of(a, &a->maybe, span_of(&k, sizeof k), sizeof *p);
	if (p)
		p->conn = *c;
}

static void take_connection(struct attempts *a, const struct connection *c)
{
	bool good = kind_of(c->outcome) == FINDING_KIND_COUNT;

	/* What one direction alone shows proves no silence. */
	if (!good && c->one_sided && c->outcome == CONNECTION_UNANSWERED)
		return;
	if (relevance_connection(a->env.relevance, c))
		(good ? take_success : take_failure)(a, c);
	else if (!good)
		note_maybe(a, c);
}

static void fact(void *self, const struct fact *f)
{
	struct attempts *a = self;

	if (f->kind == FACT_EXCHANGE && f->exchange->response.present)
		note_answer(a, f->exchange->conn, wsus_place_is_update(wsus_exchange_place(f->exchange)));
	if (f->kind == FACT_CONNECTION)
		take_connection(a, f->connection);
}

/* ---- the port that would have answered ---- */

static const struct service *other_port(const struct attempts *a, const struct endpoint *tried)
{
	static const uint16_t ports[] = { 8530, 8531, 80, 443 };
	const struct service *best = NULL;

	for (size_t i = 0; i < sizeof ports / sizeof *ports; i++) {
		struct endpoint other = { tried->addr, ports[i] };
		struct endpoint_key k = endpoint_key(&other);
		struct map_entry *e = map_find(&a->services, ENDPOINT_SPAN(k));
		const struct service *s = e ? e->value : NULL;

		if (ports[i] != tried->port && s && s->answered &&
		    (!best || s->answered_update > best->answered_update))
			best = s;
	}
	return best;
}

static void raise_mismatch(struct attempts *a, const struct pair *p, const struct service *open)
{
	/* Who uses the right port too may have tried the other with a browser, or looked what is open. */
	bool knows = reach_passed(&a->reach, &p->conn.client.addr, &open->at);
	bool sure = open->answered_update && open->wire == p->conn.wire;
	char cause[CAUSE_TEXT], server[ADDR_TEXT];
	struct evidence evidence[2];
	size_t count = evidence_of(&p->conn, evidence);

	tongue_say(cause, sizeof cause,
	         "The client tries port %u of %s, where nobody listens; port %u of the same server "
	         "answers%s.",
	         p->conn.server.port, addr_text(&p->conn.server.addr, server), open->at.port,
	         open->answered_update ? _(" as an update point") : "");
	finding_raise(a->env.findings, &(struct raise){
		.kind = FINDING_PORT_MISMATCH,
		.severity = knows ? SEVERITY_WARNING : SEVERITY_OF_KIND,
		.confidence = knows  ? CONFIDENCE_POSSIBLE
		              : sure ? CONFIDENCE_CERTAIN
		                     : CONFIDENCE_PROBABLE,
		.conn = &p->conn,
		.cause = cause,
		.time = p->conn.first_time,
		.count = p->failed,
		.evidence = evidence,
		.evidence_count = count,
	});
}

/* The machine gets in by its address of the other family: what is closed stops nobody. */
static void tell_twin(struct attempts *a, const struct pair *p, const struct addr *other)
{
	const struct addr *client = &p->conn.client.addr;
	char cause[CAUSE_TEXT], server[ENDPOINT_TEXT], twin[ADDR_TEXT];

	tongue_say(cause, sizeof cause,
	         "The way over %s to %s is closed (%s). By the timing, the same machine gets in over %s "
	         "as %s just after: updates work, with a delay at each connection.",
	         addr_is_v4(client) ? "IPv4" : "IPv6", endpoint_text(&p->conn.server, server),
	         _(connection_outcome_name(p->conn.outcome)), addr_is_v4(client) ? "IPv6" : "IPv4",
	         addr_text(other, twin));
	for (size_t i = 0; i < sizeof attempt_kinds / sizeof *attempt_kinds; i++) {
		finding_ease(a->env.findings, attempt_kinds[i], client, &p->conn.server);
		finding_doubt(a->env.findings, attempt_kinds[i], client, &p->conn.server, CONFIDENCE_PROBABLE,
		              cause);
	}
}

static void judge_pair(struct attempts *a, struct pair *p, int64_t now)
{
	struct endpoint_key k = endpoint_key(&p->conn.server);
	struct map_entry *e = map_find(&a->services, ENDPOINT_SPAN(k));
	const struct service *same = e ? e->value : NULL;
	const struct service *open;
	struct addr other;
	bool twin = twins_other(&a->twins, &p->conn.client.addr, p->conn.server.port, &other);

	/* A lone SYN beside a connection over the other family lost the race. */
	if (twin && !p->failed)
		return;
	tell_singles(a, p, now);
	if (p->untold)
		raise_attempts(a, &p->conn, p->untold);
	/* The next SYN might have been answered. */
	if (p->failed == 1 && now - p->last_syn < SYN_PATIENCE)
		finding_doubt(a->env.findings, FINDING_CONNECTION_UNANSWERED, &p->conn.client.addr,
		              &p->conn.server, CONFIDENCE_PROBABLE, NULL);
	if (twin) {
		tell_twin(a, p, &other);
		return;
	}
	/* A port that lets others in is no wrong port; silence is a firewall rather than a wrong port. */
	if (!p->refused || (same && same->answered))
		return;
	open = other_port(a, &p->conn.server);
	if (open)
		raise_mismatch(a, p, open);
}

static void end(void *self, int64_t now)
{
	struct attempts *a = self;

	for (size_t i = 0; i < a->maybe.count; i++) {
		const struct pair *p = a->maybe.entries[i].value;

		if (p && relevance_connection(a->env.relevance, &p->conn))
			take_failure(a, &p->conn);
	}
	twins_settle(&a->twins);
	raise_crowd(a, CONNECTION_REFUSED);
	raise_crowd(a, CONNECTION_UNANSWERED);
	raise_crowd(a, CONNECTION_REJECTED);
	for (size_t i = 0; i < a->pairs.count; i++)
		if (a->pairs.entries[i].value)
			judge_pair(a, a->pairs.entries[i].value, now);
	/* Getting through after a failure makes the failure a warning. */
	reach_ease(&a->reach, a->env.findings, attempt_kinds, sizeof attempt_kinds / sizeof *attempt_kinds);
}

const struct analyzer analyzer_attempts = {
	.name = "attempts",
	.create = create,
	.destroy = destroy,
	.fact = fact,
	.end = end,
};
