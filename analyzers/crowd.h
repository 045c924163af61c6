/* analyzers/crowd.h - one trouble of one server, met by several clients: told once.
 *
 * A certificate that ran out is one finding, not one a client.  A crowd keeps the first few occurrences with
 * their evidence and counts the others; a trouble that only one client met names that client.
 */
#ifndef ANALYZERS_CROWD_H
#define ANALYZERS_CROWD_H

#include "analyzers/finding.h"
#include "facts/connection.h"

enum { CROWD_KEPT = 4, CROWD_EVIDENCE = 3, CROWD_CLIENTS = 32 };

struct crowd_one {
	uint64_t stream;
	struct endpoint client;
	int64_t time;
	struct evidence evidence[CROWD_EVIDENCE];
	size_t evidence_count;
};

struct crowd {
	struct endpoint server;
	bool through_proxy;             /* then `server` is the proxy */
	struct crowd_one kept[CROWD_KEPT];
	size_t kept_count;
	uint64_t count;
	int64_t last;
	struct addr clients[CROWD_CLIENTS];     /* the first that differ */
	size_t client_count;
	bool more_clients;
};

/* One more occurrence; evidence beyond CROWD_EVIDENCE is dropped, all is copied. */
void crowd_add(struct crowd *c, const struct connection *conn, bool through_proxy, int64_t time,
               const struct evidence *evidence, size_t evidence_count);

/* Raises it as one finding: kind, severity, confidence, cause and codes are of `what`, the rest its own. */
void crowd_raise(const struct crowd *c, struct findings *findings, struct raise what);

#endif
