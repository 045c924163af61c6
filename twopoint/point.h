/* twopoint/point.h - what one of two captures of the same traffic saw: packets, flows, requests, hellos.
 *
 * A packet is a record of 64 bytes; nothing of its payload is kept but digests.  All of a point lives
 * until point_release, within the bytes that it was given.
 */
#ifndef TWOPOINT_POINT_H
#define TWOPOINT_POINT_H

#include "base/buf.h"
#include "base/map.h"
#include "decoders/packet.h"
#include "facts/fact.h"

enum { SIGHT_CWR = 128, SIGHT_ECE = 64 };       /* beside enum tcp_flag (RFC 3168 section 6.1) */

/* One packet.  Indexes are plus one; 0: none. */
struct sight {
	int64_t time;
	uint64_t frame;
	uint32_t next;                  /* of its flow */
	uint32_t mate;                  /* the same packet on the other side */
	uint32_t seq, ack;
	uint32_t len;                   /* payload on the wire */
	uint32_t start;                 /* digest of the payload's first bytes; 0: not all captured */
	uint32_t whole;                 /* ... of all of it; 0: not all captured */
	uint32_t stamp;                 /* TSval; 0: none */
	uint16_t ip_id, window;
	uint8_t flags, ttl, traffic_class;
	uint8_t from;                   /* enum side */
};

/* Options of a SYN or SYN-ACK (RFC 9293 section 3.2, RFC 7323, RFC 2018). */
struct syn_options {
	bool seen;
	uint32_t isn;
	uint16_t mss;                   /* 0: none */
	uint8_t scale;                  /* shift count + 1; 0: none */
	bool sack, stamps;
	uint16_t window;
	uint8_t others;                 /* options of other kinds */
	uint64_t frame;
};

struct flow {
	enum packet_kind kind;          /* TCP or UDP */
	struct endpoint end[2];         /* CLIENT: who began */
	uint32_t first, last;           /* sights */
	uint32_t count[2];
	int64_t first_time, last_time;
	uint64_t first_frame, last_frame;
	struct syn_options syn[2];
	bool begun;                     /* its SYN was seen */
	bool closing;                   /* a FIN or RST was */
	uint32_t older;                 /* flow of the same endpoints before */
	uint32_t pair;                  /* flow of the other side */
	uint32_t shift[2];              /* NEAR's: sequence numbers of a side are so much larger at FAR */
	bool relayed;                   /* the pair is another connection, made by something between */
	bool reversed;                  /* began beyond the other point */
	uint64_t icmp_frame;            /* an error that names it; 0: none */
	struct addr icmp_from;
	uint8_t icmp_type, icmp_code;
};

struct asked {                          /* a request and its answer */
	uint32_t flow;                  /* plus one; 0: not known */
	uint32_t mate;                  /* exchange of the other side, plus one */
	const char *method, *host, *path, *target;
	uint16_t status;                /* 0: no answer */
	uint64_t request_frame, response_frame;
	int64_t time;
	const struct http_header *headers[2];   /* CLIENT: of the request */
	size_t header_count[2];
	bool heads_whole[2];
};

struct hello {                          /* a TLS session */
	uint32_t flow;
	uint64_t client_frame, server_frame;
	int64_t time;
	const char *name, *ja3;
	const char *subject, *issuer;   /* of the server's certificate; "": not seen */
	uint8_t thumbprint[THUMBPRINT_LEN];
	bool has_certificate;
	uint64_t certificate_frame;
};

struct point {
	struct buf sights, flows, askeds, hellos;       /* arrays of the above */
	struct map by_ends;             /* endpoints -> index of their latest flow, plus one */
	struct arena texts;
	uint64_t packets;               /* that were offered */
	uint64_t left_out;              /* that found no room */
	int64_t first, last;            /* times; MOMENT_NONE */
};

/* `room`: bytes that it may hold. */
void point_init(struct point *s, size_t room);
void point_release(struct point *s);

/* A packet of the capture, in its order. */
void point_packet(struct point *s, const struct packet *p);

/* What decoders state of the same capture, in any order after their packets. */
void point_fact(struct point *s, const struct fact *fact);

/* The latest flow between those two (then `older`); 0: none. */
uint32_t point_between(const struct point *s, enum packet_kind kind, const struct endpoint *a,
                       const struct endpoint *b);

static inline struct sight *point_sight(const struct point *s, uint32_t index)
{
	return (struct sight *)(void *)s->sights.at + (index - 1);
}

static inline struct flow *point_flow(const struct point *s, uint32_t index)
{
	return (struct flow *)(void *)s->flows.at + (index - 1);
}

static inline struct asked *point_asked(const struct point *s, uint32_t index)
{
	return (struct asked *)(void *)s->askeds.at + (index - 1);
}

static inline struct hello *point_hello(const struct point *s, uint32_t index)
{
	return (struct hello *)(void *)s->hellos.at + (index - 1);
}

/* How many there are: indexes go from 1 to that. */
static inline uint32_t point_flows(const struct point *s)
{
	return (uint32_t)(s->flows.len / sizeof(struct flow));
}

static inline uint32_t point_askeds(const struct point *s)
{
	return (uint32_t)(s->askeds.len / sizeof(struct asked));
}

static inline uint32_t point_hellos(const struct point *s)
{
	return (uint32_t)(s->hellos.len / sizeof(struct hello));
}

#endif
