/* decoders/life.h - one TCP connection while it lives: what track.c hangs on a flow.
 *
 *   life.c     a packet: acknowledgment, bytes, FIN, keep-alives
 *   feed.c     bytes to the stack, in order; gaps that are given up
 *   handshake.c  SYN and SYN-ACK, who is client when nobody saw the SYN, round trips
 *   ending.c   resets, and the verdict when it is over
 *
 * Stream offsets are 64 bits and begin at LIFE_ORIGIN, the byte after the SYN (or the
 * first that the capture could show), so that what lies before does not wrap either.
 */
#ifndef DECODERS_LIFE_H
#define DECODERS_LIFE_H

#include "decoders/packet.h"
#include "decoders/reorder.h"
#include "decoders/sizes.h"

static const uint64_t LIFE_ORIGIN = UINT64_C(1) << 32;

enum life_phase {
	LIFE_TRYING,                    /* SYNs, no answer that counts */
	LIFE_REFUSED,                   /* SYNs answered by resets */
	LIFE_OPEN,
	LIFE_CLOSING,                   /* FINs or a reset, unless what follows disproves it */
};

enum life_step {
	LIFE_GOES_ON,
	LIFE_IS_OVER,                   /* conclude it */
	LIFE_IS_REPLACED,               /* conclude it; the packet begins another */
};

struct half {                           /* what one side sends; what every packet asks stands first */
	struct reorder queue;           /* front: the next byte for the stack */
	uint64_t acked;                 /* what the other side acknowledged */
	uint64_t high;                  /* end of the furthest byte seen */
	uint32_t start;                 /* sequence number of LIFE_ORIGIN */
	uint16_t window;                /* its last, as told (without scale) */
	uint8_t ttl;                    /* its last; 0: none */
	bool known;                     /* start is known ... */
	bool anchored;                  /* ... by a packet of its own */
	bool fin, closed;               /* seen; told to the stack */
	bool spoke;                     /* the other acknowledged what was not captured */
	uint8_t strays;                 /* segments in a row that fit no window */
	uint32_t tries;                 /* times the oldest byte in flight was sent */
	int64_t probe_gap;              /* silence before unanswered keep-alives; 0: none */
	int64_t burst_time;             /* when it sent with nothing in flight */
	int64_t burst_gap;              /* silence before that; 0 once some was acknowledged */
	struct sizes sizes;
	uint8_t ttl_min, ttl_max;       /* range; 0: none */
	uint64_t fin_offset;
	uint64_t gap_front;             /* acknowledged gap that is waited for: its place, ... */
	int64_t gap_time;               /* ... since when, ... */
	uint32_t gap_packets;           /* ... and for how many packets */
	int64_t disorder_time;          /* when bytes began to wait */
};

struct life_reset {                     /* the reset that may have ended it */
	bool seen;
	enum side from;
	uint64_t offset;                /* of its sequence number in that side's stream */
	uint64_t expected;              /* what that side would have sent next */
	bool complete;                  /* all that it sent before was seen */
	int64_t quiet;                  /* silence before it */
	bool data_after, guesses, both_ways;
	bool answers_syn;               /* no SYN came since */
	uint8_t left;                   /* packets until it is believed */
};

struct life {
	struct stack *stack;            /* NULL until there are bytes */
	enum life_phase phase;
	bool client_low;                /* the client is the flow key's low endpoint */
	bool stackless;                 /* there will be no stack: out of memory */
	bool calm;                      /* open, sides known, no reset: nothing to ask */
	bool shaking;                   /* SYN-ACK seen, the client's answer to it not yet */
	struct half half[2];
	struct life_reset reset;
	uint32_t synacks, syn_resets;
	int64_t leg[2];                 /* round trip from the capture to that side; -1 */
	struct connection conn;
};

struct life_env {                       /* borrowed */
	const struct stack_context *context;
	struct budget *waiting;         /* for segments behind gaps */
};

/* One that sent nothing yet; the endpoints are the caller's. */
void life_init(struct life *life);

/* A packet, from the flow key's low endpoint or its high one. */
enum life_step life_packet(const struct life_env *env, struct life *life, bool from_low,
                           const struct packet *p);

/* What every packet tells, whatever else it is.  Returns the silence before it, in ns. */
int64_t life_note(struct life *life, enum side from, const struct packet *p);

/* Its acknowledgment of the other side's bytes. */
void life_acknowledge(struct life *life, enum side from, const struct tcp_segment *s);

/* Its payload and its FIN, after a silence. */
void life_payload(const struct life_env *env, struct life *life, enum side from,
                  const struct packet *p,
                  int64_t quiet);

/* ns from one time to a later one, 0 when it is not later. */
static inline int64_t life_since(int64_t from, int64_t to)
{
	return to > from ? (int64_t)(((uint64_t)to - (uint64_t)from) & INT64_MAX) : 0;
}

/* The offset of a sequence number, at most 2^31 from `near`. */
static inline uint64_t half_offset(const struct half *h, uint32_t seq, uint64_t near)
{
	return near + (uint64_t)(int64_t)(int32_t)(seq - h->start - (uint32_t)near);
}

static inline struct mark packet_mark(const struct packet *p)
{
	return (struct mark){ p->frame, p->time };
}

#endif
