/* analyzers/ladder.c - climbing the rungs with each client. */
#include "analyzers/ladder.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzers/ladderverdict.h"
#include "analyzers/reach.h"
#include "analyzers/rungs.h"
#include "analyzers/servers.h"
#include "analyzers/tlsstory.h"
#include "analyzers/twin.h"
#include "analyzers/web.h"
#include "base/map.h"

enum {
	CLIENTS_MAX = 100000,
	ATTEMPTS_ONLY_MAX =
		10000, /* rows of clients that never got a connection: a scan may bring millions */
};

struct ladders {
	const struct relevance *relevance;
	struct limits *limits;
	struct map by_key;              /* client, server, host behind a proxy -> index + 1 */
	struct map failed;              /* addresses of clients with a row that failed */
	struct map served;              /* and with a row that was served */
	struct map clients; /* their addresses: a client may climb towards several update points */
	struct twins twins;
	struct ladder *all;
	size_t count, room, attempts_only;
	struct servers *servers;
};

/* ---- the store ---- */

struct ladders *ladders_new(const struct relevance *relevance, struct limits *limits)
{
	struct ladders *l = calloc(1, sizeof *l);

	if (!l)
		return NULL;
	l->relevance = relevance;
	l->limits = limits;
	l->servers = servers_new(relevance);
	map_init(&l->by_key, CLIENTS_MAX);
	map_init(&l->clients, CLIENTS_MAX);
	twins_init(&l->twins);
	map_init(&l->failed, CLIENTS_MAX);
	map_init(&l->served, CLIENTS_MAX);
	if (l->servers)
		return l;
	free(l);
	return NULL;
}

void ladders_free(struct ladders *l)
{
	if (!l)
		return;
	servers_free(l->servers);
	map_release(&l->by_key);
	map_release(&l->clients);
	twins_release(&l->twins);
	map_release(&l->failed);
	map_release(&l->served);
	free(l->all);
	free(l);
}

static void copy_text(char *to, size_t size, struct span from)
{
	size_t len = from.len < size - 1 ? from.len : size - 1;

	if (len)
		memcpy(to, from.at, len);
	to[len] = '\0';
}

static struct ladder *add_ladder(struct ladders *l, const struct connection *c, struct span host,
                                 bool via_proxy)
{
	struct ladder *n;

	if (l->count == l->room) {
		size_t room = l->room ? l->room * 2 : 16;
		struct ladder *all = realloc(l->all, room * sizeof *all);

		if (!all)
			return NULL;
		l->all = all;
		l->room = room;
	}
	n = &l->all[l->count++];
	*n = (struct ladder){ .client = c->client.addr, .server = c->server, .via_proxy = via_proxy,
		              .got_through = MOMENT_NONE,
		              .first = c->first_time, .last = c->last_time };
	copy_text(n->host, sizeof n->host, host);
	for (int i = 0; i < RUNG_COUNT; i++)
		n->rungs[i] = (struct rung){ .when = MOMENT_NONE, .took = -1 };
	return n;
}

/* The row of a client and an update point.  Towards a proxy the update point is told apart by its name. */
static struct ladder *row_of(struct ladders *l, const struct connection *c, struct span host, bool via_proxy,
                             bool attempt_only)
{
	uint8_t key[16 + 18 + 96];
	size_t len = 34;
	struct map_entry *e;

	memcpy(key, c->client.addr.bytes, 16);
	memcpy(key + 16, c->server.addr.bytes, 16);
	key[32] = (uint8_t)(c->server.port >> 8);
	key[33] = (uint8_t)c->server.port;
	for (size_t i = 0; via_proxy && i < host.len && len < sizeof key; i++)
		key[len++] = host.at[i] >= 'A' && host.at[i] <= 'Z' ? host.at[i] | 0x20 : host.at[i];
	if (attempt_only && l->attempts_only >= ATTEMPTS_ONLY_MAX &&
	    !map_find(&l->by_key, span_of(key, len))) {
		limit_add(l->limits, LIMIT_CLIENT_CEILING, 1);
		return NULL;
	}
	e = map_put(&l->by_key, span_of(key, len));
	if (!e) {
		limit_add(l->limits, LIMIT_CLIENT_CEILING, 1);
		return NULL;
	}
	if (!e->value) {
		if (!add_ladder(l, c, host, via_proxy))
			return NULL;
		l->attempts_only += attempt_only;
		e->value = (void *)(uintptr_t)l->count;
	}
	return &l->all[(uintptr_t)e->value - 1];
}

static void climb(struct ladder *n, enum rung_name at, enum rung_state state, int64_t when, uint64_t frame,
                  const char *detail)
{
	struct rung *r = &n->rungs[at];

	r->tries++;
	if (when < r->when)
		return;
	r->state = state;
	r->when = when;
	r->frame = frame;
	snprintf(r->detail, sizeof r->detail, "%s", detail);
}

/* ---- from exchanges ---- */

static void climb_exchange(struct ladder *n, const struct exchange *x)
{
	enum rung_name rung = span_eq(x->method, SPAN("CONNECT")) ? RUNG_CONNECTION : rung_of_exchange(x);
	enum rung_state state = rung_state_of(x, rung);
	int64_t when = x->request.first_time;
	char text[RUNG_DETAIL];

	climb(n, RUNG_CONNECTION, RUNG_OK, when, x->request.first_frame, "");
	n->served |= rung != RUNG_CONNECTION && x->response.present && x->status < 400;
	if (x->tls)
		climb(n, RUNG_TLS, RUNG_OK, when, x->tls->server_hello_frame,
		      tls_version_name(x->tls->version));
	else if (rung != RUNG_CONNECTION)
		climb(n, RUNG_TLS, RUNG_SKIPPED, when, 0, "");
	if (rung == RUNG_COUNT || state == RUNG_UNSEEN)
		return;
	climb(n, rung, state, when, state == RUNG_OK ? x->request.first_frame : x->response.first_frame,
	      rung_result(x, text));
	if (state == RUNG_OK && x->response.end_time != MOMENT_NONE)
		n->rungs[rung].took = x->response.end_time - when;
}

static struct span target_of(const struct exchange *x)
{
	if (x->tunnel)
		return web_without_login(x->tunnel->target);
	return span_eq(x->method, SPAN("CONNECT")) ? web_without_login(x->target) : x->host;
}

static void take_exchange(struct ladders *l, const struct exchange *x)
{
	struct ladder *n;

	servers_exchange(l->servers, x);
	if (!x->request.present || !relevance_exchange(l->relevance, x))
		return;
	n = row_of(l, x->conn, target_of(x), x->via_proxy, false);
	if (!n)
		return;
	if (!n->host[0])
		copy_text(n->host, sizeof n->host, target_of(x));
	if (x->request.first_time < n->first)
		n->first = x->request.first_time;
	if (x->request.last_time > n->last)
		n->last = x->request.last_time;
	climb_exchange(n, x);
}

/* ---- from connections and TLS ---- */

static void take_connection(struct ladders *l, const struct connection *c)
{
	bool good = c->outcome == CONNECTION_ESTABLISHED || c->outcome == CONNECTION_MIDSTREAM;
	struct ladder *n;

	if (!relevance_connection(l->relevance, c) || relevance_is_proxy(l->relevance, &c->server))
		return;
	if (c->outcome == CONNECTION_ESTABLISHED)
		twins_through(&l->twins, c);
	else if (!good)
		twins_failed(&l->twins, c);
	n = row_of(l, c, span_of(NULL, 0), false, !good);
	if (!n)
		return;
	climb(n, RUNG_CONNECTION, good ? RUNG_OK : RUNG_FAILED, c->first_time, c->first_frame,
	      good ? "" : connection_outcome_name(c->outcome));
	if (good && c->rtt >= 0)
		n->rungs[RUNG_CONNECTION].took = c->rtt;
}

static void take_tls(struct ladders *l, const struct tls_session *t)
{
	const struct connection *c = t->conn;
	struct span host = t->tunnel ? web_without_login(t->tunnel->target) : span_text(t->server_name);
	char why[TLS_TROUBLE_TEXT];
	struct ladder *n;

	if (!relevance_tls(l->relevance, t))
		return;
	n = row_of(l, c, host, t->tunnel != NULL, false);
	if (!n)
		return;
	if (!n->host[0])
		copy_text(n->host, sizeof n->host, host);
	n->served |= tls_got_through(t);
	n->suite_unread |= t->reading == TLS_UNKNOWN_SUITE;
	if (tls_got_through(t) && t->first_time > n->got_through)
		n->got_through = t->first_time;
	/* A handshake that the capture shows in part only proves nothing. */
	if (tls_stopped(t) || tls_trouble_later(t))
		climb(n, RUNG_TLS, RUNG_FAILED, t->first_time, t->last_frame[SERVER], tls_trouble(t, why));
	else if (t->established)
		climb(n, RUNG_TLS, RUNG_OK, t->first_time, t->server_hello_frame,
		      tls_version_name(t->version));
}

void ladders_fact(struct ladders *l, const struct fact *fact)
{
	switch (fact->kind) {
	case FACT_CONNECTION:
		take_connection(l, fact->connection);
		break;
	case FACT_EXCHANGE:
		take_exchange(l, fact->exchange);
		break;
	case FACT_TLS:
		take_tls(l, fact->tls);
		break;
	case FACT_ICMP:
	case FACT_LOOKUP:
	case FACT_LEASE:
		break;
	}
}

/* ---- verdicts ---- */

/* When each client last got on by any address of a port: struct reach_key -> index + 1. */
static void index_onward(const struct ladders *l, struct map *onward)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct ladder *n = &l->all[i];
		struct reach_key k;
		struct map_entry *e;

		if (!reach_key(&n->client, n->server.port, &k) ||
		    ladder_last_success(n, RUNG_TLS) == MOMENT_NONE)
			continue;
		e = map_put(onward, span_of(&k, sizeof k));
		if (e && (!e->value ||
		          ladder_last_success(n, RUNG_TLS) >
		                  ladder_last_success(&l->all[(uintptr_t)e->value - 1], RUNG_TLS)))
			e->value = (void *)(uintptr_t)(i + 1);
	}
}

/* Not let in at one of a name's addresses, and then at another: that row failed, its client did not. */
static bool went_elsewhere(const struct ladders *l, const struct map *onward, const struct ladder *n)
{
	const struct map_entry *e = NULL;
	struct reach_key k;

	if (ladder_stopped_at(n) == RUNG_CONNECTION && reach_key(&n->client, n->server.port, &k))
		e = map_find(onward, span_of(&k, sizeof k));
	return e && ladder_last_success(&l->all[(uintptr_t)e->value - 1], RUNG_TLS) >
	                    n->rungs[RUNG_CONNECTION].when;
}

/* Not let in over one family, and by that machine's other address over the other: no client of its own. */
static bool is_other_name(const struct ladders *l, struct ladder *n)
{
	char other[ADDR_TEXT];
	struct addr twin;

	if (ladder_stopped_at(n) != RUNG_CONNECTION || ladder_highest(n, RUNG_OK) != RUNG_COUNT ||
	    !twins_other(&l->twins, &n->client, n->server.port, &twin))
		return false;
	snprintf(n->verdict, sizeof n->verdict, "nothing comes of its %s attempts; it gets in as %s",
	         addr_is_v4(&n->client) ? "IPv4" : "IPv6", addr_text(&twin, other));
	return true;
}

void ladders_settle(struct ladders *l, const struct findings *findings, int64_t now)
{
	struct reasons reasons;
	struct map onward;

	twins_settle(&l->twins);
	reasons_init(&reasons, findings);
	map_init(&onward, CLIENTS_MAX);
	index_onward(l, &onward);
	for (size_t i = 0; i < l->count; i++) {
		struct ladder *n = &l->all[i];

		if (is_other_name(l, n))
			continue;
		ladder_judge(n, &reasons, now);
		map_put(&l->clients, span_of(n->client.bytes, 16));
		if (n->served)
			map_put(&l->served, span_of(n->client.bytes, 16));
		if (n->failed && !went_elsewhere(l, &onward, n))
			map_put(&l->failed, span_of(n->client.bytes, 16));
	}
	reasons_release(&reasons);
	map_release(&onward);
}

size_t ladders_count(const struct ladders *l)
{
	return l->count;
}

const struct ladder *ladders_at(const struct ladders *l, size_t i)
{
	return &l->all[i];
}

size_t ladders_clients(const struct ladders *l)
{
	return l->clients.count;
}

size_t ladders_failed_clients(const struct ladders *l)
{
	return l->failed.count;
}

size_t ladders_served_clients(const struct ladders *l)
{
	return l->served.count;
}

size_t servers_count(const struct ladders *l)
{
	return servers_total(l->servers);
}

const struct server_seen *servers_at(const struct ladders *l, size_t i)
{
	return servers_get(l->servers, i);
}
