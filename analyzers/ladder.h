/* analyzers/ladder.h - how far each client climbed, and what stopped it; who the servers are. */
#ifndef ANALYZERS_LADDER_H
#define ANALYZERS_LADDER_H

#include "analyzers/finding.h"
#include "analyzers/relevance.h"

/* X(symbol, name in outputs, column title in text) */
#define RUNGS(X)                                       \
	X(NAME,          "name",          "name")      \
	X(CONNECTION,    "connection",    "conn")      \
	X(TLS,           "tls",           "tls")       \
	X(SELFUPDATE,    "selfupdate",    "self")      \
	X(CONFIG,        "config",        "conf")      \
	X(AUTHORIZATION, "authorization", "auth")      \
	X(COOKIE,        "cookie",        "cook")      \
	X(REGISTRATION,  "registration",  "reg")       \
	X(SYNC,          "sync",          "sync")      \
	X(DETAILS,       "details",       "info")      \
	X(REPORT,        "report",        "rep")       \
	X(CONTENT,       "content",       "file")

#define X(symbol, name, column) RUNG_##symbol,
enum rung_name { RUNGS(X) RUNG_COUNT };
#undef X

enum { RUNG_DETAIL = 48 };

enum rung_state { RUNG_UNSEEN, RUNG_OK, RUNG_FAILED, RUNG_SKIPPED };

struct rung {
	enum rung_state state;
	int64_t when;                   /* of the evidence; later evidence wins */
	int64_t took;                   /* ns; -1 unknown */
	uint64_t frame;                 /* that decided it; 0 none */
	unsigned tries;
	char detail[RUNG_DETAIL];       /* "407 by Squid", "refused"; "" */
};

struct ladder {                         /* of one client towards one update point */
	struct addr client;
	char name[64];                  /* what the traffic calls it; "" unknown */
	struct endpoint server;         /* as the client dials it: the proxy's, when via_proxy */
	bool via_proxy;
	/* the update point's name and port as the client asks for it; "" unknown */
	char host[96];
	struct rung rungs[RUNG_COUNT];
	bool failed;                    /* a rung failed and nothing above it succeeded later */
	bool served;                    /* something that it asked for was answered, and well */
	int64_t got_through;            /* the last TLS session in which it was; MOMENT_NONE */
	bool suite_unread;              /* what TLS hides, no key would show: the cipher suite is not read */
	char verdict[160];              /* one sentence */
	int64_t first, last;
};

enum server_role { ROLE_OTHER, ROLE_WSUS, ROLE_PROXY, ROLE_UPSTREAM };

struct server_seen {
	struct endpoint endpoint;
	enum server_role role;
	char product[48], version[32];  /* "" unknown */
};

struct ladders;

struct ladders *ladders_new(const struct relevance *relevance, struct limits *limits);  /* borrowed */
void ladders_free(struct ladders *l);
void ladders_fact(struct ladders *l, const struct fact *fact);

/* After all facts and findings_settle, at the capture's end: states verdicts. */
void ladders_settle(struct ladders *l, const struct findings *findings, int64_t now);

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
