/* analyzers/tlspeers.c - bounded memories of servers and of their clients. */
#include "analyzers/tlspeers.h"

#include "analyzers/kept.h"
#include "analyzers/tlsstory.h"
#include "facts/wsus.h"

enum { SERVERS_MAX = 4000, CLIENTS_MAX = 200000 };

struct peer_key peer_key(const struct tls_session *t)
{
	struct endpoint_key endpoint = endpoint_key(&t->conn->server);
	struct span host = t->tunnel ? t->tunnel->target : span_of(NULL, 0);
	struct peer_key k = { .len = sizeof endpoint.bytes };

	memcpy(k.bytes, endpoint.bytes, sizeof endpoint.bytes);
	for (size_t i = 0; i < host.len && k.len < sizeof k.bytes; i++)
		k.bytes[k.len++] = host.at[i] >= 'A' && host.at[i] <= 'Z' ? host.at[i] | 0x20 : host.at[i];
	return k;
}

void peers_init(struct tls_peers *p, struct limits *limits, struct budget *budget)
{
	p->limits = limits;
	map_init(&p->servers, SERVERS_MAX);
	map_init_on(&p->clients, CLIENTS_MAX, budget);
}

void peers_release(struct tls_peers *p)
{
	map_release_values(&p->servers);
	map_release_values(&p->clients);
}

struct pair_key {
	size_t len;
	uint8_t bytes[PEER_KEY + 16];
};

static struct pair_key pair_of(const struct peer_key *server, const struct addr *client)
{
	struct pair_key k = { .len = server->len + 16 };

	memcpy(k.bytes, client->bytes, 16);
	memcpy(k.bytes + 16, server->bytes, server->len);
	return k;
}

/* ---- servers ---- */

static struct peer_server *server_of(struct tls_peers *p, const struct peer_key *server)
{
	return kept_value(&p->servers, span_of(server->bytes, server->len), sizeof(struct peer_server),
	                  p->limits);
}

static void note_suite(struct peer_server *s, uint16_t suite)
{
	for (unsigned i = 0; i < s->suite_count; i++)
		if (s->suites[i] == suite)
			return;
	if (s->suite_count < PEER_SUITES)
		s->suites[s->suite_count++] = suite;
}

static void note_hello(struct peer_server *s, const struct tls_session *t)
{
	s->hello = true;
	if (!t->established)
		return;
	if (!s->lowest || t->version < s->lowest)
		s->lowest = t->version;
	if (t->version > s->highest)
		s->highest = t->version;
	if (t->offered_max > t->version && t->version > s->limit)
		s->limit = t->version;
	note_suite(s, t->cipher);
}

static void note_session(struct peer_server *s, const struct tls_session *t)
{
	const struct tls_alert *alert = tls_fatal_alert(t, SERVER);

	if (t->server_hello)
		note_hello(s, t);
	else if (tls_stopped(t) && !alert)
		s->unanswered++;
	s->passed |= tls_got_through(t);
	s->refused_version |= !t->server_hello && alert && alert->description == ALERT_PROTOCOL_VERSION;
}

static void advance(bool *has, int64_t *last, int64_t when)
{
	if (!*has || when > *last)
		*last = when;
	*has = true;
}

static struct peer_client *client_of(struct tls_peers *p, const struct peer_key *server,
                                     const struct addr *client)
{
	struct pair_key k = pair_of(server, client);

	return kept_value(&p->clients, span_of(k.bytes, k.len), sizeof(struct peer_client), p->limits);
}

void peers_failed(struct tls_peers *p, const struct peer_key *server, const struct addr *client, int64_t when)
{
	struct peer_client *c = client_of(p, server, client);

	if (c)
		advance(&c->has_failed, &c->failed, when);
}

void peers_passed(struct tls_peers *p, const struct peer_key *server, const struct addr *client, int64_t when)
{
	struct peer_client *c = client_of(p, server, client);

	if (c)
		advance(&c->has_passed, &c->passed, when);
}

void peers_session(struct tls_peers *p, const struct tls_session *t)
{
	struct peer_key key = peer_key(t);
	struct peer_server *s = server_of(p, &key);

	if (s)
		note_session(s, t);
	if (tls_got_through(t))
		peers_passed(p, &key, &t->conn->client.addr, t->first_time);
	else if (tls_stopped(t))
		peers_failed(p, &key, &t->conn->client.addr, t->first_time);
}

static bool is_management(const struct exchange *x)
{
	enum wsus_place place = wsus_exchange_place(x);

	return place == WSUS_CCM || place == WSUS_SMS_MP || place == WSUS_SMS_DP ||
	       span_eq(x->method, SPAN("CCM_POST"));
}

void peers_exchange(struct tls_peers *p, const struct exchange *x)
{
	struct peer_key key;
	bool updates = wsus_place_is_update(wsus_exchange_place(x));
	struct peer_server *s;

	if (!x->tls || !(updates || is_management(x)))
		return;
	key = peer_key(x->tls);
	s = server_of(p, &key);
	if (!s)
		return;
	s->updates |= updates;
	s->management |= !updates;
}

/* ---- asking ---- */

const struct peer_server *peers_server(const struct tls_peers *p, const struct peer_key *server)
{
	const struct map_entry *e = map_find(&p->servers, span_of(server->bytes, server->len));

	return e ? e->value : NULL;
}

const struct peer_client *peers_client(const struct tls_peers *p, const struct peer_key *server,
                                       const struct addr *client)
{
	struct pair_key k = pair_of(server, client);
	const struct map_entry *e = map_find(&p->clients, span_of(k.bytes, k.len));

	return e ? e->value : NULL;
}

bool peers_stuck(const struct tls_peers *p, const struct peer_key *server, const struct addr *client)
{
	const struct peer_client *c = peers_client(p, server, client);

	return c && c->has_failed && (!c->has_passed || c->passed < c->failed);
}

bool peers_any_stuck(const struct tls_peers *p, const struct peer_key *server, const struct crowd *c)
{
	for (size_t i = 0; i < c->client_count; i++)
		if (peers_stuck(p, server, &c->clients[i]))
			return true;
	return false;
}

bool peers_any_passed(const struct tls_peers *p, const struct peer_key *server, const struct crowd *c)
{
	for (size_t i = 0; i < c->client_count; i++) {
		const struct peer_client *one = peers_client(p, server, &c->clients[i]);

		if (one && one->has_passed)
			return true;
	}
	return false;
}

bool peers_all_overcame(const struct tls_peers *p, const struct peer_key *server, const struct crowd *c)
{
	for (size_t i = 0; i < c->client_count; i++) {
		const struct peer_client *one = peers_client(p, server, &c->clients[i]);

		if (!one || !one->has_passed || (one->has_failed && one->passed < one->failed))
			return false;
	}
	return true;
}
