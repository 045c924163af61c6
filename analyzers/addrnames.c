/* analyzers/addrnames.c - two maps, and the stories of lookups beside them. */
#include "analyzers/addrnames.h"

#include <stdlib.h>

#include "base/host.h"
#include "base/map.h"
#include "facts/soap.h"
#include "facts/tls.h"
#include "facts/wsus.h"
#include "facts/wsuscall.h"

enum {
	ADDRESSES_MAX = 120000,
	NAMES_MAX = 20000,
	ADDRESSES_OF_NAME = 8,
	RENAMES_MAX = 3,                /* who calls himself by more names stands for several machines */
};

struct named {                          /* an address */
	uint8_t source;                 /* enum name_source */
	uint8_t renames;
	char text[];
};

struct place {                          /* a name's addresses, the newest first */
	size_t count;
	struct addr addrs[ADDRESSES_OF_NAME];
};

struct addrnames {
	struct limits *limits;
	struct map by_addr;             /* address -> struct named, or NULL */
	struct map by_name;             /* name -> struct place */
	struct map proxies;             /* addresses that serve as a proxy */
	struct name_stories *stories;
};

struct addrnames *addrnames_new(struct limits *limits, struct budget *budget)
{
	struct addrnames *n = calloc(1, sizeof *n);

	if (!n)
		return NULL;
	n->limits = limits;
	map_init_on(&n->by_addr, ADDRESSES_MAX, budget);
	map_init(&n->by_name, NAMES_MAX);
	map_init(&n->proxies, NAMES_MAX);
	n->stories = name_stories_new(limits, budget);
	if (n->stories)
		return n;
	addrnames_free(n);
	return NULL;
}

void addrnames_free(struct addrnames *n)
{
	if (!n)
		return;
	map_release_values(&n->by_addr);
	map_release_values(&n->by_name);
	map_release(&n->proxies);
	name_stories_free(n->stories);
	free(n);
}

/* ---- names of addresses ---- */

static bool is_proxy(const struct addrnames *n, const struct addr *addr)
{
	return map_find(&n->proxies, span_of(addr->bytes, 16)) != NULL;
}

/* A name as a host may have one: no blanks, no controls, and no address. */
static struct span usable(struct span name)
{
	struct addr literal;

	name = span_trim(name);
	if (name.len && name.at[name.len - 1] == '.')
		name.len--;
	for (size_t i = 0; i < name.len; i++)
		if (name.at[i] <= ' ' || name.at[i] >= 0x7f)
			return span_of(NULL, 0);
	if (name.len >= NAME_TEXT || addr_parse(name, &literal))
		return span_of(NULL, 0);
	return name;
}

static struct named *named_new(struct span name, enum name_source source, unsigned renames)
{
	struct named *now = calloc(1, sizeof *now + name.len + 1);

	if (!now)
		return NULL;
	now->source = (uint8_t)source;
	now->renames = (uint8_t)renames;
	memcpy(now->text, name.at, name.len);
	return now;
}

/* What a machine says of itself may change; of what is said by others the first stays. */
static bool is_better(const struct named *old, enum name_source source)
{
	if (!old || source > old->source)
		return true;
	return source == old->source && source == NAME_BY_CALL && old->renames < RENAMES_MAX;
}

static void learn(struct addrnames *n, const struct addr *addr, struct span name, enum name_source source)
{
	struct map_entry *e;
	struct named *old, *now;
	bool renamed;

	name = usable(name);
	if (!name.len)
		return;
	e = map_put(&n->by_addr, span_of(addr->bytes, 16));
	if (!e) {
		limit_add(n->limits, LIMIT_CLIENT_CEILING, 1);
		return;
	}
	old = e->value;
	if (!is_better(old, source) || (old && source == old->source && span_ieq(span_text(old->text), name)))
		return;
	renamed = old && source == old->source;
	now = named_new(name, source, renamed ? old->renames + 1u : 0);
	if (!now)
		return;
	free(old);
	e->value = now;
}

/* ---- what facts tell ---- */

/* As names are kept; empty: none of that length is. */
static struct span lowered(struct span name, char text[static NAME_TEXT])
{
	if (name.len >= NAME_TEXT)
		return span_of(NULL, 0);
	for (size_t i = 0; i < name.len; i++)
		text[i] = (char)(name.at[i] >= 'A' && name.at[i] <= 'Z' ? name.at[i] | 0x20 : name.at[i]);
	return span_of(text, name.len);
}

static void learn_place(struct addrnames *n, struct span name, const struct addr *addr)
{
	char lower[NAME_TEXT];
	struct place *p;
	size_t at = 0;

	name = lowered(usable(name), lower);
	p = name.len ? map_value(&n->by_name, name, sizeof *p) : NULL;
	if (!p)
		return;
	while (at < p->count && !addr_eq(&p->addrs[at], addr))
		at++;
	if (at == p->count && p->count < ADDRESSES_OF_NAME)
		p->count++;
	if (at == ADDRESSES_OF_NAME)
		at--;
	memmove(p->addrs + 1, p->addrs, at * sizeof *p->addrs);
	p->addrs[0] = *addr;
}

static void take_lookup(struct addrnames *n, const struct fact *f)
{
	const struct lookup *l = f->lookup;
	unsigned kept = l->answer_count < LOOKUP_ANSWERS ? l->answer_count : LOOKUP_ANSWERS;

	name_stories_lookup(n->stories, l, f->time);
	if (!l->answered || l->rcode || !lookup_asks_address(l))
		return;
	/* From the last to the first: then the first is the newest. */
	for (unsigned i = kept; i > 0; i--) {
		learn(n, &l->answers[i - 1], span_text(l->name), NAME_BY_LOOKUP);
		learn_place(n, span_text(l->name), &l->answers[i - 1]);
	}
}

static struct span host_of(const struct exchange *x)
{
	struct span host = x->host;

	if (x->tunnel)
		host = x->tunnel->host.len ? x->tunnel->host : x->tunnel->target;
	else if (!host.len && span_eq(x->method, SPAN("CONNECT")))
		host = x->target;
	return host.len && host.at[0] == '[' ? span_of(NULL, 0) : host_name(host);
}

/* A machine between speaks for others. */
static bool is_passed_on(const struct exchange *x)
{
	return x->via_proxy || http_header(&x->request, SPAN("Via")).len ||
	       http_header(&x->request, SPAN("X-Forwarded-For")).len;
}

static void learn_client(struct addrnames *n, const struct exchange *x)
{
	const struct addr *client = &x->conn->client.addr;
	const struct wsus_call *call = x->soap ? x->soap->values : NULL;
	struct span name = wsus_text(call, FIELD_DNS_NAME);

	if (!name.len)
		name = wsus_text(call, FIELD_CLIENT_NAME);
	if (!name.len || is_proxy(n, client) || (!x->via_proxy && is_passed_on(x)))
		return;
	learn(n, client, name, NAME_BY_CALL);
}

/* Who serves a name has its address, seen in a lookup or not.  All of a connection ask for one name. */
static void learn_server(struct addrnames *n, const struct exchange *x, struct span host)
{
	const struct addr *server = &x->conn->server.addr;

	learn(n, server, host, NAME_BY_HOST);
	if (!x->number)
		learn_place(n, host, server);
}

static void take_exchange(struct addrnames *n, const struct exchange *x)
{
	struct span host = host_of(x);

	if (!x->request.present)
		return;
	if (x->via_proxy)
		map_put(&n->proxies, span_of(x->conn->server.addr.bytes, 16));
	else if (x->response.present && x->status < 400)
		learn_server(n, x, host);
	learn_client(n, x);
	name_stories_reached(n->stories, &x->conn->client.addr, host, x->request.last_time);
}

static void take_connection(struct addrnames *n, const struct connection *c)
{
	const struct map_entry *e = map_find(&n->by_addr, span_of(c->server.addr.bytes, 16));
	const struct named *server = e ? e->value : NULL;

	if (server)
		name_stories_reached(n->stories, &c->client.addr, span_text(server->text), c->last_time);
}

void addrnames_fact(struct addrnames *n, const struct fact *fact)
{
	switch (fact->kind) {
	case FACT_CONNECTION:
		take_connection(n, fact->connection);
		break;
	case FACT_EXCHANGE:
		take_exchange(n, fact->exchange);
		break;
	case FACT_TLS:
		name_stories_reached(n->stories, &fact->tls->conn->client.addr,
		                     span_text(fact->tls->server_name), fact->tls->first_time);
		break;
	case FACT_LOOKUP:
		take_lookup(n, fact);
		break;
	case FACT_LEASE:
		learn(n, &fact->lease->client, fact->lease->host_name, NAME_BY_LEASE);
		break;
	case FACT_ICMP:
		break;
	}
}

/* ---- asking ---- */

const char *addrnames_of(const struct addrnames *n, const struct addr *addr)
{
	const struct map_entry *e = map_find(&n->by_addr, span_of(addr->bytes, 16));
	const struct named *it = e ? e->value : NULL;

	if (!it || it->renames >= RENAMES_MAX || (it->source == NAME_BY_CALL && is_proxy(n, addr)))
		return NULL;
	return it->text;
}

size_t addrnames_addresses(const struct addrnames *n, struct span name, struct addr *addrs, size_t max)
{
	char lower[NAME_TEXT];
	const struct map_entry *e;
	const struct place *p;

	e = map_find(&n->by_name, lowered(name, lower));
	p = e ? e->value : NULL;
	for (size_t i = 0; p && i < p->count && i < max; i++)
		addrs[i] = p->addrs[i];
	return p ? p->count : 0;
}

const struct name_stories *addrnames_stories(const struct addrnames *n)
{
	return n->stories;
}
