/* decoders/copies.c - recent packets by what a retransmission would change.
 *
 * Sightings of one packet agree in wire, addresses, ports, IP identification, and the numbers of the
 * transport header; their TTLs differ by one at most (a router between); and they come within a
 * millisecond.  The sender gives a retransmission a new identification.  IPv6 has none, and 0 is none
 * (Linux, when fragments are forbidden: RFC 6864 section 4.1).  Then the transport checksum, which
 * covers timestamp options, must agree too, and the other side must have been silent in between: within a
 * millisecond nobody sends again unasked (timers wait for several, Linux 2 and Windows 10 at least),
 * and a fast retransmission needs acknowledgments first.  A bare acknowledgment says nothing twice: it
 * is repeated for each segment behind a gap, and a copy of one does no harm, so it always passes.
 *
 * Only sightings that are told to be of one packet (epb_packetid) may be further apart: Windows' capture
 * clocks differ between processors and layers queue.
 */
#include "decoders/copies.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/moment.h"

enum { SETS = 512, WAYS = 4, SPEAKERS = 1024, PAYLOAD_LOOK = 64 };

static const int64_t window = MOMENT_MS;
static const int64_t window_told = MOMENT_S;

struct sighting {
	uint64_t count;         /* of packets up to this one; 0: free */
	int64_t time;
	uint32_t packet_id;     /* its lower half: it only speaks for packets that look alike */
	uint16_t check;
	uint8_t ttl;
};

/* What is compared first lies together, in one line of the processor's cache. */
struct set {
	uint64_t prints[WAYS];  /* hash of what must agree, under the process's key */
	size_t next;            /* the oldest */
	struct sighting sightings[WAYS];
};

/* Whoever shares the slot takes it over.  What another path said breaks no silence: else whether a frame is a
 * copy would hang on who else is there, and on their addresses. */
struct spoke {
	uint64_t path, count;           /* of the latest packet from one endpoint to another */
};

struct copies {
	uint64_t key;
	uint64_t count;                 /* packets so far, without copies */
	struct set sets[SETS];
	struct spoke spoke[SPEAKERS];
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

static uint64_t half(const struct endpoint *e, size_t which)
{
	uint64_t word;

	memcpy(&word, e->addr.bytes + which * sizeof word, sizeof word);
	return word;
}

/* A number that two endpoints share with few others; not the same the other way round. */
static uint64_t path_slot(const struct endpoint *from, const struct endpoint *to)
{
	return hash_mix(half(from, 1) ^ from->port, half(to, 1) ^ to->port);
}

static uint64_t fingerprint(uint64_t key, const struct packet *p, const uint64_t words[static 2])
{
	uint64_t ports = (uint64_t)p->wire << 32 | (uint64_t)p->source.port << 16 | p->target.port;
	uint64_t from = hash_mix(half(&p->source, 0) ^ key, half(&p->source, 1));
	uint64_t to = hash_mix(half(&p->target, 0), half(&p->target, 1) ^ key);

	return hash_mix(from + ports, to ^ hash_mix(words[0] ^ key, words[1]));
}

/* What the transport header and the IP identification say, in two words.  UDP may go without a checksum
 * (RFC 768), so the beginning of its payload speaks too; it is unkeyed, for it chooses the slot. */
static void numbers(const struct packet *p, uint64_t words[static 2])
{
	struct span payload = p->udp;

	words[0] = (uint64_t)p->ip_id << 16 | (uint64_t)p->kind << 8;
	switch (p->kind) {
	case PACKET_TCP:
		words[0] |= (uint64_t)p->tcp.len << 32 | p->tcp.flags;
		words[1] = (uint64_t)p->tcp.seq << 32 | p->tcp.ack;
		return;
	case PACKET_ICMP:
		payload = p->icmp;
		break;
	case PACKET_UDP:
	case PACKET_NONE:
		break;
	}
	words[0] |= (uint64_t)payload.len << 32;
	words[1] = hash_bytes(0, span_take(&payload, PAYLOAD_LOOK));
}

static bool was_silent(const struct copies *c, const struct endpoint *from, const struct endpoint *to,
		       uint64_t since)
{
	uint64_t path = path_slot(from, to);
	const struct spoke *s = &c->spoke[path % SPEAKERS];

	return s->path != path || s->count < since;
}

/* `old` has the same fingerprint. */
static bool is_copy(const struct copies *c, const struct sighting *old, const struct packet *p,
		    uint16_t check, uint32_t packet_id)
{
	int64_t apart = p->time > old->time ? p->time - old->time : old->time - p->time;

	if (!old->count || abs(old->ttl - p->ttl) > 1)
		return false;
	if (packet_id && packet_id == old->packet_id)
		return apart <= window_told;
	if (apart > window)
		return false;
	if (p->ip_id)
		return true;
	if (p->kind == PACKET_TCP && !p->tcp.len && !(p->tcp.flags & (TCP_SYN | TCP_FIN | TCP_RST)))
		return false;
	return old->check == check && was_silent(c, &p->target, &p->source, old->count);
}

bool copies_seen(struct copies *c, const struct packet *packet, uint16_t check, uint64_t packet_id)
{
	uint64_t words[2], print, path;
	struct set *set;

	numbers(packet, words);
	print = fingerprint(c->key, packet, words);
	/* Which slot a packet falls into decides what is forgotten, so it must not depend on the process. */
	set = &c->sets[hash_mix(words[0], words[1]) % SETS];
	for (size_t i = 0; i < WAYS; i++)
		if (set->prints[i] == print &&
		    is_copy(c, &set->sightings[i], packet, check, (uint32_t)packet_id))
			return true;
	c->count++;
	path = path_slot(&packet->source, &packet->target);
	c->spoke[path % SPEAKERS] = (struct spoke){ path, c->count };
	set->prints[set->next] = print;
	set->sightings[set->next] = (struct sighting){
		.count = c->count,
		.time = packet->time,
		.packet_id = (uint32_t)packet_id,
		.check = check,
		.ttl = packet->ttl,
	};
	set->next = (set->next + 1) % WAYS;
	return false;
}
