/* analyzers/tlspeers.h - what TLS servers were seen to speak, and which clients got on with them.
 *
 * A server is an endpoint, and behind a proxy the host asked for.  Facts come when they are over, so only the
 * end knows what came last.
 */
#ifndef ANALYZERS_TLSPEERS_H
#define ANALYZERS_TLSPEERS_H

#include "analyzers/crowd.h"
#include "base/map.h"
#include "facts/exchange.h"
#include "facts/tls.h"

struct budget;

enum { PEER_KEY = 18 + 80, PEER_SUITES = 16 };

struct peer_key {                       /* of a server */
	size_t len;
	uint8_t bytes[PEER_KEY];
};

struct peer_key peer_key(const struct tls_session *t);

struct peer_server {
	bool hello;                     /* it answered somebody with a ServerHello */
	uint16_t lowest, highest;       /* versions it got done; 0: none */
	uint16_t limit;                 /* it chose that though more was offered; 0: not seen */
	uint16_t suites[PEER_SUITES];   /* chosen, the first that differ */
	unsigned suite_count;
	bool passed;                    /* a client got on there */
	bool refused_version;           /* by alert 70 */
	uint64_t unanswered;            /* whole hellos that it said nothing to */
	bool management;                /* requests of ConfigMgr were read there */
	bool updates;                   /* requests of the update path were */
};

struct peer_client {                    /* towards one server */
	bool has_failed, has_passed;
	int64_t failed, passed;         /* the latest of each */
};

struct tls_peers {
	struct map servers;             /* peer_key -> struct peer_server */
	struct map clients;             /* peer_key and client's address -> struct peer_client */
	struct limits *limits;          /* borrowed */
};

void peers_init(struct tls_peers *p, struct limits *limits, struct budget *budget);
void peers_release(struct tls_peers *p);

void peers_session(struct tls_peers *p, const struct tls_session *t);

/* An exchange that was read out of TLS. */
void peers_exchange(struct tls_peers *p, const struct exchange *x);

/* A failure that the session alone does not tell. */
void peers_failed(struct tls_peers *p, const struct peer_key *server, const struct addr *client,
                  int64_t when);
void peers_passed(struct tls_peers *p, const struct peer_key *server, const struct addr *client,
                  int64_t when);

/* NULL: nothing known.  Lent until more is learned. */
const struct peer_server *peers_server(const struct tls_peers *p, const struct peer_key *server);
const struct peer_client *peers_client(const struct tls_peers *p, const struct peer_key *server,
                                       const struct addr *client);

/* After the last fact: it failed, and did not get through later. */
bool peers_stuck(const struct tls_peers *p, const struct peer_key *server, const struct addr *client);

/* Of the clients of a crowd: one is stuck, one ever got on, each got on and did not fail later. */
bool peers_any_stuck(const struct tls_peers *p, const struct peer_key *server, const struct crowd *c);
bool peers_any_passed(const struct tls_peers *p, const struct peer_key *server, const struct crowd *c);
bool peers_all_overcame(const struct tls_peers *p, const struct peer_key *server, const struct crowd *c);

#endif
