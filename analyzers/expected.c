/* analyzers/expected.c - two maps, and the lengths that prefixes have. */
#include "analyzers/expected.h"

struct network_key {
	uint8_t bytes[17];
};

static struct network_key key_of(const struct addr *a, unsigned bits)
{
	struct network_key k = { { 0 } };

	memcpy(k.bytes, a->bytes, bits / 8);
	if (bits % 8)
		k.bytes[bits / 8] = (uint8_t)(a->bytes[bits / 8] & 0xff << (8 - bits % 8));
	k.bytes[16] = (uint8_t)bits;
	return k;
}

static struct map_entry *network_of(const struct expectations *e, const struct addr *a, unsigned bits)
{
	struct network_key k = key_of(a, bits);

	return map_find(&e->networks, span_of(k.bytes, sizeof k.bytes));
}

static bool add_network(struct expectations *e, const struct prefix *p)
{
	struct network_key k = key_of(&p->addr, p->bits);
	unsigned i = 0;

	while (i < e->length_count && e->lengths[i] != p->bits)
		i++;
	if (i == e->length_count)
		e->lengths[e->length_count++] = (uint8_t)p->bits;
	return map_put(&e->networks, span_of(k.bytes, sizeof k.bytes)) != NULL;
}

bool expectations_init(struct expectations *e, const struct relevance *r)
{
	bool whole = true;

	*e = (struct expectations){ .length_count = 0 };
	map_init(&e->singles, relevance_client_count(r));
	map_init(&e->networks, relevance_client_count(r));
	for (size_t i = 0; whole && i < relevance_client_count(r); i++) {
		const struct prefix *p = relevance_client(r, i);

		if (p->bits == 128)
			whole = map_value(&e->singles, span_of(p->addr.bytes, 16), sizeof(struct expected));
		else
			whole = add_network(e, p);
	}
	return whole;
}

void expectations_release(struct expectations *e)
{
	map_release_values(&e->singles);
	map_release(&e->networks);
}

struct expected *expected_single(const struct expectations *e, const struct addr *a)
{
	struct map_entry *at = map_find(&e->singles, span_of(a->bytes, 16));

	return at ? at->value : NULL;
}

bool expected_is(const struct expectations *e, const struct addr *a)
{
	bool is = expected_single(e, a) != NULL;

	for (unsigned i = 0; !is && i < e->length_count; i++)
		is = network_of(e, a, e->lengths[i]) != NULL;
	return is;
}

void expected_came(struct expectations *e, const struct addr *a)
{
	for (unsigned i = 0; i < e->length_count; i++) {
		struct map_entry *network = network_of(e, a, e->lengths[i]);

		if (network)
			network->value = e;
	}
}

bool expected_network_lacks(const struct expectations *e, size_t i, struct prefix *network)
{
	const struct map_entry *at = &e->networks.entries[i];

	memcpy(network->addr.bytes, at->key.at, 16);
	network->bits = at->key.at[16];
	return !at->value;
}
