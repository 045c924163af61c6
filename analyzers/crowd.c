/* analyzers/crowd.c - occurrences of one trouble, bounded. */
#include "analyzers/crowd.h"

static void note_client(struct crowd *c, const struct addr *client)
{
	for (size_t i = 0; i < c->client_count; i++)
		if (addr_eq(&c->clients[i], client))
			return;
	if (c->client_count == CROWD_CLIENTS)
		c->more_clients = true;
	else
		c->clients[c->client_count++] = *client;
}

void crowd_add(struct crowd *c, const struct connection *conn, bool through_proxy, int64_t time,
               const struct evidence *evidence, size_t evidence_count)
{
	struct crowd_one *one;

	if (!c->count || time > c->last)
		c->last = time;
	c->count++;
	c->server = conn->server;
	c->through_proxy = through_proxy;
	note_client(c, &conn->client.addr);
	if (c->kept_count == CROWD_KEPT)
		return;
	one = &c->kept[c->kept_count++];
	*one = (struct crowd_one){ .stream = conn->id, .client = conn->client, .time = time };
	for (size_t i = 0; i < evidence_count && i < CROWD_EVIDENCE; i++)
		one->evidence[one->evidence_count++] = evidence[i];
}

void crowd_raise(const struct crowd *c, struct findings *findings, struct raise what)
{
	what.for_all_clients = c->client_count > 1 || c->more_clients;
	what.via = c->through_proxy ? &c->server : NULL;
	for (size_t i = 0; i < c->kept_count; i++) {
		const struct crowd_one *one = &c->kept[i];
		bool last = i + 1 == c->kept_count;
		struct connection conn = { .id = one->stream, .client = one->client, .server = c->server };

		what.conn = &conn;
		what.time = one->time;
		what.until = last ? c->last : 0;
		what.count = last ? c->count - i : 1;
		what.evidence = one->evidence;
		what.evidence_count = one->evidence_count;
		finding_raise(findings, &what);
	}
}
