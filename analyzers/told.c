/* analyzers/told.c - what clients are told, and what they dial instead.
 *
 * A management point tells a client of ConfigMgr its update points (WSUSLocationReply), or none; a
 * client's own policy stands in what it sends (UpdateServiceUrl).  A client that goes elsewhere obeys
 * somebody else.
 */
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/analyzer.h"
#include "analyzers/kept.h"
#include "analyzers/place.h"
#include "base/tongue.h"
#include "facts/location.h"
#include "facts/soap.h"
#include "facts/wsus.h"
#include "facts/wsuscall.h"

enum { CLIENTS_MAX = 100000, PLACES_MAX = 4096, TOLD_KEPT = 4 };

/* Group Policy is given so long to take what ConfigMgr sets: 2 minutes, and 30 s to ask. */
#define POLICY_WAIT (150 * MOMENT_S)

struct deviation {                      /* calls to another update point than the client was told */
	char dialled[PLACE_TEXT];
	bool other_port;                /* of the same machine */
	struct endpoint server;
	int64_t first, last;
	uint64_t frame, last_frame, count;
};

struct told_client {
	struct addr addr;
	struct endpoint by;             /* the management point */
	const struct place *places[TOLD_KEPT];  /* all that were ever told; the newest first */
	unsigned place_count;
	int64_t told_time;              /* of the first that was told; MOMENT_NONE */
	uint64_t told_frame;
	uint64_t empty_count, empty_frame, empty_last_frame;
	int64_t empty_first, empty_last;
	bool empty_now;                 /* the newest reply names none */
	struct deviation away;          /* count 0: none, or it came back */
};

struct told {
	struct analyzer_env env;
	struct map clients, places;
};

static void destroy(void *self)
{
	struct told *t = self;

	map_release_values(&t->clients);
	map_release_values(&t->places);
	free(t);
}

static void *create(const struct analyzer_env *env)
{
	struct told *t = calloc(1, sizeof *t);

	if (!t)
		return NULL;
	t->env = *env;
	map_init_on(&t->clients, CLIENTS_MAX, env->budget);
	map_init(&t->places, PLACES_MAX);
	return t;
}

/* ---- what they are told ---- */

static struct told_client *client_of(struct told *t, const struct addr *addr)
{
	struct told_client *c = kept_value(&t->clients, span_of(addr->bytes, 16), sizeof *c, t->env.limits);

	if (c && !c->by.port) {
		c->addr = *addr;
		c->told_time = MOMENT_NONE;
	}
	return c;
}

/* A place that is told anew moves to the front; the oldest gives way. */
static void add_place(struct told_client *c, const struct place *p)
{
	unsigned at = 0;

	while (at < c->place_count && c->places[at] != p)
		at++;
	if (at == c->place_count && c->place_count < TOLD_KEPT)
		c->place_count++;
	if (at == TOLD_KEPT)
		at--;
	memmove(c->places + 1, c->places, at * sizeof *c->places);
	c->places[0] = p;
}

static void take_empty(struct told_client *c, const struct exchange *x)
{
	if (!c->empty_count++) {
		c->empty_first = x->response.first_time;
		c->empty_frame = x->response.first_frame;
	}
	c->empty_last = x->response.first_time;
	c->empty_last_frame = x->response.first_frame;
	c->empty_now = true;
}

/* Somewhere else it went, and now that is told: a switch of update points that was under way. */
static void forgive(struct told_client *c, const struct addrnames *names)
{
	struct dialled d = { span_text(c->away.dialled), &c->away.server };

	for (unsigned i = 0; c->away.count && i < c->place_count; i++)
		if (place_match(c->places[i], &d, names) == PLACE_SAME)
			c->away.count = 0;
}

static void take_reply(struct told *t, const struct exchange *x, const struct location_message *m)
{
	struct told_client *c = client_of(t, &x->conn->client.addr);

	if (!c)
		return;
	c->by = x->conn->server;
	if (!m->count) {
		/* What was not read whole may name one where it breaks off. */
		if (!m->broken)
			take_empty(c, x);
		return;
	}
	c->empty_now = false;
	for (unsigned i = m->count < LOCATIONS_KEPT ? m->count : LOCATIONS_KEPT; i > 0; i--) {
		const struct place *p = place_kept(&t->places, m->locations[i - 1].url, t->env.limits);

		if (p)
			add_place(c, p);
	}
	if (c->place_count && c->told_time == MOMENT_NONE) {
		c->told_time = x->response.first_time;
		c->told_frame = x->response.first_frame;
	}
	forgive(c, t->env.names);
}

/* ---- what they dial ---- */

struct contact {
	const struct connection *conn;
	struct dialled to;
	int64_t time;
	uint64_t frame;
	bool own_directory;             /* of one that is plain HTTP wherever TLS is on */
};

static void stray(struct told_client *c, const struct contact *at, bool other_port)
{
	struct deviation *away = &c->away;

	if (!away->count++) {
		dialled_text(&at->to, away->dialled);
		away->other_port = other_port;
		away->server = at->conn->server;
		away->first = at->time;
		away->frame = at->frame;
	}
	away->last = at->time;
	away->last_frame = at->frame;
}

static void compare(struct told *t, const struct contact *at)
{
	struct map_entry *e = map_find(&t->clients, span_of(at->conn->client.addr.bytes, 16));
	struct told_client *c = e ? e->value : NULL;
	bool sure = true, other_port = false;

	if (!c || !c->place_count || at->time < c->told_time)
		return;
	for (unsigned i = 0; i < c->place_count; i++) {
		enum place_match m = place_match(c->places[i], &at->to, t->env.names);

		if (m == PLACE_SAME) {
			c->away.count = 0;
			return;
		}
		sure &= m != PLACE_UNSURE;
		other_port |= m == PLACE_OTHER_PORT;
	}
	if (sure && !(other_port && at->own_directory))
		stray(c, at, other_port);
}

static bool is_clients_call(enum wsus_place place)
{
	return place == WSUS_CLIENT || place == WSUS_SIMPLE_AUTH || place == WSUS_SELFUPDATE;
}

/* ---- its own policy ---- */

static void raise_policy(struct told *t, const struct exchange *x, const struct place *p,
                         const struct dialled *to)
{
	char own[PLACE_TEXT], dialled[PLACE_TEXT], cause[CAUSE_TEXT];
	struct evidence e = evidence_at(x->request.first_frame,
	                                "SyncUpdates with UpdateServiceUrl=%s sent to %s",
	                                place_text(p, own), dialled_text(to, dialled));

	tongue_say(cause, sizeof cause,
	         "The client's own policy names %s (UpdateServiceUrl in what it sends), but it talks to "
	         "%s. Its agent still has an older setting, or something on the way leads it elsewhere.",
	         own, dialled);
	finding_raise(t->env.findings, &(struct raise){
		.kind = FINDING_WRONG_SERVER,
		.severity = SEVERITY_OF_KIND,
		.confidence = CONFIDENCE_CERTAIN,
		.conn = x->conn,
		.cause = cause,
		.time = x->request.first_time,
		.evidence = &e,
		.evidence_count = 1,
	});
}

static void compare_policy(struct told *t, const struct exchange *x, const struct dialled *to)
{
	struct span url;
	struct place p;

	if (!x->soap || wsus_exchange_method(x) != METHOD_SYNC_UPDATES)
		return;
	url = update_service_url(wsus_text(x->soap->values, FIELD_DEVICE_ATTRIBUTES));
	if (!to->host.len || !place_read(url, &p) || wsus_microsoft_host(to->host))
		return;
	switch (place_match(&p, to, t->env.names)) {
	case PLACE_OTHER:
	case PLACE_OTHER_PORT:
		raise_policy(t, x, &p, to);
		break;
	case PLACE_SAME:
	case PLACE_UNSURE:
		break;
	}
}

/* ---- facts ---- */

static void take_exchange(struct told *t, const struct exchange *x)
{
	enum wsus_place place = wsus_exchange_place(x);
	struct contact at = {
		.conn = x->conn,
		.to = dialled_by(x),
		.time = x->request.first_time,
		.frame = x->request.first_frame,
		.own_directory = wsus_place_is_plain(place),
	};

	if (x->location && x->location->answers && x->response.present)
		take_reply(t, x, x->location);
	if (!x->request.present || !is_clients_call(place) || wsus_microsoft_host(at.to.host))
		return;
	compare(t, &at);
	compare_policy(t, x, &at.to);
}

/* Attempts that fail tell as much as calls: ports that are nobody else's. */
static void take_connection(struct told *t, const struct connection *c)
{
	if (wsus_port(c->server.port) && c->outcome != CONNECTION_ESTABLISHED &&
	    c->outcome != CONNECTION_MIDSTREAM)
		compare(t, &(struct contact){ .conn = c, .to = { .server = &c->server },
		                              .time = c->first_time, .frame = c->first_frame,
		                              .own_directory = true });
}

static void take_tls(struct told *t, const struct tls_session *s)
{
	struct span name = span_text(s->server_name);
	char host[sizeof s->server_name + 8];

	if (s->tunnel || !wsus_port(s->conn->server.port) || wsus_microsoft_host(name))
		return;
	snprintf(host, sizeof host, "%s:%u", s->server_name, s->conn->server.port);
	compare(t, &(struct contact){ .conn = s->conn,
	                              .to = { span_text(name.len ? host : ""), &s->conn->server },
	                              .time = s->conn->first_time, .frame = s->conn->first_frame,
	                              .own_directory = true });
}

static void fact(void *self, const struct fact *f)
{
	switch (f->kind) {
	case FACT_EXCHANGE:
		take_exchange(self, f->exchange);
		break;
	case FACT_CONNECTION:
		take_connection(self, f->connection);
		break;
	case FACT_TLS:
		take_tls(self, f->tls);
		break;
	case FACT_ICMP:
	case FACT_LOOKUP:
	case FACT_LEASE:
		break;
	}
}

/* ---- the end ---- */

static void raise_stray(struct told *t, const struct told_client *c)
{
	const struct deviation *away = &c->away;
	bool waited = away->last - c->told_time >= POLICY_WAIT;
	char place[PLACE_TEXT], by[ENDPOINT_TEXT], cause[CAUSE_TEXT];
	struct evidence e[3] = {
		evidence_at(c->told_frame, "%s tells the client to use %s", endpoint_text(&c->by, by),
		            place_text(c->places[0], place)),
		evidence_at(away->frame, "the client dials %s", away->dialled),
		evidence_at(away->last_frame, "and still does"),
	};

	tongue_say(cause, sizeof cause,
	         "The management point %s told this client %s%s; it dials %s%s. A Group Policy overrides "
	         "what ConfigMgr sets%s.",
	         by, place, c->place_count > 1 ? _(" (and others)") : "", away->dialled,
	         away->other_port ? _(", another port of that machine") : "",
	         waited ? "" : _(", or its refresh (2 minutes) is still due"));
	finding_raise(t->env.findings, &(struct raise){
		.kind = FINDING_WRONG_SERVER,
		.severity = SEVERITY_OF_KIND,
		.confidence = waited ? CONFIDENCE_CERTAIN : CONFIDENCE_PROBABLE,
		.client = &c->addr,
		.server = &away->server,
		.cause = cause,
		.time = away->first,
		.until = away->last,
		.count = away->count,
		.evidence = e,
		.evidence_count = away->last_frame != away->frame ? 3 : 2,
	});
}

static void raise_empty(struct told *t, const struct told_client *c)
{
	char by[ENDPOINT_TEXT], cause[CAUSE_TEXT];
	struct evidence e[2] = {
		evidence_at(c->empty_frame, "WSUSLocationReply without a location"),
		evidence_at(c->empty_last_frame, "another one"),
	};

	tongue_say(cause, sizeof cause,
	         "The client asks the management point %s where to scan, and its reply holds no update point "
	         "(WSUSLocationReply without a LocationRecord). None is installed for its site or boundary "
	         "group, or none has synchronised yet.",
	         endpoint_text(&c->by, by));
	finding_raise(t->env.findings, &(struct raise){
		.kind = FINDING_NO_UPDATE_POINT,
		.severity = SEVERITY_OF_KIND,
		.confidence = CONFIDENCE_CERTAIN,
		.client = &c->addr,
		.server = &c->by,
		.cause = cause,
		.time = c->empty_first,
		.until = c->empty_last,
		.count = c->empty_count,
		.evidence = e,
		.evidence_count = c->empty_last_frame != c->empty_frame ? 2 : 1,
	});
}

static void end(void *self, int64_t now)
{
	struct told *t = self;

	(void)now;
	for (size_t i = 0; i < t->clients.count; i++) {
		const struct told_client *c = t->clients.entries[i].value;

		if (!c)
			continue;
		if (c->away.count)
			raise_stray(t, c);
		if (c->empty_now)
			raise_empty(t, c);
	}
}

const struct analyzer analyzer_told = {
	.name = "told",
	.create = create,
	.destroy = destroy,
	.fact = fact,
	.end = end,
};
