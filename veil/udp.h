/* veil/udp.h - UDP payloads by their ports: names and addresses in DNS, NetBIOS and DHCP. */
#ifndef VEIL_UDP_H
#define VEIL_UDP_H

#include "decoders/packet.h"
#include "veil/names.h"

/* Writes a payload's bytes anew to `to`.  False: of a protocol that nobody rewrites, or malformed:
 * they are zeros now, or from where it stops making sense. */
bool udp_rewrite(struct names *n, const struct packet *packet, struct span payload, uint8_t *to);

/* One message of DNS, mDNS or LLMNR (RFC 1035 section 4); the same of NetBIOS (RFC 1002 section 4.2). */
bool dns_rewrite(struct names *n, struct span message, uint8_t *to);
bool nbns_rewrite(struct names *n, struct span message, uint8_t *to);

/* The head that both have: the same twelve bytes (RFC 1035 section 4.1.1, RFC 1002 section 4.2.1). */
struct udp_head {
	unsigned questions, records;    /* records of all three sections */
	size_t len;                     /* what of the message stays as it is before anything else is read */
};

/* False: it is cut short, or counts more than that; what stays is the number and the flags. */
bool udp_head(struct span message, unsigned questions, unsigned records, struct udp_head *head);

/* One message of DHCP (RFC 2131). */
bool dhcp_rewrite(struct names *n, struct span message, uint8_t *to);

#endif
