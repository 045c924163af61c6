/* analyzers/ladder.h - how far each client climbed, and what stopped it; who the servers are. */
#ifndef ANALYZERS_LADDER_H
#define ANALYZERS_LADDER_H

#include "analyzers/finding.h"
#include "analyzers/relevance.h"
#include "analyzers/rungname.h"

struct budget;

enum { RUNG_DETAIL = 96 };

enum rung_state { RUNG_UNSEEN, RUNG_OK, RUNG_FAILED, RUNG_SKIPPED };

struct rung {                           /* there are many: see bench/run's clients */
	int64_t when;                   /* of the evidence; later evidence wins */
	uint64_t frame;                 /* that decided it; 0 none */
	const char *detail;             /* "407 by Squid", "refused"; ""; the store's own */
	int32_t took;                   /* us; -1 unknown */
	uint16_t tries;                 /* counted up to 65535 */
	uint8_t state;                  /* enum rung_state */
};

/* Who climbs.  X(symbol, name in outputs) */
#define CLIMBERS(X)                             \
	X(CLIENT,     "client")                 \
	X(DOWNSTREAM, "downstream server")      \
	X(CONSOLE,    "console or site server")

#define X(symbol, name) CLIMBER_##symbol,
enum climber { CLIMBERS(X) CLIMBER_COUNT };
#undef X

const char *climber_name(enum climber c);

struct addrnames;
struct scan;

enum { SCANS_A_LADDER = 4 };            /* the newest are kept, the others counted */

struct ladder {                         /* of one climber towards one update point; texts are the store's */
	struct addr client;
	enum climber climber;
	bool via_proxy;
	bool failed;                    /* a rung failed and nothing above it succeeded later */
	bool served;                    /* something that it asked for was answered, and well */
	bool suite_unread;              /* what TLS hides, no key would show: the cipher suite is not read */
	struct endpoint server;         /* as the client dials it: the proxy's, when via_proxy */
	const char *name;               /* what the traffic calls it; "" unknown */
	/* the update point's name and port as the client asks for it; "" unknown */
	const char *host;
	const char *verdict;            /* one sentence */
	struct rung rungs[RUNG_COUNT];  /* of the latest scan, and of the way to it */
	int64_t got_through;            /* the last TLS session in which it was; MOMENT_NONE */
	int64_t first, last;
	const struct scan *scans;       /* the newest; along `older` those before it */
	unsigned scan_count;            /* of all */
};

enum server_role { ROLE_OTHER, ROLE_WSUS, ROLE_PROXY, ROLE_UPSTREAM };

struct server_seen {
	struct endpoint endpoint;
	enum server_role role;
	const char *name;               /* of its address; "" unknown */
	char product[48], version[32];  /* "" unknown */
};

struct ladders;

struct ladders *ladders_new(const struct relevance *relevance, struct limits *limits,
                            struct budget *budget);     /* borrowed */
void ladders_free(struct ladders *l);
void ladders_fact(struct ladders *l, const struct fact *fact);

/* A scan is over: its row shows it. */
void ladders_scan(struct ladders *l, const struct scan *scan);

/* After all facts: who is called what, how the name rungs went, and rows of clients that got no further.
 * `names` must outlive the ladders' use. */
void ladders_name(struct ladders *l, const struct addrnames *names);

/* After all facts and findings_settle, at the capture's end: states verdicts, and which findings are
 * outlived. */
void ladders_settle(struct ladders *l, struct findings *findings, int64_t now);

/* In order of first appearance.  Lent. */
size_t ladders_count(const struct ladders *l);
const struct ladder *ladders_at(const struct ladders *l, size_t i);
/* After ladders_settle: a client with two update points is one client, and so is a machine with an address of
 * each family as far as that is known. */
size_t ladders_clients(const struct ladders *l);
size_t ladders_failed_clients(const struct ladders *l); /* of these */
size_t ladders_served_clients(const struct ladders *l); /* of these: answered, or in TLS */
size_t servers_count(const struct ladders *l);
const struct server_seen *servers_at(const struct ladders *l, size_t i);

const char *rung_text(enum rung_name r);
const char *rung_column(enum rung_name r);
const char *rung_state_text(enum rung_state s);         /* "ok", "failed", "skipped", "unseen" */
const char *server_role_text(enum server_role r);

#endif
