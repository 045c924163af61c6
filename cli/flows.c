/* cli/flows.c - tables of conversations and hosts. */
#include "cli/flows.h"

#include <stdlib.h>

#include "decoders/icmp.h"

enum { FLOWS_MAX = 1 << 20, PEERS_MAX = 1 << 18, OWNERS_MAX = 1 << 14 };
enum { TRANSPORT_TCP = 6, TRANSPORT_UDP = 17 };

struct peer_key {
	uint8_t bytes[2 * sizeof(struct addr)];
};

/* ---- owners ---- */

bool owners_has(const struct owners *o, uint32_t owner)
{
	for (size_t i = o->count; i > 0; i--)
		if (o->at[i - 1] == owner)
			return true;
	return false;
}

bool owners_add(struct owners *o, uint32_t owner)
{
	size_t room = o->room ? 2 * o->room : 4;
	uint32_t *more;

	if (o->count >= OWNERS_MAX || owners_has(o, owner))
		return true;
	if (o->count == o->room) {
		more = realloc(o->at, room * sizeof *more);
		if (!more)
			return false;
		o->at = more;
		o->room = room;
	}
	o->at[o->count++] = owner;
	return true;
}

bool owners_merge(struct owners *o, const struct owners *more)
{
	for (size_t i = 0; i < more->count; i++)
		if (!owners_add(o, more->at[i]))
			return false;
	return true;
}

/* ---- conversations ---- */

static void put_key(struct flow_key *key, uint8_t transport, const struct endpoint *a,
                    const struct endpoint *b)
{
	struct endpoint_key one = endpoint_key(a), other = endpoint_key(b);
	bool turned = memcmp(&one, &other, sizeof one) > 0;

	key->bytes[0] = transport;
	memcpy(key->bytes + 1, turned ? &other : &one, sizeof one);
	memcpy(key->bytes + 1 + sizeof one, turned ? &one : &other, sizeof one);
}

bool flows_key(const struct packet *packet, struct flow_key *key)
{
	struct icmp_error error;

	switch (packet->kind) {
	case PACKET_TCP:
		put_key(key, TRANSPORT_TCP, &packet->source, &packet->target);
		return true;
	case PACKET_UDP:
		put_key(key, TRANSPORT_UDP, &packet->source, &packet->target);
		return true;
	case PACKET_ICMP:
		if (!icmp_decode(packet, &error) || !error.target.port)
			return false;
		put_key(key, error.quotes_tcp ? TRANSPORT_TCP : TRANSPORT_UDP, &error.source, &error.target);
		return true;
	case PACKET_NONE:
		break;
	}
	return false;
}

struct flow *flows_find(const struct flows *f, const struct flow_key *key)
{
	struct map_entry *e = map_find(&f->at, span_of(key->bytes, sizeof key->bytes));

	return e ? e->value : NULL;
}

struct flow *flows_put(struct flows *f, const struct flow_key *key)
{
	struct flow *flow = map_value(&f->at, span_of(key->bytes, sizeof key->bytes), sizeof *flow);

	/* Of more conversations than the ceiling the rest is not wanted; that is not a failure. */
	f->failed |= !flow && f->at.count < FLOWS_MAX;
	return flow;
}

/* ---- hosts ---- */

static struct span key_of(const struct addr *a, const struct addr *b, struct peer_key *key)
{
	bool turned = b && memcmp(a, b, sizeof *a) > 0;

	memcpy(key->bytes, turned ? b : a, sizeof *a);
	if (b)
		memcpy(key->bytes + sizeof *a, turned ? a : b, sizeof *a);
	return span_of(key->bytes, b ? sizeof key->bytes : sizeof *a);
}

struct peer *flows_peer(const struct flows *f, const struct addr *a, const struct addr *b)
{
	struct peer_key key;
	struct map_entry *e = f->peers.count ? map_find(&f->peers, key_of(a, b, &key)) : NULL;

	return e ? e->value : NULL;
}

bool flows_want(struct flows *f, const struct addr *a, const struct addr *b, uint32_t owner,
                bool lookups_alone)
{
	struct peer_key key;
	struct span bytes = key_of(a, b, &key);
	bool known = map_find(&f->peers, bytes);
	struct peer *peer = map_value(&f->peers, bytes, sizeof *peer);

	if (!peer || !owners_add(&peer->owners, owner)) {
		f->failed |= f->peers.count < PEERS_MAX;
		return false;
	}
	peer->lookups_alone = lookups_alone && (!known || peer->lookups_alone);
	return true;
}

/* ---- all ---- */

void flows_init(struct flows *f)
{
	*f = (struct flows){ .failed = false };
	map_init(&f->at, FLOWS_MAX);
	map_init(&f->peers, PEERS_MAX);
}

static void release_peers(struct flows *f)
{
	for (size_t i = 0; i < f->peers.count; i++)
		if (f->peers.entries[i].value)
			free(((struct peer *)f->peers.entries[i].value)->owners.at);
	map_release_values(&f->peers);
}

void flows_release(struct flows *f)
{
	for (size_t i = 0; i < f->at.count; i++)
		if (f->at.entries[i].value)
			free(((struct flow *)f->at.entries[i].value)->owners.at);
	map_release_values(&f->at);
	release_peers(f);
}

void flows_begin(struct flows *f)
{
	for (size_t i = 0; i < f->at.count; i++) {
		struct flow *flow = f->at.entries[i].value;

		if (!flow)
			continue;
		flow->bytes = 0;
		flow->passed = 0;
		if (!flow->learned)
			flow->owners.count = 0;
	}
	release_peers(f);
	map_init(&f->peers, PEERS_MAX);
}
