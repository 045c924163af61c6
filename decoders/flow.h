/* decoders/flow.h - the table of TCP flows: one small record per 5-tuple and wire.
 *
 * A record is all that an attempt of bare SYNs ever costs (96 bytes and its share
 * of the slots): millions of them must fit.  A connection that speaks hangs a
 * struct life on its record.  Records stand in queues, the longest untouched in
 * front, by a clock that only runs forward (flow_clock): what is due, and what has
 * to go when memory is short, is always at a front.  Records never move; a `ref`
 * names one until it is removed, 0 names none.
 *
 * One record may stand for a second wire, on which the other direction travels: of a
 * trunk a mirror port often shows one way tagged, the other not.  Records of the same
 * endpoints lie near each other whatever their wires, so the second costs no slot and
 * goes with its record; finding it is decoders/mate.h's.
 */
#ifndef DECODERS_FLOW_H
#define DECODERS_FLOW_H

#include "base/moment.h"
#include "decoders/packet.h"

struct life;

/* X(symbol, seconds after which the front of the queue is due)
 * ATTEMPTS: counted from the last SYN; Linux gives up 127 s after the first, Windows 21 to 31 s. */
#define FLOW_QUEUES(X)                                                                  \
	X(ATTEMPTS, 130)        /* SYNs without an answer */                            \
	X(TRYING,   130)        /* the same, and more than a record holds of them */    \
	X(REFUSED,  10)         /* answered by resets; Windows repeats the SYN */       \
	X(ACTIVE,   7200)       /* both sides speak, or did */                          \
	X(CLOSING,  1)          /* over, unless what follows says otherwise */          \
	X(CLOSED,   10)         /* stated; late packets must not begin another */

#define X(symbol, seconds) FLOW_##symbol,
enum flow_queue { FLOW_QUEUES(X) FLOW_QUEUE_COUNT };
#undef X

struct flow_key {                       /* the same for both directions */
	uint64_t low[2], high[2];
	uint16_t low_port, high_port;
	uint32_t wire;
};

struct attempt {                        /* what is known of one that only sent SYNs */
	int64_t first_time;
	uint64_t first_frame;
	uint32_t isn;
	uint32_t later_frames, later_us; /* from the first SYN to the last; stop at their maximum */
	uint16_t syn_count, mss;
};

struct flow {
	struct flow_key key;
	uint32_t older, newer;          /* refs: of the queue; newer links the free ones */
	uint32_t stamp;                 /* of the last touch, see flow_clock */
	uint32_t id_low;                /* number of the connection, 40 bits */
	uint8_t id_high;
	uint8_t ttl;                    /* of the first SYN */
	uint8_t queue;                  /* enum flow_queue */
	bool client_low : 1;            /* the client is the key's low endpoint */
	bool live : 1;                  /* `life` holds, else `attempt` (closed: its isn) */
	bool isn_known : 1;             /* closed: attempt.isn is that of the connection that was */
	bool aside : 1;                 /* its place is the wire's own, see FLOW_NEAR_MAX */
	bool two_wires : 1;             /* what one endpoint sends comes over other_wire ... */
	bool other_low : 1;             /* ... and that is the key's low one */
	uint32_t other_wire;
	union {
		struct attempt attempt;
		struct life *life;
	};
};

struct flow_line {
	uint32_t front, back;
};

struct flow_slot {
	uint32_t ref;                   /* 0: free */
	uint32_t tag;                   /* of the key's hash: a search touches no other records */
};

struct flow_table {
	struct flow **chunks;
	struct flow_slot *slots;
	uint32_t slot_count;            /* a power of two */
	uint32_t chunk_count, chunk_room;
	uint32_t free;                  /* ref */
	uint32_t count;                 /* in use */
	uint32_t recent;                /* ref that was found last: packets come in trains */
	uint32_t aside;                 /* records whose place is the wire's own */
	uint32_t stamp;                 /* now */
	struct flow_line lines[FLOW_QUEUE_COUNT];
	uint64_t secret;
	struct passage passage;
};

enum { FLOW_CHUNK_BITS = 10, FLOW_CHUNK = 1 << FLOW_CHUNK_BITS };

/* Wires on which the same endpoints lie near each other.  More are hardly a network: they get places
 * of their own, so that a search stays short. */
enum { FLOW_NEAR_MAX = 16 };

void flow_init(struct flow_table *t);
void flow_release(struct flow_table *t);        /* lives are the owner's */

/* The key of a conversation; *source_low: its first argument is the low endpoint. */
struct flow_key flow_key_of(const struct endpoint *source, const struct endpoint *target,
                            uint32_t wire, bool *source_low);
struct endpoint flow_low(const struct flow_key *key);
struct endpoint flow_high(const struct flow_key *key);

static inline struct flow *flow_at(const struct flow_table *t, uint32_t ref)
{
	return &t->chunks[(ref - 1) >> FLOW_CHUNK_BITS][(ref - 1) & (FLOW_CHUNK - 1)];
}

/* Of the key's wire, or with that as its other wire. */
uint32_t flow_find(struct flow_table *t, const struct flow_key *key);

/* Records of the same endpoints, one after the other, as many as lie near each other; 0: no more.
 * *place begins at 0; nothing may be added or removed meanwhile. */
uint32_t flow_near(const struct flow_table *t, const struct flow_key *key, uint32_t *place);

/* A zeroed record at the back of ATTEMPTS; the key must not be there yet.  0: out of memory. */
uint32_t flow_add(struct flow_table *t, const struct flow_key *key);
void flow_remove(struct flow_table *t, uint32_t ref);

/* Puts it at the back of that queue, touched now. */
void flow_move(struct flow_table *t, uint32_t ref, enum flow_queue queue);

/* Lets time pass up to a frame's, unless it leaps by hours.  Time that jumps back stands still:
 * nothing grows younger or older by it. True: `stamp` changed, so something may be due. */
bool flow_clock(struct flow_table *t, int64_t time);

/* A record that is due, or 0. */
uint32_t flow_due(const struct flow_table *t);

/* The front of the queue; 0: empty. */
static inline uint32_t flow_front(const struct flow_table *t, enum flow_queue queue)
{
	return t->lines[queue].front;
}

/* Bytes that records in use and slots take; and what the table holds, which never shrinks. */
size_t flow_memory(const struct flow_table *t);
size_t flow_held(const struct flow_table *t);

static inline uint64_t flow_id(const struct flow *f)
{
	return (uint64_t)f->id_high << 32 | f->id_low;
}

#endif
