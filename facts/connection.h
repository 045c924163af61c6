/* facts/connection.h - one TCP connection, or an attempt at one.
 *
 * Stated once, when the connection is over (closed, expired, or the capture
 * ended); until then decoders fill it in and lend it to the facts of what
 * happened on it.  All counts are of the capture, not of the truth: what the
 * capture cannot show is told by `one_sided` and `joined`.
 */
#ifndef FACTS_CONNECTION_H
#define FACTS_CONNECTION_H

#include "base/addr.h"
#include "base/moment.h"
#include "base/tongue.h"

/* Sides of a conversation; also the direction of bytes: from that side. */
enum side { CLIENT, SERVER };

static inline enum side side_other(enum side s)
{
	return s == CLIENT ? SERVER : CLIENT;
}

/* X(symbol, name in outputs) */
#define CONNECTION_OUTCOMES(X)           \
	X(ESTABLISHED, N_("established"))    \
	X(REFUSED,     N_("refused"))      \
	X(UNANSWERED,  N_("unanswered"))   \
	X(REJECTED,    N_("rejected"))     \
	X(MIDSTREAM,   N_("midstream"))

#define CONNECTION_ENDS(X)                              \
	X(OPEN,                "open")                  \
	X(FIN,                 "fin")                   \
	X(RESET_BY_CLIENT,     "reset_by_client")       \
	X(RESET_BY_SERVER,     "reset_by_server")       \
	X(RESET_BY_MIDDLEBOX,  "reset_by_middlebox")

#define X(symbol, name) CONNECTION_##symbol,
enum connection_outcome { CONNECTION_OUTCOMES(X) };
enum connection_closed { CONNECTION_ENDS(X) };
#undef X

/* Why a reset is thought to come from a box between: bits, and the points each is worth
 * (Weaver, Sommer, Paxson, "Detecting Forged TCP Reset Packets", NDSS 2009, for the ideas). */
#define RESET_REASONS(X) \
	X(TTL_CLASS,   40, N_("its TTL comes from another kind of host than that side's other packets")) \
	X(TTL_HOPS,    20, N_("its TTL differs from that side's other packets")) \
	X(FASTER,      25, N_("it came back faster than the path's round trip")) \
	X(SEQUENCE,    20, N_("its sequence number is not what that side would send next")) \
	X(DATA_AFTER,  40, N_("that side went on sending after it")) \
	X(REPEATED,    15, N_("several resets with guessed sequence numbers came at once")) \
	X(BOTH_WAYS,   30, N_("both sides were reset at the same moment"))

#define X(symbol, points, text) RESET_##symbol,
enum reset_reason { RESET_REASONS(X) RESET_REASON_COUNT };
#undef X

struct connection_side {
	uint64_t packets, bytes;        /* payload bytes seen, retransmissions not counted twice */
	int64_t last_data;              /* MOMENT_NONE: no payload */
	uint8_t first[16];              /* first payload bytes ... */
	uint8_t first_len;
	uint8_t ttl;                    /* of its SYN, else of its first packet; 0: none seen */
	bool fin_unseen;                /* its FIN was acknowledged by the other's, and is not here */
	uint64_t lost_bytes;            /* in holes that never filled */
	uint32_t holes;
	uint64_t loss_frame;            /* its first retransmission, or where a gap was certain; 0: none */
	uint32_t retransmissions, out_of_order, conflicts;      /* conflicts: overlaps that disagree */
	uint32_t cut_packets;           /* captured shorter than they were */
	uint16_t mss;                   /* of its SYN, 0: not seen */
	uint16_t largest_acked;         /* payload of the largest segment the other side acknowledged */
	uint16_t largest_unacked;       /* of the segments at the end that never were */
	uint32_t unacked_tries;         /* times the oldest unacknowledged segment was sent */
	uint64_t fin_frame;             /* 0: none */
};

struct connection {
	uint64_t id;                    /* 0, 1, ... in order of first frames: Wireshark's tcp.stream */
	struct endpoint client, server;
	uint32_t wire;                  /* VLAN tags and tunnel: 0 none, else see peel.h */
	enum connection_outcome outcome;
	enum connection_closed closed;
	int64_t first_time, last_time;
	uint64_t first_frame, last_frame;
	uint32_t syn_count;             /* SYNs sent, retransmissions counted */
	uint64_t syn_frame, synack_frame;
	int64_t syn_time, synack_time;  /* of the first; MOMENT_NONE */
	int64_t rtt;                    /* ns, SYN to SYN-ACK to its ACK: the whole path; -1 unknown */
	bool client_by_syn;             /* which side is the client is certain */
	bool joined;                    /* its start was not captured */
	bool one_sided;                 /* packets of one side only, though they acknowledge the other's */
	struct connection_side side[2];
	/* the reset that ended it, or that answered its SYNs */
	uint64_t reset_frame;
	int64_t reset_time;
	enum side reset_from;           /* the address it claims */
	uint8_t reset_ttl;
	unsigned reset_reasons;         /* bits 1u << enum reset_reason */
	unsigned reset_score;           /* 0..100: 50 and more is a box between */
	bool reset_fits;                /* its number is the next: nothing of its side is missing before it */
	bool reset_acks;                /* it acknowledges no more than the other side is seen to have sent */
	/* the ICMP error that names it */
	uint64_t icmp_frame;
	struct addr icmp_from;
	uint8_t icmp_type, icmp_code;   /* of ICMPv6 when the addresses are IPv6 */
	uint16_t icmp_mtu;
	/* ns of silence before the first packet of the phase in which it died; 0 none */
	int64_t idle_before_end;
};

/* That side hung up first, or reset what the other had not ended; what a box between resets counts as the
 * server's.  Neither: the capture ended, or it went silent. */
bool connection_closed_by(const struct connection *c, enum side by);

/* Nobody let it in, and that is sure: it was refused or rejected, or the client asked again and heard
 * nothing.  What one direction alone shows, or one SYN, proves no silence. */
bool connection_failed(const struct connection *c);

const char *connection_outcome_name(enum connection_outcome o);
const char *connection_closed_name(enum connection_closed c);
const char *reset_reason_text(enum reset_reason r);

#endif
