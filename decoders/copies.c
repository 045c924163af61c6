/* decoders/copies.c - recent packets by what a retransmission would change.
 *
 * Sightings of one packet agree in wire, addresses, ports, IP identification, and the numbers of the
 * transport header; their TTLs differ by one at most (a router between); and they come within a
 * millisecond.  The sender gives a retransmission a new identification.  IPv6 has none, and 0 is none
 * (Linux, when fragments are forbidden: RFC 6864 section 4.1).  Then the transport checksum, which
 * covers timestamp options, must agree too, and the other side must have been silent in between: within a
 * millisecond nobody sends again unasked (timers wait for several, Linux 2 and Windows 10 at least),
 * and a fast retransmission needs acknowledgments first.
 *
 * Only sightings that are told to be of one packet (epb_packetid) may be further apart: Windows' capture
 * clocks differ between processors and layers queue.
 */
#include "decoders/copies.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/moment.h"

enum { SETS = 1024, WAYS = 2, SPEAKERS = 1024 };

static const int64_t window = MOMENT_MS;
static const int64_t window_told = MOMENT_S;
/* Which slot a packet falls into decides what is forgotten, so it must not depend on the process. */
static const uint64_t slot_key = 0x6a09e667f3bcc909;

struct sighting {
	uint64_t print;         /* hash of what must agree, under the process's key */
	uint64_t count;         /* of packets up to this one; 0: free */
	uint64_t packet_id;
	int64_t time;
	uint16_t check;
	uint8_t ttl;
	bool has_id;
};

struct copies {
	uint64_t key;
	uint64_t count;                         /* packets so far, without copies */
	struct sighting sets[SETS][WAYS];       /* newest first */
	uint64_t spoke[SPEAKERS];               /* the latest packet from one endpoint to another */
};

struct copies *copies_new(void)
{
	struct copies *c = calloc(1, sizeof *c);

	if (c)
		c->key = hash_key();
	return c;
}

void copies_free(struct copies *c)
{
	free(c);
}

static uint64_t endpoint_hash(uint64_t key, const struct endpoint *e)
{
	uint64_t half[2];

	memcpy(half, e->addr.bytes, sizeof half);
	return hash_mix(half[0] ^ key, half[1] ^ (uint64_t)e->port << 16);
}

static uint64_t path_hash(uint64_t key, const struct packet *p, const struct endpoint *from,
			  const struct endpoint *to)
{
	return hash_mix(endpoint_hash(key, from) + p->wire, endpoint_hash(~key, to));
}

/* What the transport header and the IP identification say, in two words. */
static void numbers(const struct packet *p, uint16_t check, uint64_t words[static 2])
{
	words[0] = (uint64_t)p->ip_id << 16 | (uint64_t)p->kind << 8;
	switch (p->kind) {
	case PACKET_TCP:
		words[0] |= (uint64_t)p->tcp.len << 32 | p->tcp.flags;
		words[1] = (uint64_t)p->tcp.seq << 32 | p->tcp.ack;
		return;
	case PACKET_UDP:
		words[1] = (uint64_t)p->udp.len << 16 | check;
		return;
	case PACKET_ICMP:
		words[1] = (uint64_t)p->icmp.len << 16 | check;
		return;
	case PACKET_NONE:
		break;
	}
	words[1] = 0;
}

static bool is_copy(const struct copies *c, const struct sighting *old, const struct sighting *seen,
		    const struct packet *p)
{
	int64_t apart = seen->time > old->time ? seen->time - old->time : old->time - seen->time;

	if (!old->count || old->print != seen->print || abs(old->ttl - seen->ttl) > 1)
		return false;
	if (seen->packet_id && seen->packet_id == old->packet_id)
		return apart <= window_told;
	if (apart > window)
		return false;
	if (seen->has_id)
		return true;
	return old->check == seen->check &&
	       c->spoke[path_hash(slot_key, p, &p->target, &p->source) % SPEAKERS] < old->count;
}

bool copies_seen(struct copies *c, const struct packet *packet, uint16_t check, uint64_t packet_id)
{
	uint64_t path = path_hash(slot_key, packet, &packet->source, &packet->target);
	uint64_t words[2];
	struct sighting *set, seen;

	numbers(packet, check, words);
	set = c->sets[hash_mix(path ^ words[0], words[1]) % SETS];
	seen = (struct sighting){
		.print = hash_mix(hash_mix(words[0], words[1] ^ c->key),
				  path_hash(c->key, packet, &packet->source, &packet->target)),
		.count = c->count + 1,
		.packet_id = packet_id,
		.time = packet->time,
		.check = check,
		.ttl = packet->ttl,
		.has_id = packet->ip_id,
	};
	for (size_t i = 0; i < WAYS; i++)
		if (is_copy(c, &set[i], &seen, packet))
			return true;
	c->count++;
	c->spoke[path % SPEAKERS] = c->count;
	memmove(set + 1, set, (WAYS - 1) * sizeof *set);
	*set = seen;
	return false;
}
