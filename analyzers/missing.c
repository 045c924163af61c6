/* analyzers/missing.c - what was expected and never came: update points nobody tries, clients nobody sees.
 *
 * Here is what --sup and --client expect; what the traffic itself lets expect is in waits.c.
 */
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/expected.h"
#include "analyzers/addrnames.h"
#include "analyzers/waits.h"
#include "base/host.h"
#include "base/tongue.h"
#include "facts/wsus.h"

/* A capture shorter than this may simply have missed the one visit. */
#define LONG_ENOUGH (60 * MOMENT_S)

struct missing {
	struct analyzer_env env;
	bool *sup_seen;                 /* parallel to what relevance expects */
	struct expectations clients;
	struct waits *waits;
	int64_t first;                  /* of the first fact; MOMENT_NONE: none yet */
};

static void destroy(void *self)
{
	struct missing *m = self;

	free(m->sup_seen);
	expectations_release(&m->clients);
	waits_free(m->waits);
	free(m);
}

static bool prepare(struct missing *m)
{
	bool whole = expectations_init(&m->clients, m->env.relevance);

	m->waits = waits_new(&m->env, &m->clients);
	m->sup_seen = calloc(relevance_sup_count(m->env.relevance) + 1, sizeof *m->sup_seen);
	return whole && m->waits && m->sup_seen;
}

static void *create(const struct analyzer_env *env)
{
	struct missing *m = calloc(1, sizeof *m);

	if (!m)
		return NULL;
	m->env = *env;
	m->first = MOMENT_NONE;
	if (prepare(m))
		return m;
	destroy(m);
	return NULL;
}

/* ---- what is seen ---- */

/* "WSUS01:8530" is "wsus01.corp.example": clients use the short name, too. */
static bool is_name_of(struct span host, const struct relevance_sup *sup)
{
	struct span name = host_name(host), asked, wanted = sup->host;

	if (span_ieq(host, wanted))
		return true;
	if (sup->has_addr || !name.len)
		return span_ieq(name, wanted);
	asked = span_split(&name, '.');
	wanted = span_split(&wanted, '.');
	return span_ieq(asked, wanted);
}

/* Whatever goes to its address counts, on any port: another port is a matter of its own.  Where a name stands
 * for the update point, a connection to its port that tells no name may be one to it. */
static bool is_way_to(const struct connection *c, const struct relevance_sup *sup)
{
	if (sup->has_addr)
		return addr_eq(&c->server.addr, &sup->addr);
	return c->outcome != CONNECTION_ESTABLISHED &&
	       (sup->port ? c->server.port == sup->port : wsus_port(c->server.port));
}

static bool concerns(const struct fact *f, const struct relevance_sup *sup)
{
	const struct exchange *x = f->exchange;

	switch (f->kind) {
	case FACT_CONNECTION:
		return is_way_to(f->connection, sup);
	case FACT_EXCHANGE:
		return is_name_of(x->host, sup) || (x->tunnel && is_name_of(x->tunnel->host, sup)) ||
		       is_way_to(x->conn, sup);
	case FACT_TLS:
		return is_name_of(span_text(f->tls->server_name), sup) || is_way_to(f->tls->conn, sup) ||
		       (!f->tls->server_name[0] && wsus_port(f->tls->conn->server.port));
	case FACT_ICMP:
	case FACT_LOOKUP:
	case FACT_LEASE:
		break;
	}
	return false;
}

static bool is_configmgrs(const struct exchange *x)
{
	enum wsus_place place = wsus_exchange_place(x);

	return place != WSUS_NOWHERE && !wsus_place_is_update(place);
}

/* A management point may share port 80 with an update point: there only what is asked tells, where it
 * could be read. */
static bool tells_itself(const struct connection *c)
{
	return c->server.port == 80 && c->outcome == CONNECTION_ESTABLISHED && !c->one_sided && !c->joined;
}

/* The connection of a fact on the update path; NULL: another path. */
static const struct connection *way_of(const struct relevance *r, const struct fact *f)
{
	switch (f->kind) {
	case FACT_CONNECTION:
		if (relevance_connection(r, f->connection) && !tells_itself(f->connection))
			return f->connection;
		break;
	case FACT_EXCHANGE:
		if (relevance_exchange(r, f->exchange) && !is_configmgrs(f->exchange))
			return f->exchange->conn;
		break;
	case FACT_TLS:
		return relevance_tls(r, f->tls) ? f->tls->conn : NULL;
	case FACT_ICMP:
	case FACT_LOOKUP:
	case FACT_LEASE:
		break;
	}
	return NULL;
}

static const struct addr *machine_of(const struct fact *f)
{
	switch (f->kind) {
	case FACT_CONNECTION:
		return &f->connection->client.addr;
	case FACT_EXCHANGE:
		return &f->exchange->conn->client.addr;
	case FACT_TLS:
		return &f->tls->conn->client.addr;
	case FACT_LOOKUP:
		return &f->lookup->client;
	case FACT_LEASE:
		return &f->lease->client;
	case FACT_ICMP:
		break;
	}
	return NULL;
}

static void note_way(struct missing *m, const struct fact *f, const struct connection *way, bool at_sup)
{
	const struct addr *client = machine_of(f);
	struct expected *e = client ? expected_single(&m->clients, client) : NULL;

	if (e && at_sup)
		e->at_sup = true;
	if (e && !e->alive_frame)
		e->alive_frame = f->frame;
	if (!way)
		return;
	if (waits_seen(m->waits, &way->client.addr))
		expected_came(&m->clients, &way->client.addr);
	if (e && !e->elsewhere_frame) {
		e->elsewhere = way->server;
		e->elsewhere_frame = way->first_frame;
	}
	if (e)
		e->seen = true;
}

static bool note_sups(struct missing *m, const struct fact *f)
{
	const struct relevance *r = m->env.relevance;
	bool any = false;

	for (size_t i = 0; i < relevance_sup_count(r); i++) {
		bool here = concerns(f, relevance_sup(r, i));

		m->sup_seen[i] = m->sup_seen[i] || here;
		any |= here;
	}
	return any;
}

static void fact(void *self, const struct fact *f)
{
	struct missing *m = self;

	if (m->first == MOMENT_NONE || f->time < m->first)
		m->first = f->time;
	note_way(m, f, way_of(m->env.relevance, f), note_sups(m, f));
	waits_fact(m->waits, f);
}

/* ---- what is missing ---- */

static enum confidence confidence_by(const struct missing *m, int64_t now)
{
	bool lasted = m->first != MOMENT_NONE && now - m->first >= LONG_ENOUGH;

	return lasted ? CONFIDENCE_PROBABLE : CONFIDENCE_POSSIBLE;
}

/* Who asks for its name in vain would come if it could: that is a finding of its own. */
static bool is_sought_in_vain(const struct missing *m, const struct relevance_sup *sup)
{
	return !sup->has_addr && m->env.names &&
	       name_stories_failed(addrnames_stories(m->env.names), sup->host);
}

static void raise_sup(struct missing *m, const struct relevance_sup *sup, int64_t now)
{
	struct endpoint at = { sup->addr, sup->port };
	char cause[CAUSE_TEXT];

	tongue_say(cause, sizeof cause,
	         "No client in this capture connects to %.200s or asks for it. Their agents do not run, "
	         "their policy names another server or none, or the capture point does not lie on their way.",
	         sup->text);
	finding_raise(m->env.findings, &(struct raise){
		.kind = FINDING_CONNECTION_MISSING,
		.severity = SEVERITY_OF_KIND,
		.confidence = confidence_by(m, now),
		.server = sup->has_addr && sup->port ? &at : NULL,
		.for_all_clients = true,
		.cause = cause,
		.time = now,
	});
}

static void raise_network(struct missing *m, const struct prefix *expected, int64_t now)
{
	char cause[CAUSE_TEXT], text[ADDR_TEXT];
	unsigned bits = addr_is_v4(&expected->addr) ? expected->bits - 96 : expected->bits;

	addr_text(&expected->addr, text);
	tongue_say(cause, sizeof cause,
	         "No client of %s/%u shows any update traffic, though some are expected: they are off, "
	         "elsewhere, or this capture point does not lie on their way.",
	         text, bits);
	finding_raise(m->env.findings, &(struct raise){
		.kind = FINDING_CLIENT_SILENT,
		.severity = SEVERITY_OF_KIND,
		.confidence = CONFIDENCE_PROBABLE,
		.cause = cause,
		.time = now,
	});
}

static void raise_client(struct missing *m, const struct addr *client, const struct expected *e,
			 int64_t now)
{
	static const char up[] =
		N_("This client is expected and it is up: other traffic of it is in this capture, but "
		   "nothing that goes to the update path. Its agent does not run, its policy names no "
		   "update point, or its scan is not due yet.");
	struct evidence alive = evidence_at(e->alive_frame, "the client is there");

	finding_raise(m->env.findings, &(struct raise){
		.kind = FINDING_CLIENT_SILENT,
		.severity = SEVERITY_OF_KIND,
		.confidence = CONFIDENCE_PROBABLE,
		.client = client,
		.cause = e->alive_frame ? _(up) : NULL,
		.time = now,
		.evidence = &alive,
		.evidence_count = e->alive_frame != 0,
	});
}

/* It updates elsewhere, while others come to the update points that --sup names. */
static void raise_elsewhere(struct missing *m, const struct addr *client, const struct expected *e,
                            int64_t now)
{
	struct evidence seen = evidence_at(e->elsewhere_frame, "update traffic that goes elsewhere");
	char cause[CAUSE_TEXT], at[ENDPOINT_TEXT];

	tongue_say(cause, sizeof cause,
	         "This client is expected at %.160s%s and never goes there, though it shows update traffic: "
	         "that goes to %s.",
	         relevance_sup(m->env.relevance, 0)->text,
	         relevance_sup_count(m->env.relevance) > 1 ? _(" or another --sup") : "",
	         endpoint_text(&e->elsewhere, at));
	finding_raise(m->env.findings, &(struct raise){
		.kind = FINDING_CONNECTION_MISSING,
		.severity = SEVERITY_OF_KIND,
		.confidence = confidence_by(m, now),
		.client = client,
		.cause = cause,
		.time = now,
		.evidence = &seen,
		.evidence_count = 1,
	});
}

static void judge_single(struct missing *m, const struct addr *client, int64_t now)
{
	const struct expected *e = expected_single(&m->clients, client);

	if (!e->seen && !waits_explained(m->waits, client))
		raise_client(m, client, e, now);
	else if (e->seen && !e->at_sup && relevance_sup_count(m->env.relevance))
		raise_elsewhere(m, client, e, now);
}

static void judge_clients(struct missing *m, int64_t now)
{
	const struct expectations *e = &m->clients;
	struct addr client;
	struct prefix network;

	for (size_t i = 0; i < e->singles.count; i++) {
		memcpy(client.bytes, e->singles.entries[i].key.at, sizeof client.bytes);
		judge_single(m, &client, now);
	}
	for (size_t i = 0; i < e->networks.count; i++)
		if (expected_network_lacks(e, i, &network))
			raise_network(m, &network, now);
}

static void end(void *self, int64_t now)
{
	struct missing *m = self;
	const struct relevance *r = m->env.relevance;
	bool reached = !relevance_sup_count(r);

	/* Without a single frame nothing is missing but the capture. */
	if (!now)
		return;
	for (size_t i = 0; i < relevance_sup_count(r); i++) {
		reached |= m->sup_seen[i];
		if (!m->sup_seen[i] && !is_sought_in_vain(m, relevance_sup(r, i)))
			raise_sup(m, relevance_sup(r, i), now);
	}
	waits_end(m->waits, now);
	/* Where nobody tries, no single client needs to be named. */
	if (reached)
		judge_clients(m, now);
}

const struct analyzer analyzer_missing = {
	.name = "missing",
	.create = create,
	.destroy = destroy,
	.fact = fact,
	.end = end,
};
