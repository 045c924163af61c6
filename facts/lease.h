/* facts/lease.h - what DHCP tells a client that matters here: where its proxy script is (option 252). */
#ifndef FACTS_LEASE_H
#define FACTS_LEASE_H

#include "base/addr.h"
#include "base/span.h"

struct lease {                          /* an OFFER, ACK or the answer to an INFORM (RFC 2131) */
	uint64_t frame;
	int64_t time;
	struct addr client;             /* yiaddr, else ciaddr */
	struct addr server;
	bool asked_proxy;               /* the client's request listed option 252 */
	struct span proxy_script;       /* option 252, as text; empty: none; lent */
	struct span host_name;          /* option 12 of the request, else option 81; empty; lent */
	unsigned name_server_count;     /* option 6 */
	struct addr name_servers[4];
};

#endif
