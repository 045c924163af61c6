/* decoders/packet.h - a frame peeled to its innermost packet: what the link and network layers hand on.
 *
 *   frame -> link -> (tunnels) -> ip (+ defragmentation) -> packet
 *
 * All spans are lent: valid until the next frame is peeled.
 */
#ifndef DECODERS_PACKET_H
#define DECODERS_PACKET_H

#include "base/addr.h"
#include "base/frame.h"

enum packet_kind { PACKET_NONE, PACKET_TCP, PACKET_UDP, PACKET_ICMP };

enum tcp_flag { TCP_FIN = 1, TCP_SYN = 2, TCP_RST = 4, TCP_PSH = 8, TCP_ACK = 16 };

struct tcp_segment {
	uint32_t seq, ack;
	uint8_t flags;
	uint16_t window;
	uint16_t mss;                   /* option; 0: none */
	bool has_timestamp;
	uint32_t len;                   /* payload on the wire, by the IP length */
	struct span payload;            /* payload captured: payload.len <= len */
	struct span header;             /* captured, with its options */
};

struct packet {
	enum packet_kind kind;
	uint64_t frame;                 /* number of the frame (of the last fragment) */
	int64_t time;
	struct endpoint source, target; /* ports 0 for ICMP */
	/* VLAN tags and tunnel it came in: equal numbers, equal wires; 0: plain */
	uint32_t wire;
	uint8_t ttl;                    /* or hop limit, of the innermost IP header */
	uint16_t ip_id;                 /* 0 for IPv6 */
	uint8_t traffic_class;          /* DSCP and ECN (RFC 2474, RFC 3168), of that header */
	bool outbound;                  /* the capturing host says that it sent it */
	union {
		struct tcp_segment tcp;
		struct span udp;        /* payload */
		struct span icmp;       /* from its type field; bytes[0] is the type.  v6 by the addresses */
	};
};

#endif
