/* analyzers/cleartext.c - update metadata that travels without TLS: told once of each server. */
#include <stdlib.h>

#include "analyzers/web.h"
#include "base/map.h"
#include "facts/wsusmethods.h"

enum { SERVERS_MAX = 1024 };

struct cleartext {
	struct analyzer_env env;
	struct map servers;             /* told of */
};

static void *create(const struct analyzer_env *env)
{
	struct cleartext *c = calloc(1, sizeof *c);

	if (!c)
		return NULL;
	c->env = *env;
	map_init(&c->servers, SERVERS_MAX);
	return c;
}

static void destroy(void *self)
{
	struct cleartext *c = self;

	map_release(&c->servers);
	free(c);
}

/* What tells a client which updates there are, and what they are. */
static bool is_metadata(enum wsus_method method)
{
	switch (method) {
	case METHOD_SYNC_UPDATES:
	case METHOD_GET_EXTENDED_UPDATE_INFO:
	case METHOD_GET_EXTENDED_UPDATE_INFO2:
	case METHOD_GET_FILE_LOCATIONS:
	case METHOD_GET_UPDATE_DATA:
		return true;
	default:
		return false;
	}
}

static void fact(void *self, const struct fact *what)
{
	struct cleartext *c = self;
	const struct exchange *x = what->exchange;
	struct server_key key;
	struct map_entry *e;
	struct web_case found;
	size_t before = c->servers.count;

	if (what->kind != FACT_EXCHANGE || x->status != 200 || x->tls ||
	    wsus_exchange_place(x) == WSUS_NOWHERE || !is_metadata(wsus_exchange_method(x)) ||
	    !relevance_exchange(c->env.relevance, x) || wsus_microsoft_host(x->host))
		return;
	key = web_server_key(x);
	e = map_put(&c->servers, span_of(key.bytes, key.len));
	if (!e || c->servers.count == before)
		return;
	found = web_case_of(x);
	found.for_all_clients = true;
	web_raise(&c->env, FINDING_CLEAR_TEXT_UPDATE, &found, CONFIDENCE_CERTAIN, "%s",
		  _(finding_row(FINDING_CLEAR_TEXT_UPDATE)->cause));
}

const struct analyzer analyzer_cleartext = {
	.name = "cleartext",
	.create = create,
	.destroy = destroy,
	.fact = fact,
};
