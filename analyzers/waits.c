/* analyzers/waits.c - told, resolved, asked for: and then nothing. */
#include "analyzers/waits.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzers/kept.h"
#include "analyzers/place.h"
#include "base/host.h"
#include "base/tongue.h"
#include "facts/location.h"
#include "facts/wsus.h"

enum { CLIENTS_MAX = 100000, PLACES_MAX = 4096, NAMES_MAX = 4096, RESOLVERS_MAX = 4096, ANSWERS_KEPT = 4 };
enum { SEEN_PART = 4 };                 /* of what all keep of clients, one in so many at most */

/* What a capture has to last behind it before a client that did not come is missed.  Who is told an update
 * point first waits for its policy, 2 minutes and 30 s; most scan within 10 minutes.  Who resolves a name
 * connects at once. */
#define POLICY_WAIT   (150 * MOMENT_S)
#define USUAL_WAIT    (600 * MOMENT_S)
#define RESOLVED_WAIT (60 * MOMENT_S)

/* What a client did last, the surer sign that it should connect last. */
enum wait_reason { WAIT_NONE, WAIT_ASKED, WAIT_RESOLVED, WAIT_TOLD };

struct wait {
	struct addr client;
	enum wait_reason reason;
	struct endpoint by;             /* the management point, the name server */
	const struct place *place;      /* TOLD */
	struct span name;               /* RESOLVED: lies in `names` */
	bool name_is_sup;               /* --sup names it, or clients asked for it */
	struct addr answers[ANSWERS_KEPT];
	unsigned answer_count;
	int64_t time;
	uint64_t frame;
	bool explained;
};

struct waits {
	struct analyzer_env env;
	const struct expectations *expected;    /* --client; borrowed */
	struct budget kept;             /* of these: a share, as anybody can make up clients */
	struct map seen;                /* addresses of clients on the update path */
	bool crowded;                   /* not all of them are there */
	struct map waiting;             /* address: struct wait */
	struct map places;              /* that clients are told */
	struct map names;               /* that clients resolve or ask for; value NULL: only resolved */
	struct map resolvers;           /* addresses that answer lookups: these ask for others */
};

static struct span key_of(const struct addr *a)
{
	return span_of(a->bytes, sizeof a->bytes);
}

struct waits *waits_new(const struct analyzer_env *env, const struct expectations *expected)
{
	struct waits *w = calloc(1, sizeof *w);

	if (!w)
		return NULL;
	w->env = *env;
	w->expected = expected;
	w->kept = budget_part(env->budget, SEEN_PART);
	map_init_on(&w->seen, CLIENTS_MAX, &w->kept);
	map_init(&w->waiting, CLIENTS_MAX);
	map_init(&w->places, PLACES_MAX);
	map_init(&w->names, NAMES_MAX);
	map_init(&w->resolvers, RESOLVERS_MAX);
	return w;
}

void waits_free(struct waits *w)
{
	if (!w)
		return;
	map_release(&w->seen);
	map_release_values(&w->waiting);
	map_release_values(&w->places);
	map_release(&w->names);
	map_release(&w->resolvers);
	free(w);
}

bool waits_seen(struct waits *w, const struct addr *client)
{
	struct map_entry *e;

	if (map_find(&w->seen, key_of(client)))
		return false;
	e = map_find(&w->waiting, key_of(client));
	if (e) {
		free(e->value);
		e->value = NULL;
	}
	if (!map_put(&w->seen, key_of(client))) {
		w->crowded = true;
		limit_add(w->env.limits, LIMIT_CLIENT_CEILING, 1);
	}
	return true;
}

/* ---- who is waited for ---- */

/* NULL: nobody waits for that client, or it waits for something surer.  Once those that came are too many to
 * remember, a client that is not among them may have come, too. */
static struct wait *begin_wait(struct waits *w, const struct addr *client, enum wait_reason reason)
{
	struct wait *wait;

	if (w->crowded || map_find(&w->seen, key_of(client)))
		return NULL;
	wait = kept_value(&w->waiting, key_of(client), sizeof *wait, w->env.limits);
	if (!wait || reason < wait->reason)
		return NULL;
	wait->client = *client;
	wait->reason = reason;
	return wait;
}

static void note_told(struct waits *w, const struct exchange *x)
{
	const struct location_message *m = x->location;
	const struct place *p = m->count ? place_kept(&w->places, m->locations[0].url, w->env.limits) : NULL;
	struct wait *wait = begin_wait(w, &x->conn->client.addr, p ? WAIT_TOLD : WAIT_ASKED);

	if (!wait)
		return;
	wait->by = x->conn->server;
	wait->time = x->response.first_time;
	wait->frame = x->response.first_frame;
	wait->place = p;
	wait->explained = !m->count;    /* no-update-point says so */
}

static void note_asked(struct waits *w, const struct exchange *x)
{
	struct wait *wait = begin_wait(w, &x->conn->client.addr, WAIT_ASKED);

	if (!wait || wait->frame)
		return;
	wait->by = x->conn->server;
	wait->time = x->request.first_time;
	wait->frame = x->request.first_frame;
}

/* NULL: no more are kept, which is counted. */
static struct map_entry *keep(struct waits *w, struct map *m, struct span key)
{
	struct map_entry *e = map_put(m, key);

	if (!e)
		limit_add(w->env.limits, LIMIT_FINDING_CEILING, 1);
	return e;
}

/* The names that clients ask update points for are such points' names. */
static void note_host(struct waits *w, const struct exchange *x)
{
	struct span name = x->host;
	struct map_entry *e;

	if (!wsus_place_is_update(wsus_exchange_place(x)) || wsus_microsoft_host(name))
		return;
	if (!name.len || name.at[0] == '[')
		return;
	e = keep(w, &w->names, host_name(name));
	if (e)
		e->value = w;
}

static void note_exchange(struct waits *w, const struct exchange *x)
{
	if (x->location && x->location->answers)
		note_told(w, x);
	else if (x->location && x->location->asks)
		note_asked(w, x);
	else
		note_host(w, x);
}

static bool is_sup_name(const struct waits *w, struct span name)
{
	const struct relevance *r = w->env.relevance;
	struct map_entry *e = map_find(&w->names, name);

	for (size_t i = 0; i < relevance_sup_count(r); i++)
		if (span_ieq(relevance_sup(r, i)->host, name))
			return true;
	return e && e->value;
}

static void note_lookup(struct waits *w, const struct lookup *l)
{
	struct span name = span_text(l->name);
	bool is_sup = is_sup_name(w, name);
	struct map_entry *e;
	struct wait *wait;

	if (!keep(w, &w->resolvers, key_of(&l->server.addr)))
		return;
	if (l->protocol != LOOKUP_DNS || !l->answered || !l->answer_count || wsus_microsoft_host(name))
		return;
	if (!is_sup && !wsus_likely_name(name))
		return;
	e = keep(w, &w->names, name);
	wait = e ? begin_wait(w, &l->client, WAIT_RESOLVED) : NULL;
	if (!wait)
		return;
	*wait = (struct wait){ .client = l->client, .reason = WAIT_RESOLVED, .by = l->server, .name = e->key,
	                       .name_is_sup = is_sup, .time = l->answer_time, .frame = l->answer_frame };
	for (unsigned i = 0; i < l->answer_count && i < ANSWERS_KEPT && i < LOOKUP_ANSWERS; i++)
		wait->answers[wait->answer_count++] = l->answers[i];
}

/* It goes where the name led, whatever it wants there. */
static void note_connection(struct waits *w, const struct connection *c)
{
	struct map_entry *e = map_find(&w->waiting, key_of(&c->client.addr));
	struct wait *wait = e ? e->value : NULL;

	if (!wait || wait->reason != WAIT_RESOLVED)
		return;
	for (unsigned i = 0; i < wait->answer_count; i++)
		if (addr_eq(&wait->answers[i], &c->server.addr))
			wait->reason = WAIT_NONE;
}

void waits_fact(struct waits *w, const struct fact *fact)
{
	switch (fact->kind) {
	case FACT_EXCHANGE:
		note_exchange(w, fact->exchange);
		break;
	case FACT_LOOKUP:
		note_lookup(w, fact->lookup);
		break;
	case FACT_CONNECTION:
		note_connection(w, fact->connection);
		break;
	case FACT_TLS:
	case FACT_ICMP:
	case FACT_LEASE:
		break;
	}
}

/* ---- who did not come ---- */

static void raise(struct waits *w, struct wait *wait, enum finding_kind kind, enum confidence confidence,
                  const char *cause, const char *evidence)
{
	struct evidence e = evidence_at(wait->frame, "%s", evidence);

	finding_raise(w->env.findings, &(struct raise){
		.kind = kind,
		.severity = SEVERITY_OF_KIND,
		.confidence = confidence,
		.client = &wait->client,
		.cause = cause,
		.time = wait->time,
		.evidence = &e,
		.evidence_count = 1,
	});
	wait->explained = true;
}

static long long seconds(int64_t waited)
{
	return (waited + MOMENT_S / 2) / MOMENT_S;
}

static void miss_told(struct waits *w, struct wait *wait, int64_t waited)
{
	char place[PLACE_TEXT], by[ENDPOINT_TEXT], cause[CAUSE_TEXT], evidence[EVIDENCE_TEXT];

	place_text(wait->place, place);
	endpoint_text(&wait->by, by);
	tongue_say(cause, sizeof cause,
	         "The management point %s told this client to scan at %s, and in the %lld s that this "
	         "capture goes on the client never tries to connect there, or to any other update point. Its "
	         "policy refresh does not take the setting over, its update agent does not run, or its scan "
	         "is not due yet.",
	         by, place, seconds(waited));
	tongue_say(evidence, sizeof evidence, "%s names %s", by, place);
	raise(w, wait, FINDING_CONNECTION_MISSING,
	      waited >= USUAL_WAIT ? CONFIDENCE_PROBABLE : CONFIDENCE_POSSIBLE, cause, evidence);
}

/* Does anything take connections there on ports that only update points have? */
static bool is_proven(const struct waits *w, const struct wait *wait)
{
	for (unsigned i = 0; i < wait->answer_count; i++)
		if (relevance_has_update_port(w->env.relevance, &wait->answers[i]))
			return true;
	return wait->name_is_sup;
}

static void miss_resolved(struct waits *w, struct wait *wait, int64_t waited)
{
	char name[PLACE_HOST], at[ADDR_TEXT], cause[CAUSE_TEXT], evidence[EVIDENCE_TEXT];

	snprintf(name, sizeof name, "%.*s", (int)wait->name.len, (const char *)wait->name.at);
	addr_text(&wait->answers[0], at);
	tongue_say(cause, sizeof cause,
	         "The client resolves %s to %s, and in the %lld s that this capture goes on it never tries "
	         "to connect there. Its own firewall or a broken agent stops it, or its packets take a way "
	         "that this capture point does not see.",
	         name, at, seconds(waited));
	tongue_say(evidence, sizeof evidence, "%s is %s", name, at);
	raise(w, wait, FINDING_CONNECTION_MISSING,
	      is_proven(w, wait) ? CONFIDENCE_PROBABLE : CONFIDENCE_POSSIBLE, cause, evidence);
}

static void miss_asked(struct waits *w, struct wait *wait, int64_t waited)
{
	char by[ENDPOINT_TEXT], cause[CAUSE_TEXT];

	tongue_say(cause, sizeof cause,
	         "The client asks the management point %s where to scan; no reply to that is in this "
	         "capture, and in the %lld s that it goes on the client shows no update traffic.",
	         endpoint_text(&wait->by, by), seconds(waited));
	raise(w, wait, FINDING_CLIENT_SILENT, CONFIDENCE_PROBABLE, cause, "WSUSLocationRequest");
}

static void judge(struct waits *w, struct wait *wait, int64_t now)
{
	int64_t waited = now > wait->time ? now - wait->time : 0;
	bool expected;

	if (wait->explained || map_find(&w->seen, key_of(&wait->client)) ||
	    map_find(&w->resolvers, key_of(&wait->client)))
		return;
	/* Whom --client names is missed however short the capture is. */
	expected = expected_is(w->expected, &wait->client);
	switch (wait->reason) {
	case WAIT_NONE:
		break;
	case WAIT_ASKED:
		if (expected || waited >= USUAL_WAIT)
			miss_asked(w, wait, waited);
		break;
	case WAIT_RESOLVED:
		if (expected || waited >= RESOLVED_WAIT)
			miss_resolved(w, wait, waited);
		break;
	case WAIT_TOLD:
		if (expected || waited >= POLICY_WAIT)
			miss_told(w, wait, waited);
		break;
	}
}

void waits_end(struct waits *w, int64_t now)
{
	for (size_t i = 0; i < w->waiting.count; i++)
		if (w->waiting.entries[i].value)
			judge(w, w->waiting.entries[i].value, now);
}

bool waits_explained(const struct waits *w, const struct addr *client)
{
	struct map_entry *e = map_find(&w->waiting, key_of(client));
	const struct wait *wait = e ? e->value : NULL;

	return wait && wait->explained;
}
