/* facts/icmp.h - an ICMP or ICMPv6 error, with the packet that it quotes. */
#ifndef FACTS_ICMP_H
#define FACTS_ICMP_H

#include "facts/connection.h"

struct icmp_error {
	uint64_t frame;
	int64_t time;
	struct addr from, to;           /* the device that reports, and who it tells */
	bool v6;
	uint8_t type, code;
	uint16_t mtu;                   /* fragmentation needed, packet too big; else 0 */
	bool quotes_tcp;
	struct endpoint source, target; /* of the quoted packet; ports 0 when not TCP or UDP */
	uint32_t seq;                   /* of the quoted TCP header */
	uint32_t wire;
	const struct connection *conn;  /* the connection it names, when it is known; lent */
};

/* "host unreachable", "communication administratively prohibited"; "unknown" */
const char *icmp_text(bool v6, unsigned type, unsigned code);

/* Says that what it quotes was not delivered, by policy or for lack of a way. */
bool icmp_rejects(bool v6, unsigned type, unsigned code);

#endif
