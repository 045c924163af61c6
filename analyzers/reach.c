/* analyzers/reach.c - two moments for each client and endpoint. */
#include "analyzers/reach.h"

enum { PAIRS_MAX = 200000 };

struct reach_pair {
	struct addr client;
	struct endpoint server;
	bool has_failed, has_passed;
	int64_t failed, passed;
};

/* Without padding: the key of a map. */
struct pair_key {
	struct endpoint_key server;
	struct addr client;
};

bool reach_key(const struct addr *client, uint16_t port, struct reach_key *k)
{
	*k = (struct reach_key){ *client, { (uint8_t)(port >> 8), (uint8_t)port } };
	return port != 80 && port != 443;
}

void reach_init(struct reach *r, struct budget *budget)
{
	map_init_on(&r->pairs, PAIRS_MAX, budget);
	map_init_on(&r->ports, PAIRS_MAX, budget);
}

void reach_release(struct reach *r)
{
	map_release_values(&r->pairs);
	map_release_values(&r->ports);
}

/* NULL beyond the ceiling: a failure of that pair stays what it is. */
static struct reach_pair *pair_of(struct reach *r, const struct connection *c)
{
	struct pair_key k = { endpoint_key(&c->server), c->client.addr };
	struct reach_pair *p = map_value(&r->pairs, span_of(&k, sizeof k), sizeof *p);

	if (p) {
		p->client = c->client.addr;
		p->server = c->server;
	}
	return p;
}

static void advance(bool *has, int64_t *last, int64_t when)
{
	if (!*has || when > *last)
		*last = when;
	*has = true;
}

void reach_failed(struct reach *r, const struct connection *c, int64_t when)
{
	struct reach_pair *p = pair_of(r, c);

	if (p)
		advance(&p->has_failed, &p->failed, when);
}

void reach_through(struct reach *r, const struct connection *c, int64_t when)
{
	struct reach_pair *p = pair_of(r, c);

	if (p)
		advance(&p->has_passed, &p->passed, when);
}

void reach_address(struct reach *r, const struct connection *c, int64_t when)
{
	struct reach_pair *p = NULL;
	struct reach_key k;

	if (reach_key(&c->client.addr, c->server.port, &k))
		p = map_value(&r->ports, span_of(&k, sizeof k), sizeof *p);
	if (p)
		advance(&p->has_passed, &p->passed, when);
}

static bool got_through(const struct reach *r, const struct reach_pair *p)
{
	const struct map_entry *e = NULL;
	const struct reach_pair *other;
	struct reach_key k;

	if (reach_key(&p->client, p->server.port, &k))
		e = map_find(&r->ports, span_of(&k, sizeof k));
	other = e ? e->value : NULL;
	return (p->has_passed && p->passed > p->failed) || (other && other->passed > p->failed);
}

bool reach_passed(const struct reach *r, const struct addr *client, const struct endpoint *server)
{
	struct pair_key k = { endpoint_key(server), *client };
	const struct map_entry *e = map_find(&r->pairs, span_of(&k, sizeof k));
	const struct reach_pair *p = e ? e->value : NULL;

	return p && p->has_passed;
}

void reach_ease(const struct reach *r, struct findings *findings, const enum finding_kind *kinds,
                size_t count)
{
	for (size_t i = 0; i < r->pairs.count; i++) {
		const struct reach_pair *p = r->pairs.entries[i].value;

		if (!p || !p->has_failed || !got_through(r, p))
			continue;
		for (size_t k = 0; k < count; k++)
			finding_ease(findings, kinds[k], &p->client, &p->server);
	}
}
