/* analyzers/served.c - a bounded memory of what servers serve. */
#include "analyzers/served.h"

#include <stdio.h>
#include <strings.h>

enum { SERVERS_MAX = 1024, TLS_HOSTS_MAX = 4096 };

void served_init(struct served_map *m, struct limits *limits)
{
	lately_init(&m->servers, SERVERS_MAX, sizeof(struct served), limits);
	map_init(&m->tls_hosts, TLS_HOSTS_MAX);
}

void served_release(struct served_map *m)
{
	lately_release(&m->servers);
	map_release(&m->tls_hosts);
}

static void note_client(struct served *s, enum wsus_place place, const struct addr *client)
{
	unsigned *count = &s->client_count[place];

	for (unsigned i = 0; i < *count; i++)
		if (addr_eq(&s->clients[place][i], client))
			return;
	if (*count < SERVED_CLIENTS)
		s->clients[place][(*count)++] = *client;
}

static void note_path(struct served *s, const struct exchange *x)
{
	struct served_path new;

	if (s->path_count == SERVED_PATHS)
		return;
	web_printable(x->method, new.method, sizeof new.method);
	web_printable(x->path, new.path, sizeof new.path);
	for (unsigned i = 0; i < s->path_count; i++)
		if (!strcasecmp(s->paths[i].path, new.path) && !strcmp(s->paths[i].method, new.method))
			return;
	s->paths[s->path_count++] = new;
}

static void note_host(struct served *s, struct span host)
{
	for (unsigned i = 0; i < s->host_count; i++)
		if (span_ieq(span_text(s->hosts[i]), host))
			return;
	if (host.len && s->host_count < SERVED_HOSTS)
		web_printable(host, s->hosts[s->host_count++], SERVED_TEXT);
}

static void note_exchange(struct served_map *m, const struct exchange *x)
{
	struct server_key key = web_server_key(x);
	enum wsus_place place = wsus_exchange_place(x);
	struct served *s;

	if (!web_served(x) || web_maker(x) == MADE_BY_BOX)
		return;
	/* what was read out of TLS tells of whatever port it came from */
	if (x->tls && wsus_place_is_update(place))
		map_put(&m->tls_hosts, span_of(x->conn->server.addr.bytes, 16));
	s = lately_value(&m->servers, span_of(key.bytes, key.len));
	if (!s)
		return;
	s->at[place]++;
	note_client(s, place, &x->conn->client.addr);
	note_host(s, x->host);
	if (place != WSUS_CONTENT)
		note_path(s, x);
}

void served_fact(struct served_map *m, const struct fact *fact)
{
	const struct tls_session *t = fact->tls;

	if (fact->kind == FACT_EXCHANGE)
		note_exchange(m, fact->exchange);
	if (fact->kind == FACT_TLS && t->established && wsus_tls_port(t->conn->server.port))
		map_put(&m->tls_hosts, span_of(t->conn->server.addr.bytes, 16));
}

const struct served *served_by(const struct served_map *m, const struct server_key *server)
{
	return lately_find(&m->servers, span_of(server->bytes, server->len));
}

bool served_over_tls(const struct served_map *m, const struct addr *server)
{
	return map_find(&m->tls_hosts, span_of(server->bytes, 16)) != NULL;
}

bool served_to_others(const struct served *s, enum wsus_place place, const struct addr *client)
{
	bool others = false;

	for (unsigned i = 0; s && i < s->client_count[place]; i++) {
		if (addr_eq(&s->clients[place][i], client))
			return false;
		others = true;
	}
	return others;
}

uint64_t served_soap(const struct served *s)
{
	uint64_t count = 0;

	for (unsigned p = 0; s && p < WSUS_PLACE_COUNT; p++)
		if (wsus_place_is_soap((enum wsus_place)p))
			count += s->at[p];
	return count;
}

const char *served_other_method(const struct served *s, const char *path, const char *method)
{
	for (unsigned i = 0; s && i < s->path_count; i++)
		if (!strcasecmp(s->paths[i].path, path) && strcmp(s->paths[i].method, method) != 0)
			return s->paths[i].method;
	return NULL;
}

const char *served_other_host(const struct served *s, const char *host)
{
	const char *other = NULL;

	for (unsigned i = 0; s && i < s->host_count; i++) {
		if (!strcasecmp(s->hosts[i], host))
			return NULL;
		if (!other)
			other = s->hosts[i];
	}
	return other;
}
