/* analyzers/servers.c - endpoints that answered, by what they did. */
#include "analyzers/servers.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzers/addrnames.h"
#include "base/map.h"
#include "base/tongue.h"
#include "facts/wsus.h"

enum { SERVERS_MAX = 20000 };

struct servers {
	const struct relevance *relevance;
	struct map by_endpoint;
	struct server_seen **all;       /* parallel to the map's entries */
	size_t count, room;
};

const char *server_role_text(enum server_role r)
{
	static const char *const texts[] = { N_("other"), N_("wsus"), N_("proxy"), N_("upstream") };

	return texts[r];
}

struct servers *servers_new(const struct relevance *relevance)
{
	struct servers *s = calloc(1, sizeof *s);

	if (s) {
		s->relevance = relevance;
		map_init(&s->by_endpoint, SERVERS_MAX);
	}
	return s;
}

void servers_free(struct servers *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->count; i++)
		free(s->all[i]);
	free(s->all);
	map_release(&s->by_endpoint);
	free(s);
}

static bool make_room(struct servers *s)
{
	size_t room = s->room ? s->room * 2 : 16;
	struct server_seen **all;

	if (s->count < s->room)
		return true;
	all = realloc(s->all, room * sizeof(struct server_seen *));
	if (!all)
		return false;
	s->all = all;
	s->room = room;
	return true;
}

static struct server_seen *server_of(struct servers *s, const struct endpoint *at)
{
	struct endpoint_key key = endpoint_key(at);
	struct map_entry *e = map_put(&s->by_endpoint, ENDPOINT_SPAN(key));
	struct server_seen *seen;

	if (!e || e->value)
		return e ? e->value : NULL;
	seen = make_room(s) ? calloc(1, sizeof *seen) : NULL;
	if (!seen)
		return NULL;
	seen->endpoint = *at;
	seen->name = "";
	s->all[s->count++] = seen;
	e->value = seen;
	return seen;
}

static enum server_role role_of(const struct exchange *x)
{
	enum wsus_place place = wsus_exchange_place(x);

	if (x->via_proxy)
		return ROLE_PROXY;
	if (wsus_microsoft_host(x->host))
		return ROLE_UPSTREAM;
	return wsus_place_is_update(place) || wsus_port(x->conn->server.port) ? ROLE_WSUS : ROLE_OTHER;
}

static void name_product(struct server_seen *seen, const struct exchange *x)
{
	const struct answerer *a = &x->answered_by;

	/* A box that answers in a server's place does not name the server. */
	if (!a->product || seen->product[0] || (answerer_is_box(a) && seen->role != ROLE_PROXY))
		return;
	if (!answerer_is_box(a) && seen->role == ROLE_PROXY)
		return;
	snprintf(seen->product, sizeof seen->product, "%s", a->product);
	snprintf(seen->version, sizeof seen->version, "%.*s", (int)a->version.len,
		 (const char *)a->version.at);
}

void servers_exchange(struct servers *s, const struct exchange *x)
{
	struct server_seen *seen;
	enum server_role role;

	if (!x->response.present || !relevance_exchange(s->relevance, x))
		return;
	seen = server_of(s, &x->conn->server);
	if (!seen)
		return;
	role = role_of(x);
	if (role > seen->role || seen->role == ROLE_OTHER)
		seen->role = role;
	name_product(seen, x);
}

void servers_name(struct servers *s, const struct addrnames *names)
{
	for (size_t i = 0; i < s->count; i++) {
		const char *name = addrnames_of(names, &s->all[i]->endpoint.addr);

		s->all[i]->name = name ? name : "";
	}
}

size_t servers_total(const struct servers *s)
{
	return s->count;
}

const struct server_seen *servers_get(const struct servers *s, size_t i)
{
	return s->all[i];
}
