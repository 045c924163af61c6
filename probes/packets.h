/* probes/packets.h - headers of IP packets, with the checksums that go with them.
 *
 * RFC 791, RFC 8200 (IP), RFC 9293 (TCP), RFC 768 (UDP), RFC 792, RFC 4443 (errors).  Pure: bytes in, bytes
 * out.  The receiver's address tells the family.
 */
#ifndef PROBES_PACKETS_H
#define PROBES_PACKETS_H

#include "base/addr.h"

/* IP and TCP with one option; an error quotes as much again. */
enum { PACKETS_HEAD = 40 + 24, PACKETS_ERROR = 40 + 8 + PACKETS_HEAD };

enum packets_flag { PACKETS_FIN = 1, PACKETS_SYN = 2, PACKETS_RST = 4, PACKETS_PSH = 8, PACKETS_ACK = 16 };

struct packets_way {
	struct endpoint from, to;
	uint8_t hops;
	uint16_t id;                    /* IPv4 only */
};

struct packets_tcp {
	uint32_t seq, ack;
	uint8_t flags;
	uint16_t window, mss;           /* mss 0: no option */
};

/* The most payload that fits behind such a head. */
size_t packets_tcp_room(const struct packets_way *w);
size_t packets_udp_room(const struct packets_way *w);

/* Write what comes before the payload; return its length. */
size_t packets_tcp(uint8_t head[static PACKETS_HEAD], const struct packets_way *w,
                   const struct packets_tcp *t, struct span payload);
size_t packets_udp(uint8_t head[static PACKETS_HEAD], const struct packets_way *w, struct span payload);

/* A whole ICMP or ICMPv6 error about the packet whose head is quoted. */
size_t packets_error(uint8_t bytes[static PACKETS_ERROR], const struct packets_way *w, uint8_t type,
                     uint8_t code, struct span quoted);

#endif
