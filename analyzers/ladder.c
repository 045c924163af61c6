/* analyzers/ladder.c - climbing the rungs with each client. */
#include "analyzers/ladder.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzers/servers.h"
#include "base/map.h"
#include "facts/wsus.h"

enum {
	CLIENTS_MAX = 100000,
	ATTEMPTS_ONLY_MAX =
		10000, /* rows of clients that never got a connection: a scan may bring millions */
};

struct ladders {
	const struct relevance *relevance;
	struct limits *limits;
	struct map by_key;              /* client, server, host behind a proxy -> index + 1 */
	struct map clients; /* their addresses: a client may climb towards several update points */
	struct ladder *all;
	size_t count, room, attempts_only;
	struct servers *servers;
};

/* ---- names ---- */

static const struct rung_words {
	const char *text, *column;
} rung_words[] = {
#define X(symbol, name, column) [RUNG_##symbol] = { name, column },
	RUNGS(X)
#undef X
};

const char *rung_text(enum rung_name r)
{
	return rung_words[r].text;
}

const char *rung_column(enum rung_name r)
{
	return rung_words[r].column;
}

const char *rung_state_text(enum rung_state s)
{
	static const char *const texts[] = { "unseen", "ok", "failed", "skipped" };

	return texts[s];
}

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
	map_put(&l->clients, span_of(c->client.addr.bytes, 16));
	*n = (struct ladder){ .client = c->client.addr, .server = c->server, .via_proxy = via_proxy,
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

static const struct call {
	struct span method;
	enum rung_name rung;
} calls[] = {
	{ SPAN_LIT("GetConfig"), RUNG_CONFIG },           { SPAN_LIT("GetCookie"), RUNG_COOKIE },
	{ SPAN_LIT("RegisterComputer"), RUNG_REGISTRATION }, { SPAN_LIT("StartCategoryScan"), RUNG_SYNC },
	{ SPAN_LIT("SyncUpdates"), RUNG_SYNC },           { SPAN_LIT("SyncPrinterCatalog"), RUNG_SYNC },
	{ SPAN_LIT("RefreshCache"), RUNG_SYNC },          { SPAN_LIT("GetExtendedUpdateInfo"), RUNG_DETAILS },
	{ SPAN_LIT("GetExtendedUpdateInfo2"), RUNG_DETAILS }, { SPAN_LIT("GetFileLocations"), RUNG_DETAILS },
};

/* The rung that a request tries; RUNG_COUNT when it is none of a scan's. */
static enum rung_name rung_of(const struct exchange *x)
{
	struct span method = wsus_method(x);

	switch (wsus_place(x->path)) {
	case WSUS_SELFUPDATE:
		return RUNG_SELFUPDATE;
	case WSUS_SIMPLE_AUTH:
		return RUNG_AUTHORIZATION;
	case WSUS_REPORTING:
		return RUNG_REPORT;
	case WSUS_CONTENT:
		return RUNG_CONTENT;
	case WSUS_CLIENT:
		break;
	default:
		return RUNG_COUNT;
	}
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		if (span_eq(method, calls[i].method))
			return calls[i].rung;
	return RUNG_COUNT;
}

/* A web page with status 200 where XML, a cab or a file is due is a portal's or a filter's. */
static bool is_web_page(const struct exchange *x)
{
	return span_istarts(http_header(&x->response, SPAN("Content-Type")), SPAN("text/html"));
}

static const char *result_text(const struct exchange *x, char text[static 48])
{
	if (!x->response.present)
		return exchange_end_text(x->end);
	if (x->status < 400)
		snprintf(text, 48, is_web_page(x) ? "%u, a web page" : "%u", x->status);
	else
		snprintf(text, 48, x->answered_by.product ? "%u by %s" : "%u", x->status,
		         x->answered_by.product);
	return text;
}

static void climb_exchange(struct ladder *n, const struct exchange *x)
{
	bool answered = x->response.present, good = answered && x->status < 400 && !is_web_page(x);
	int64_t when = x->request.first_time;
	enum rung_name rung = rung_of(x);
	char text[48];

	climb(n, RUNG_CONNECTION, RUNG_OK, when, x->request.first_frame, "");
	if (span_eq(x->method, SPAN("CONNECT"))) {
		if (!good)
			climb(n, RUNG_CONNECTION, RUNG_FAILED, when, x->response.first_frame,
			      result_text(x, text));
		return;
	}
	if (!x->inside_tls)
		climb(n, RUNG_TLS, RUNG_SKIPPED, when, 0, "");
	if (rung == RUNG_COUNT)
		return;
	/* Still open at the end of the capture is no failure. */
	if (answered || x->end != EXCHANGE_OPEN)
		climb(n, rung, good ? RUNG_OK : RUNG_FAILED, when,
		      good ? x->request.first_frame : x->response.first_frame,
		      result_text(x, text));
	if (good && x->response.end_time != MOMENT_NONE)
		n->rungs[rung].took = x->response.end_time - when;
}

static struct span target_of(const struct exchange *x)
{
	if (x->tunnel)
		return x->tunnel->target;
	return span_eq(x->method, SPAN("CONNECT")) ? x->target : x->host;
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
	struct ladder *n;
	struct span host = t->tunnel ? t->tunnel->target : span_text(t->server_name);

	if (!relevance_tls(l->relevance, t))
		return;
	n = row_of(l, t->conn, host, t->tunnel != NULL, false);
	if (!n)
		return;
	if (!n->host[0])
		copy_text(n->host, sizeof n->host, host);
	climb(n, RUNG_TLS, t->established ? RUNG_OK : RUNG_FAILED, t->first_time,
	      t->established ? t->server_hello_frame : t->last_frame[SERVER],
	      t->established ? tls_version_name(t->version) : tls_message_name(t->last_message[SERVER]));
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
		break;
	}
}

/* ---- verdicts ---- */

/* Which finding tells most about a client and a server: by addresses, zeros standing for "any". */
struct parties {
	uint8_t bytes[32];
};

static struct parties parties_of(const struct addr *client, const struct addr *server)
{
	struct parties p = { { 0 } };

	if (client)
		memcpy(p.bytes, client->bytes, 16);
	if (server)
		memcpy(p.bytes + 16, server->bytes, 16);
	return p;
}

/* The first finding of each pair of parties, as index + 1: findings come most severe first. */
static void index_findings(struct map *index, const struct findings *findings)
{
	for (size_t i = 0; i < findings_count(findings); i++) {
		const struct finding *f = findings_at(findings, i);
		struct parties p = parties_of(f->has_client ? &f->client : NULL,
		                              f->has_server ? &f->server.addr : NULL);
		struct map_entry *e;

		if (f->severity < SEVERITY_ERROR)
			return;
		e = map_put(index, span_of(p.bytes, sizeof p.bytes));
		if (e && !e->value)
			e->value = (void *)(uintptr_t)(i + 1);
	}
}

static const struct finding *explaining(const struct ladder *n, const struct map *index,
                                        const struct findings *findings)
{
	size_t best = 0;

	for (int i = 0; i < 4; i++) {
		struct parties p = parties_of(i & 1 ? &n->client : NULL, i & 2 ? &n->server.addr : NULL);
		const struct map_entry *e = map_find(index, span_of(p.bytes, sizeof p.bytes));
		size_t at = e ? (uintptr_t)e->value : 0;

		if (at && (!best || at < best))
			best = at;
	}
	return best ? findings_at(findings, best - 1) : NULL;
}

static enum rung_name highest(const struct ladder *n, enum rung_state state)
{
	for (int i = RUNG_COUNT - 1; i >= 0; i--)
		if (n->rungs[i].state == state)
			return (enum rung_name)i;
	return RUNG_COUNT;
}

static void name_verdict(struct ladder *n, const struct finding *why)
{
	enum rung_name bad = highest(n, RUNG_FAILED), good = highest(n, RUNG_OK);

	n->failed = bad != RUNG_COUNT || why;
	if (why)
		snprintf(n->verdict, sizeof n->verdict, "%s", finding_row(why->kind)->title);
	else if (bad != RUNG_COUNT)
		snprintf(n->verdict, sizeof n->verdict, "stopped at %s: %s", rung_text(bad),
		         n->rungs[bad].detail);
	else if (good != RUNG_COUNT)
		snprintf(n->verdict, sizeof n->verdict, "no trouble seen up to %s", rung_text(good));
	else
		snprintf(n->verdict, sizeof n->verdict, "nothing seen of its way");
}

void ladders_settle(struct ladders *l, const struct findings *findings)
{
	struct map index;

	map_init(&index, findings_count(findings));
	index_findings(&index, findings);
	for (size_t i = 0; i < l->count; i++)
		name_verdict(&l->all[i], explaining(&l->all[i], &index, findings));
	map_release(&index);
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

size_t servers_count(const struct ladders *l)
{
	return servers_total(l->servers);
}

const struct server_seen *servers_at(const struct ladders *l, size_t i)
{
	return servers_get(l->servers, i);
}
