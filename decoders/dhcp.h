/* decoders/dhcp.h - one DHCP message (RFC 2131, RFC 2132), as far as names and proxies go.
 *
 * Texts are copies: options may lie in three places of a message and in several pieces (RFC 3396).
 */
#ifndef DECODERS_DHCP_H
#define DECODERS_DHCP_H

#include "base/addr.h"

/* Option 53. */
enum dhcp_type {
	DHCP_DISCOVER = 1,
	DHCP_OFFER,
	DHCP_REQUEST,
	DHCP_DECLINE,
	DHCP_ACK,
	DHCP_NAK,
	DHCP_RELEASE,
	DHCP_INFORM,
};

enum { DHCP_TEXT = 512, DHCP_NAME_SERVERS = 4, DHCP_MAC = 6 };

struct dhcp_text {
	uint8_t bytes[DHCP_TEXT];
	size_t len;                     /* the rest was cut */
};

struct dhcp_message {
	bool reply;                     /* BOOTREPLY */
	enum dhcp_type type;
	uint32_t xid;
	uint8_t mac[DHCP_MAC];
	struct addr your, client;       /* yiaddr, ciaddr; may be 0.0.0.0 */
	bool has_server;
	struct addr server;             /* option 54 */
	bool asks_proxy;                /* option 55 lists 252 */
	struct dhcp_text proxy_script;  /* option 252 without final NULs */
	struct dhcp_text host_name;     /* option 12, else the name in option 81 */
	unsigned name_server_count;     /* option 6; may exceed what is kept */
	struct addr name_servers[DHCP_NAME_SERVERS];
};

/* False: no DHCP message.  Options that break off count as far as they were there. */
bool dhcp_read(struct span bytes, struct dhcp_message *m);

#endif
