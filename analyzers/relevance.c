/* analyzers/relevance.c - what belongs to the update path. */
#include "analyzers/relevance.h"

#include <stdlib.h>

#include "base/host.h"
#include "base/map.h"
#include "facts/location.h"
#include "facts/tls.h"
#include "facts/wsus.h"

enum { LEARNED_MAX = 100000, NAMES_MAX = 10000, NAME_MAX_LEN = 255, SUPS_MAX = 256 };

struct relevance {
	bool all, probe;
	struct relevance_sup *sups;
	size_t sup_count;
	const struct prefix *clients;   /* borrowed */
	size_t client_count;
	struct map update_points;       /* endpoint bytes: seen to serve WSUS */
	struct map proxies;             /* endpoint bytes: seen to serve as a proxy */
	struct map path_proxies;        /* endpoint bytes: a proxy that update traffic goes through */
	struct map hosts;               /* addresses of update points, any port */
	struct map sup_addrs;           /* what --sup's names were resolved to -> struct relevance_sup */
	struct map names;               /* of update points, lower case, as clients ask for them */
	struct map proxy_machines;      /* addresses of proxies */
	struct map own_ports;           /* addresses where 8530 or 8531 takes connections */
	const void *last;               /* the exchange or connection learned from last, and its verdict: */
	bool last_belongs;              /* a dozen analyzers ask about each, so it is judged once */
};

/* ---- options ---- */

static struct relevance_sup sup_of(const char *given)
{
	struct span text = span_text(given);
	size_t scheme = span_find(text, SPAN("://"));
	struct relevance_sup s = { .text = given };
	struct span port;
	size_t colon;
	uint64_t value;

	if (scheme != SIZE_MAX)
		text = span_skip(text, scheme + 3);
	text = span_split(&text, '/');
	s.host = text;
	s.has_addr = addr_parse(text, &s.addr);
	if (s.has_addr)
		return s;
	colon = text.len;
	while (colon > 0 && text.at[colon - 1] != ':')
		colon--;
	port = span_skip(text, colon);
	if (colon > 0 && span_decimal(port, &value) && value && value <= UINT16_MAX) {
		s.port = (uint16_t)value;
		s.host.len = colon - 1;
		s.has_addr = addr_parse(s.host, &s.addr);
	}
	return s;
}

struct relevance *relevance_new(const struct relevance_options *options)
{
	struct relevance *r = calloc(1, sizeof *r);

	if (!r)
		return NULL;
	r->all = options->all;
	r->probe = options->probe;
	r->clients = options->clients;
	r->client_count = options->client_count;
	r->sups = calloc(options->sup_count + 1, sizeof *r->sups);
	if (!r->sups) {
		free(r);
		return NULL;
	}
	for (size_t i = 0; i < options->sup_count && i < SUPS_MAX; i++)
		r->sups[r->sup_count++] = sup_of(options->sups[i]);
	map_init(&r->update_points, LEARNED_MAX);
	map_init(&r->proxies, LEARNED_MAX);
	map_init(&r->path_proxies, LEARNED_MAX);
	map_init(&r->hosts, LEARNED_MAX);
	map_init(&r->own_ports, LEARNED_MAX);
	map_init(&r->sup_addrs, LEARNED_MAX);
	map_init(&r->names, NAMES_MAX);
	map_init(&r->proxy_machines, LEARNED_MAX);
	return r;
}

void relevance_free(struct relevance *r)
{
	if (!r)
		return;
	map_release(&r->update_points);
	map_release(&r->proxies);
	map_release(&r->path_proxies);
	map_release(&r->hosts);
	map_release(&r->own_ports);
	map_release(&r->sup_addrs);
	map_release(&r->names);
	map_release(&r->proxy_machines);
	free(r->sups);
	free(r);
}

size_t relevance_sup_count(const struct relevance *r)
{
	return r->sup_count;
}

const struct relevance_sup *relevance_sup(const struct relevance *r, size_t i)
{
	return &r->sups[i];
}

size_t relevance_client_count(const struct relevance *r)
{
	return r->client_count;
}

const struct prefix *relevance_client(const struct relevance *r, size_t i)
{
	return &r->clients[i];
}

/* ---- asking ---- */

static bool holds(const struct map *m, const struct endpoint *e)
{
	struct endpoint_key k = endpoint_key(e);

	return map_find(m, ENDPOINT_SPAN(k)) != NULL;
}

static void learn(struct map *m, const struct endpoint *e)
{
	struct endpoint_key k = endpoint_key(e);

	map_put(m, ENDPOINT_SPAN(k));
}

static bool sup_has_port(const struct relevance_sup *s, uint16_t port)
{
	return !s->port || s->port == port;
}

static bool sup_is_endpoint(const struct relevance *r, const struct endpoint *e)
{
	const struct map_entry *resolved = map_find(&r->sup_addrs, span_of(e->addr.bytes, 16));

	if (resolved && sup_has_port(resolved->value, e->port))
		return true;
	for (size_t i = 0; i < r->sup_count; i++) {
		const struct relevance_sup *s = &r->sups[i];

		if (s->has_addr && addr_eq(&s->addr, &e->addr) && sup_has_port(s, e->port))
			return true;
	}
	return false;
}

/* NULL: no --sup has that name. */
static const struct relevance_sup *sup_named(const struct relevance *r, struct span host)
{
	struct span name = host_name(host);

	for (size_t i = 0; i < r->sup_count; i++)
		if (span_ieq(r->sups[i].host, name) || span_ieq(r->sups[i].host, host))
			return &r->sups[i];
	return NULL;
}

static bool sup_is_host(const struct relevance *r, struct span host)
{
	return sup_named(r, host) != NULL;
}

bool relevance_is_update_point(const struct relevance *r, const struct endpoint *server)
{
	return sup_is_endpoint(r, server) || holds(&r->update_points, server);
}

bool relevance_has_update_port(const struct relevance *r, const struct addr *machine)
{
	return map_find(&r->own_ports, span_of(machine->bytes, 16)) != NULL;
}

bool relevance_is_proxy(const struct relevance *r, const struct endpoint *server)
{
	return holds(&r->proxies, server);
}

static bool host_names_update_port(struct span host)
{
	return span_iends(host, SPAN(":8530")) || span_iends(host, SPAN(":8531"));
}

/* What the request itself tells, wherever it went. */
static bool speaks_update(const struct relevance *r, const struct exchange *x)
{
	struct span agent = http_header(&x->request, SPAN("User-Agent"));

	return wsus_place_is_update(wsus_exchange_place(x)) || wsus_user_agent(agent) ||
	       host_names_update_port(x->host) || sup_is_host(r, x->host) || wsus_microsoft_host(x->host) ||
	       (x->tunnel && speaks_update(r, x->tunnel));
}

/* What scanners ask and no part of an update does: servers refuse it, and do well. */
static bool is_scanners_verb(struct span method)
{
	return span_eq(method, SPAN("TRACE")) || span_eq(method, SPAN("OPTIONS")) ||
	       span_eq(method, SPAN("TRACK"));
}

/* Ports 80 and 443 of an update point serve a host's other sites too, a management point's among
 * them: there the request itself must tell, unless the user named the server. */
static bool serves_only_updates(const struct relevance *r, const struct endpoint *server)
{
	if (server->port == 80 || server->port == 443)
		return sup_is_endpoint(r, server);
	return relevance_is_update_point(r, server);
}

static bool judge_exchange(const struct relevance *r, const struct exchange *x)
{
	if (r->all)
		return true;
	if (is_scanners_verb(x->method) || wsus_configmgr_refuses(x))
		return false;
	if (speaks_update(r, x) || wsus_port(x->conn->server.port))
		return true;
	return !x->via_proxy && serves_only_updates(r, &x->conn->server);
}

bool relevance_exchange(const struct relevance *r, const struct exchange *x)
{
	return x == r->last ? r->last_belongs : judge_exchange(r, x);
}

bool relevance_tls(const struct relevance *r, const struct tls_session *t)
{
	struct span name = span_text(t->server_name);

	if (r->all || sup_is_host(r, name) || wsus_microsoft_host(name))
		return true;
	if (t->tunnel)
		return speaks_update(r, t->tunnel);
	return wsus_port(t->conn->server.port) || relevance_is_update_point(r, &t->conn->server);
}

static bool judge_connection(const struct relevance *r, const struct connection *c)
{
	if (r->all || wsus_port(c->server.port) || relevance_is_update_point(r, &c->server))
		return true;
	if (holds(&r->path_proxies, &c->server))
		return true;
	/* Another of the usual ports of a known update point. */
	return (c->server.port == 80 || c->server.port == 443) &&
	       map_find(&r->hosts, span_of(c->server.addr.bytes, 16)) != NULL;
}

bool relevance_connection(const struct relevance *r, const struct connection *c)
{
	return c == r->last ? r->last_belongs : judge_connection(r, c);
}

/* ---- names ---- */

/* Without port, in lower case; empty for an address. */
static struct span plain_name(struct span host, uint8_t lower[static NAME_MAX_LEN])
{
	struct addr literal;
	struct span name = span_split(&host, ':');

	if (!name.len || name.len > NAME_MAX_LEN || name.at[0] == '[' || addr_parse(name, &literal))
		return span_of(NULL, 0);
	for (size_t i = 0; i < name.len; i++)
		lower[i] = name.at[i] >= 'A' && name.at[i] <= 'Z' ? name.at[i] | 0x20 : name.at[i];
	return span_of(lower, name.len);
}

static void learn_name(struct relevance *r, struct span host)
{
	uint8_t lower[NAME_MAX_LEN];
	struct span name = plain_name(host, lower);

	if (name.len)
		map_put(&r->names, name);
}

/* "wsus01.corp.example" begins with "wsus01", but not with "wsus". */
static bool begins_with_name(struct span name, struct span with)
{
	return span_istarts(name, with) && (name.len == with.len || name.at[with.len] == '.');
}

static bool is_sup_with_suffix(const struct relevance *r, struct span name)
{
	for (size_t i = 0; i < r->sup_count; i++)
		if (!r->sups[i].has_addr && r->sups[i].host.len &&
		    (begins_with_name(name, r->sups[i].host) || begins_with_name(r->sups[i].host, name)))
			return true;
	return false;
}

enum relevance_name relevance_name(const struct relevance *r, struct span host)
{
	uint8_t lower[NAME_MAX_LEN];
	struct span name = plain_name(host, lower);

	if (!name.len)
		return RELEVANCE_NAME_OTHER;
	if (is_sup_with_suffix(r, name))
		return RELEVANCE_NAME_KNOWN;
	for (size_t len = 1; len <= name.len; len++)
		if ((len == name.len || name.at[len] == '.') && map_find(&r->names, span_of(name.at, len)))
			return RELEVANCE_NAME_KNOWN;
	return wsus_likely_name(name) ? RELEVANCE_NAME_LIKELY : RELEVANCE_NAME_OTHER;
}

bool relevance_is_probe(const struct relevance *r)
{
	return r->probe;
}

bool relevance_is_update_machine(const struct relevance *r, const struct addr *machine)
{
	for (size_t i = 0; i < r->sup_count; i++)
		if (r->sups[i].has_addr && addr_eq(&r->sups[i].addr, machine))
			return true;
	return map_find(&r->hosts, span_of(machine->bytes, 16)) != NULL;
}

bool relevance_is_proxy_machine(const struct relevance *r, const struct addr *machine)
{
	return map_find(&r->proxy_machines, span_of(machine->bytes, 16)) != NULL;
}

/* ---- learning ---- */

/* "http://sup01.corp.example:8530" names an update point. */
static void learn_location(struct relevance *r, const struct location_message *m)
{
	for (unsigned i = 0; i < m->count && i < LOCATIONS_KEPT; i++) {
		struct span url = m->locations[i].url;
		size_t scheme = span_find(url, SPAN("://"));

		if (scheme != SIZE_MAX)
			url = span_skip(url, scheme + 3);
		learn_name(r, span_split(&url, '/'));
	}
}

static void learn_lookup(struct relevance *r, const struct lookup *l)
{
	const struct relevance_sup *sup = sup_named(r, span_text(l->name));
	uint8_t lower[NAME_MAX_LEN];
	struct span name = plain_name(span_text(l->name), lower);
	bool known = sup || (name.len && map_find(&r->names, name));

	if (!known || !l->answered || l->rcode || !lookup_asks_address(l))
		return;
	for (unsigned i = 0; i < l->answer_count && i < LOOKUP_ANSWERS; i++) {
		struct span addr = span_of(l->answers[i].bytes, 16);
		struct map_entry *e = sup ? map_put(&r->sup_addrs, addr) : NULL;

		map_put(&r->hosts, addr);
		if (e)
			e->value = (void *)(uintptr_t)sup;
	}
}

static void learn_exchange(struct relevance *r, const struct exchange *x)
{
	if (!x->request.present)
		return;
	if (x->location)
		learn_location(r, x->location);
	if (x->via_proxy) {
		learn(&r->proxies, &x->conn->server);
		map_put(&r->proxy_machines, span_of(x->conn->server.addr.bytes, 16));
		if (!speaks_update(r, x))
			return;
		learn(&r->path_proxies, &x->conn->server);
		if (!wsus_microsoft_host(x->host))
			learn_name(r, x->tunnel ? x->tunnel->host : x->host);
		return;
	}
	if (wsus_place_is_update(wsus_exchange_place(x)) || sup_is_host(r, x->host)) {
		learn(&r->update_points, &x->conn->server);
		map_put(&r->hosts, span_of(x->conn->server.addr.bytes, 16));
		if (!wsus_microsoft_host(x->host))
			learn_name(r, x->host);
	}
}

static void learn_connection(struct relevance *r, const struct connection *c)
{
	if (!wsus_port(c->server.port))
		return;
	map_put(&r->hosts, span_of(c->server.addr.bytes, 16));
	if (c->outcome == CONNECTION_ESTABLISHED || c->outcome == CONNECTION_MIDSTREAM)
		map_put(&r->own_ports, span_of(c->server.addr.bytes, 16));
}

void relevance_learn(struct relevance *r, const struct fact *fact)
{
	const struct tls_session *t = fact->tls;

	r->last = NULL;
	switch (fact->kind) {
	case FACT_EXCHANGE:
		learn_exchange(r, fact->exchange);
		r->last_belongs = judge_exchange(r, fact->exchange);
		r->last = fact->exchange;
		break;
	case FACT_TLS:
		if (!t->tunnel && sup_is_host(r, span_text(t->server_name)))
			learn(&r->update_points, &t->conn->server);
		break;
	case FACT_CONNECTION:
		learn_connection(r, fact->connection);
		r->last_belongs = judge_connection(r, fact->connection);
		r->last = fact->connection;
		break;
	case FACT_LOOKUP:
		learn_lookup(r, fact->lookup);
		break;
	case FACT_ICMP:
	case FACT_LEASE:
		break;
	}
}
