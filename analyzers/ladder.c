/* analyzers/ladder.c - climbing the rungs with each client. */
#include "analyzers/ladder.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzers/laddername.h"
#include "analyzers/ladderverdict.h"
#include "analyzers/reach.h"
#include "analyzers/rungs.h"
#include "analyzers/scankept.h"
#include "analyzers/servers.h"
#include "analyzers/tlsstory.h"
#include "analyzers/twin.h"
#include "analyzers/way.h"
#include "analyzers/web.h"
#include "base/map.h"
#include "base/tongue.h"
#include "facts/wsus.h"

enum {
	CLIENTS_MAX = 100000,
	ATTEMPTS_ONLY_MAX = 10000,      /* rows without a connection: a scan brings millions */
	WORDS_MAX = 4 * CLIENTS_MAX,    /* names, hosts, details, agents */
	OLDER_SCANS_MAX = 20000,        /* kept beside the newest of each row */
};

struct ladders {
	const struct relevance *relevance;
	struct limits *limits;
	struct map by_key;              /* client, server, host behind a proxy -> index + 1 */
	struct map failed;              /* addresses of clients with a row that failed */
	struct map served;              /* and with a row that was served */
	struct map clients; /* their addresses: a client may climb towards several update points */
	struct twins twins;
	struct words words, verdicts;   /* the second is of the end, whatever the budget */
	struct ladder *all;
	size_t count, room, attempts_only, older_scans;
	struct servers *servers;
	struct budget *budget;          /* borrowed */
};

/* ---- the store ---- */

struct ladders *ladders_new(const struct relevance *relevance, struct limits *limits, struct budget *budget)
{
	struct ladders *l = calloc(1, sizeof *l);

	if (!l)
		return NULL;
	*l = (struct ladders){ .relevance = relevance, .limits = limits, .budget = budget,
		               .servers = servers_new(relevance) };
	map_init_on(&l->by_key, CLIENTS_MAX, budget);
	map_init(&l->clients, CLIENTS_MAX);
	twins_init(&l->twins);
	map_init(&l->failed, CLIENTS_MAX);
	map_init(&l->served, CLIENTS_MAX);
	words_init(&l->words, WORDS_MAX, budget);
	words_init(&l->verdicts, WORDS_MAX, NULL);
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
	words_release(&l->words);
	words_release(&l->verdicts);
	for (size_t i = 0; i < l->count; i++)
		scans_drop(l->all[i].scans, l->budget);
	budget_free(l->budget, l->all, l->room * sizeof *l->all);
	free(l);
}

/* Whose row it is: where, by which name behind a proxy, and what it does there. */
struct row_key {
	struct addr client;
	struct endpoint server;
	struct span host;               /* behind a proxy the name that tells update points apart */
	bool via_proxy;
	enum climber climber;
};

static struct way way_of_row(const struct row_key *k)
{
	return way_of(&k->client, &k->server, k->via_proxy ? k->host : span_of(NULL, 0), k->climber);
}

static struct ladder *find_row(const struct ladders *l, const struct row_key *k)
{
	struct way way = way_of_row(k);
	const struct map_entry *e = map_find(&l->by_key, WAY_SPAN(way));

	return e && e->value ? &l->all[(uintptr_t)e->value - 1] : NULL;
}

static struct ladder *add_ladder(struct ladders *l, const struct row_key *k)
{
	struct ladder *n;

	if (l->count == l->room) {
		size_t room = l->room ? l->room * 2 : 16, more = (room - l->room) * sizeof *l->all;
		bool fits = budget_take(l->budget, more);
		struct ladder *all = fits ? realloc(l->all, room * sizeof *all) : NULL;

		if (!all)
			return NULL;
		l->all = all;
		l->room = room;
	}
	n = &l->all[l->count++];
	*n = (struct ladder){ .client = k->client, .climber = k->climber, .server = k->server,
		              .via_proxy = k->via_proxy, .name = "", .verdict = "",
		              .host = words_keep(&l->words, k->host),
		              .got_through = MOMENT_NONE, .first = INT64_MAX, .last = INT64_MIN };
	rungs_clear(n->rungs);
	return n;
}

/* Made when it is not there; NULL: no more are kept. */
static struct ladder *row_of(struct ladders *l, const struct row_key *k, bool attempt_only)
{
	struct ladder *n = find_row(l, k);
	struct way way = way_of_row(k);
	struct map_entry *e = NULL;

	if (n)
		return n;
	if (!attempt_only || l->attempts_only < ATTEMPTS_ONLY_MAX)
		e = map_put(&l->by_key, WAY_SPAN(way));
	n = e ? add_ladder(l, k) : NULL;
	if (!n) {
		limit_add(l->limits, LIMIT_CLIENT_CEILING, 1);
		return NULL;
	}
	l->attempts_only += attempt_only;
	e->value = (void *)(uintptr_t)l->count;
	return n;
}

static void widen(struct ladder *n, int64_t first, int64_t last)
{
	n->first = first < n->first ? first : n->first;
	n->last = last > n->last ? last : n->last;
}

static void name_host(struct ladders *l, struct ladder *n, struct span host)
{
	if (!n->host[0])
		n->host = words_keep(&l->words, host);
}

/* What is only known of a connection concerns whoever climbs there; a client, when nobody is known to. */
struct rows {
	struct ladder *at[CLIMBER_COUNT];
	size_t count;
};

enum rows_made { ROWS_MADE, ROWS_MADE_FOR_ATTEMPTS, ROWS_FOUND };

static struct rows rows_of(struct ladders *l, struct row_key k, enum rows_made made)
{
	struct rows rows = { .count = 0 };

	for (unsigned c = 0; c < CLIMBER_COUNT; c++) {
		k.climber = (enum climber)c;
		rows.at[rows.count] = find_row(l, &k);
		rows.count += rows.at[rows.count] != NULL;
	}
	k.climber = CLIMBER_CLIENT;
	if (rows.count || made == ROWS_FOUND)
		return rows;
	rows.at[0] = row_of(l, &k, made == ROWS_MADE_FOR_ATTEMPTS);
	rows.count = rows.at[0] != NULL;
	return rows;
}

/* ---- from exchanges ---- */

static void take_exchange(struct ladders *l, const struct exchange *x)
{
	struct row_key k = { x->conn->client.addr, x->conn->server, way_host(x), x->via_proxy,
		             climber_of(x) };
	struct ladder *n;

	servers_exchange(l->servers, x);
	if (!x->request.present || !rung_is_way(x) || !relevance_exchange(l->relevance, x))
		return;
	n = row_of(l, &k, false);
	if (!n)
		return;
	name_host(l, n, k.host);
	widen(n, x->request.first_time, x->request.last_time);
	n->served |= !span_eq(x->method, SPAN("CONNECT")) && x->response.present && x->status < 400;
	rungs_take(n->rungs, x, &l->words);
}

/* ---- from connections and TLS ---- */

/* Getting in at another site of an update point's machine, its management point's say, is no climb. */
static enum rows_made rows_due(const struct ladders *l, const struct connection *c, bool good)
{
	if (!good)
		return ROWS_MADE_FOR_ATTEMPTS;
	if (wsus_port(c->server.port) || relevance_is_update_point(l->relevance, &c->server))
		return ROWS_MADE;
	return ROWS_FOUND;
}

static void take_connection(struct ladders *l, const struct connection *c)
{
	bool good = c->outcome == CONNECTION_ESTABLISHED || c->outcome == CONNECTION_MIDSTREAM;
	struct row_key k = { .client = c->client.addr, .server = c->server };
	struct rows rows;

	if (!relevance_connection(l->relevance, c) || relevance_is_proxy(l->relevance, &c->server))
		return;
	if (c->outcome == CONNECTION_ESTABLISHED)
		twins_through(&l->twins, c);
	else if (!good)
		twins_failed(&l->twins, c);
	rows = rows_of(l, k, rows_due(l, c, good));
	for (size_t i = 0; i < rows.count; i++) {
		struct rung *r = &rows.at[i]->rungs[RUNG_CONNECTION];

		widen(rows.at[i], c->first_time, c->last_time);
		rung_climb(r, good ? RUNG_OK : RUNG_FAILED, c->first_time, c->first_frame,
		           good ? "" : _(connection_outcome_name(c->outcome)));
		if (good && c->rtt >= 0)
			r->took = rung_microseconds(c->rtt);
	}
}

static void climb_tls(struct ladders *l, struct ladder *n, const struct tls_session *t)
{
	char why[TLS_TROUBLE_TEXT];

	if (!t->tunnel)
		rung_climb(&n->rungs[RUNG_CONNECTION], RUNG_OK, t->conn->first_time, t->conn->first_frame,
		           "");
	n->served |= tls_got_through(t);
	n->suite_unread |= t->reading == TLS_UNKNOWN_SUITE;
	if (tls_got_through(t) && t->first_time > n->got_through)
		n->got_through = t->first_time;
	/* A handshake that the capture shows in part only proves nothing. */
	if (tls_stopped(t) || tls_trouble_later(t))
		rung_climb(&n->rungs[RUNG_TLS], RUNG_FAILED, t->first_time, t->last_frame[SERVER],
		           words_keep(&l->words, span_text(tls_trouble(t, why))));
	else if (t->established)
		rung_climb(&n->rungs[RUNG_TLS], RUNG_OK, t->first_time, t->server_hello_frame,
		           tls_version_name(t->version));
}

static void take_tls(struct ladders *l, const struct tls_session *t)
{
	struct span host = t->tunnel ? web_without_login(t->tunnel->target) : span_text(t->server_name);
	struct row_key k = { .client = t->conn->client.addr, .server = t->conn->server, .host = host,
		             .via_proxy = t->tunnel != NULL };
	struct rows rows;

	if (!relevance_tls(l->relevance, t))
		return;
	rows = rows_of(l, k, ROWS_MADE);
	for (size_t i = 0; i < rows.count; i++) {
		name_host(l, rows.at[i], host);
		widen(rows.at[i], t->conn->first_time, t->conn->last_time);
		climb_tls(l, rows.at[i], t);
	}
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

/* ---- from scans ---- */

/* The newest so many stay, as long as there is room for more than the newest. */
static void drop_oldest(struct ladders *l, struct ladder *n)
{
	size_t keep = l->older_scans > OLDER_SCANS_MAX ? 1 : SCANS_A_LADDER;
	struct scan *s = (struct scan *)(uintptr_t)n->scans;

	for (size_t i = 1; i < keep && s; i++)
		s = s->older;
	if (!s)
		return;
	for (const struct scan *old = s->older; old; old = old->older)
		l->older_scans--;
	scans_drop(s->older, l->budget);
	s->older = NULL;
}

void ladders_scan(struct ladders *l, const struct scan *scan)
{
	struct row_key k = { scan->client, scan->server, span_text(scan->host), scan->via.port != 0,
		             scan->climber };
	struct ladder *n = find_row(l, &k);
	struct scan *own = n ? scan_copy(scan, &l->words, l->budget) : NULL;

	limit_add(l->limits, LIMIT_CLIENT_CEILING, !own);
	if (!own)
		return;
	l->older_scans += n->scans != NULL;
	own->older = (struct scan *)(uintptr_t)n->scans;
	n->scans = own;
	n->scan_count++;
	n->name = own->name[0] ? own->name : n->name;
	drop_oldest(l, n);
}

/* Of what one scan asks in order, the latest tells: what an earlier one climbed is no news of this one. */
static void show_latest_scan(struct ladder *n)
{
	const struct scan *latest = n->scans;

	for (const struct scan *s = n->scans; s; s = s->older)
		if (s->first > latest->first)
			latest = s;
	for (int i = RUNG_SELFUPDATE; latest && i <= RUNG_DETAILS; i++)
		n->rungs[i] = latest->rungs[i];
}

/* ---- names ---- */

/* No other row tells of a client that asks for an update point's name in vain. */
static void add_unresolved(struct ladders *l, const struct addrnames *names)
{
	const struct name_stories *all = addrnames_stories(names);

	for (size_t i = 0; i < name_stories_count(all); i++) {
		const struct name_story *s = name_stories_at(all, i);
		struct row_key k;
		struct ladder *n;

		if (!s || !ladder_lacks_name(s, all, l->relevance))
			continue;
		k = (struct row_key){ .client = s->client, .host = span_text(s->name) };
		n = row_of(l, &k, true);
		if (n)
			widen(n, s->failing, s->last_failure);
	}
}

void ladders_name(struct ladders *l, const struct addrnames *names)
{
	add_unresolved(l, names);
	servers_name(l->servers, names);
	for (size_t i = 0; i < l->count; i++)
		ladder_name(&l->all[i], names, &l->verdicts);
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

/* A client that is missed has no row; that it is stopped is known of those that are told to come. */
static void count_missing(struct ladders *l, const struct findings *findings)
{
	for (size_t i = 0; i < findings_count(findings) + findings_members(findings); i++) {
		struct addr client = { { 0 } };
		const struct finding *f = ladder_missed(findings, i, &client);

		if (f)
			map_put(&l->clients, span_of(client.bytes, 16));
		if (f && f->severity >= SEVERITY_ERROR && !map_find(&l->served, span_of(client.bytes, 16)))
			map_put(&l->failed, span_of(client.bytes, 16));
	}
}

/* Not let in over one family, and by that machine's other address over the other: no client of its own. */
static bool is_other_name(struct ladders *l, struct ladder *n)
{
	char other[ADDR_TEXT], text[WORDS_TEXT];
	struct addr twin;

	if (ladder_stopped_at(n) != RUNG_CONNECTION || ladder_highest(n, RUNG_OK) != RUNG_COUNT ||
	    !twins_other(&l->twins, &n->client, n->server.port, &twin))
		return false;
	tongue_say(text, sizeof text, "nothing comes of its %s attempts; it gets in as %s",
	         addr_is_v4(&n->client) ? "IPv4" : "IPv6", addr_text(&twin, other));
	n->verdict = words_keep(&l->verdicts, span_text(text));
	return true;
}

void ladders_settle(struct ladders *l, struct findings *findings, int64_t now)
{
	struct reasons reasons;
	struct map onward;

	twins_settle(&l->twins);
	for (size_t i = 0; i < l->count; i++)
		show_latest_scan(&l->all[i]);
	reasons_init(&reasons, findings, &l->verdicts);
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
	reasons_conclude(&reasons, l->all, l->count, findings);
	count_missing(l, findings);
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
