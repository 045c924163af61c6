/* analyzers/reach.h - when each client last failed at an endpoint, and when it last got through.
 *
 * Facts come when they are over, so a failure may be told after the success that followed it; what
 * came last in the capture's time is known at the end only.
 */
#ifndef ANALYZERS_REACH_H
#define ANALYZERS_REACH_H

#include "analyzers/finding.h"
#include "base/map.h"
#include "facts/connection.h"

struct budget;

/* The longest wait of any stack before it sends a SYN again (Windows: 3 s, its initial RTO). */
#define SYN_PATIENCE (3 * MOMENT_S)

/* A client and a port of whatever address: a name has several, and clients try one after the other. */
struct reach_key {
	struct addr client;
	uint8_t port[2];
};

/* False for ports on which anybody serves anything: there one server does not stand in for another. */
bool reach_key(const struct addr *client, uint16_t port, struct reach_key *k);

struct reach {
	struct map pairs;               /* client and endpoint -> struct reach_pair */
	struct map ports;               /* struct reach_key -> the same */
};

void reach_init(struct reach *r, struct budget *budget);
void reach_release(struct reach *r);

void reach_failed(struct reach *r, const struct connection *c, int64_t when);
void reach_through(struct reach *r, const struct connection *c, int64_t when);

/* The client found an address that lets it in. */
void reach_address(struct reach *r, const struct connection *c, int64_t when);

/* Whether that client ever got through to that endpoint. */
bool reach_passed(const struct reach *r, const struct addr *client, const struct endpoint *server);

/* Findings of these kinds about clients that got through later become warnings. */
void reach_ease(const struct reach *r, struct findings *findings, const enum finding_kind *kinds,
                size_t count);

#endif
