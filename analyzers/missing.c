/* analyzers/missing.c - what was expected and never came: update points nobody tries, clients nobody sees. */
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/analyzer.h"
#include "facts/wsus.h"

/* A capture shorter than this may simply have missed the one visit. */
#define LONG_ENOUGH (60 * MOMENT_S)

struct missing {
	struct analyzer_env env;
	bool *sup_seen, *client_seen;   /* parallel to what relevance expects */
	int64_t first;                  /* of the first fact; MOMENT_NONE: none yet */
};

static void destroy(void *self)
{
	struct missing *m = self;

	free(m->sup_seen);
	free(m->client_seen);
	free(m);
}

static void *create(const struct analyzer_env *env)
{
	struct missing *m = calloc(1, sizeof *m);

	if (!m)
		return NULL;
	m->env = *env;
	m->first = MOMENT_NONE;
	m->sup_seen = calloc(relevance_sup_count(env->relevance) + 1, sizeof *m->sup_seen);
	m->client_seen = calloc(relevance_client_count(env->relevance) + 1, sizeof *m->client_seen);
	if (m->sup_seen && m->client_seen)
		return m;
	destroy(m);
	return NULL;
}

/* ---- what is seen ---- */

/* "WSUS01:8530" is "wsus01.corp.example": clients use the short name, too. */
static bool is_name_of(struct span host, const struct relevance_sup *sup)
{
	struct span name = host, asked, wanted = sup->host;

	if (span_ieq(host, wanted))
		return true;
	name = host.len && host.at[0] == '[' ? host : span_split(&name, ':');
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

/* The client of a fact on the update path; NULL: another path. */
static const struct addr *client_of(const struct relevance *r, const struct fact *f)
{
	switch (f->kind) {
	case FACT_CONNECTION:
		return relevance_connection(r, f->connection) ? &f->connection->client.addr : NULL;
	case FACT_EXCHANGE:
		return relevance_exchange(r, f->exchange) ? &f->exchange->conn->client.addr : NULL;
	case FACT_TLS:
		return relevance_tls(r, f->tls) ? &f->tls->conn->client.addr : NULL;
	case FACT_ICMP:
	case FACT_LOOKUP:
	case FACT_LEASE:
		break;
	}
	return NULL;
}

static void fact(void *self, const struct fact *f)
{
	struct missing *m = self;
	const struct relevance *r = m->env.relevance;
	const struct addr *client = relevance_client_count(r) ? client_of(r, f) : NULL;

	if (m->first == MOMENT_NONE || f->time < m->first)
		m->first = f->time;
	for (size_t i = 0; i < relevance_sup_count(r); i++)
		m->sup_seen[i] = m->sup_seen[i] || concerns(f, relevance_sup(r, i));
	for (size_t i = 0; client && i < relevance_client_count(r); i++)
		m->client_seen[i] = m->client_seen[i] || prefix_holds(relevance_client(r, i), client);
}

/* ---- what is missing ---- */

static void raise_sup(struct missing *m, const struct relevance_sup *sup, int64_t now)
{
	struct endpoint at = { sup->addr, sup->port };
	bool lasted = m->first != MOMENT_NONE && now - m->first >= LONG_ENOUGH;
	char cause[CAUSE_TEXT];

	snprintf(cause, sizeof cause,
	         "No client in this capture connects to %.200s or asks for it. Their agents do not run, "
	         "their policy names another server or none, or the capture point does not lie on their way.",
	         sup->text);
	finding_raise(m->env.findings, &(struct raise){
		.kind = FINDING_CONNECTION_MISSING,
		.severity = SEVERITY_OF_KIND,
		.confidence = lasted ? CONFIDENCE_PROBABLE : CONFIDENCE_POSSIBLE,
		.server = sup->has_addr && sup->port ? &at : NULL,
		.for_all_clients = true,
		.cause = cause,
		.time = now,
	});
}

static void raise_client(struct missing *m, const struct prefix *expected, int64_t now)
{
	bool single = expected->bits == 128;
	char cause[CAUSE_TEXT], text[ADDR_TEXT];
	unsigned bits = addr_is_v4(&expected->addr) ? expected->bits - 96 : expected->bits;

	addr_text(&expected->addr, text);
	snprintf(cause, sizeof cause,
	         "No client of %s/%u shows any update traffic, though some are expected: they are off, "
	         "elsewhere, or this capture point does not lie on their way.",
	         text, bits);
	finding_raise(m->env.findings, &(struct raise){
		.kind = FINDING_CLIENT_SILENT,
		.severity = SEVERITY_OF_KIND,
		.confidence = CONFIDENCE_PROBABLE,
		.client = single ? &expected->addr : NULL,
		.cause = single ? NULL : cause,
		.time = now,
	});
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
		if (!m->sup_seen[i])
			raise_sup(m, relevance_sup(r, i), now);
	}
	/* Where nobody tries, no single client needs to be named. */
	for (size_t i = 0; reached && i < relevance_client_count(r); i++)
		if (!m->client_seen[i])
			raise_client(m, relevance_client(r, i), now);
}

const struct analyzer analyzer_missing = {
	.name = "missing",
	.create = create,
	.destroy = destroy,
	.fact = fact,
	.end = end,
};
