/* cli/flows.h - whose packets are whose: conversations and hosts, each with the findings that want it.
 *
 * For cli/selection alone.  Findings are numbers here.
 */
#ifndef CLI_FLOWS_H
#define CLI_FLOWS_H

#include "base/map.h"
#include "decoders/packet.h"

enum { FLOWS_TAIL = 8 };

/* Numbers of findings, each once. */
struct owners {
	uint32_t *at;
	size_t count, room;
};

struct flow {
	struct owners owners;
	uint64_t bytes;                 /* captured, of this reading */
	uint64_t tail[FLOWS_TAIL];      /* its last frames that were not taken, as a ring */
	unsigned passed;                /* how many those were */
	bool learned;                   /* a named frame is in it; else it was met on the way */
};

/* All conversations of a host, or between two. */
struct peer {
	struct owners owners;
	uint64_t bytes;                 /* that were taken for it */
	bool lookups_alone;             /* UDP, and whatever is no conversation */
};

struct flows {
	struct map at;                  /* of struct flow */
	struct map peers;               /* of struct peer, by one address or two */
	bool failed;                    /* out of memory */
};

/* Of a packet, or of the one that an ICMP error quotes; the same in both directions. */
struct flow_key {
	uint8_t bytes[1 + 2 * sizeof(struct endpoint_key)];
};

bool owners_add(struct owners *o, uint32_t owner);      /* false: out of memory */
bool owners_merge(struct owners *o, const struct owners *more);
bool owners_has(const struct owners *o, uint32_t owner);

void flows_init(struct flows *f);
void flows_release(struct flows *f);

/* False: the packet is of no conversation. */
bool flows_key(const struct packet *packet, struct flow_key *key);

/* NULL: there is none, or (flows_put) memory is out. */
struct flow *flows_find(const struct flows *f, const struct flow_key *key);
struct flow *flows_put(struct flows *f, const struct flow_key *key);

/* `b` NULL: of one host. */
struct peer *flows_peer(const struct flows *f, const struct addr *a, const struct addr *b);
bool flows_want(struct flows *f, const struct addr *a, const struct addr *b, uint32_t owner,
                bool lookups_alone);

/* A new reading: no bytes, and neither peers nor conversations that were only met. */
void flows_begin(struct flows *f);

#endif
