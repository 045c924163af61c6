/* facts/check.h - one check of a probe: what was asked of whom, by which way, and how it ended.
 *
 * What travelled is told by the packets of its connections, which decoders read like any other; a check says
 * what was meant by them, and what only the one who asked can know.
 */
#ifndef FACTS_CHECK_H
#define FACTS_CHECK_H

#include "base/addr.h"
#include "base/moment.h"

/* The ladder of a probe.  X(symbol, name in outputs) */
#define CHECK_RUNGS(X)                                                          \
	X(NAME, "name")         /* lookups, of the proxy's name and of wpad too */      \
	X(PORT, "port")         /* TCP connections */                           \
	X(PATH, "path")         /* where a blocked port ends */                 \
	X(MTU, "mtu")           /* full-size packets, both ways */              \
	X(PROXY, "proxy")       /* what a proxy itself says: CONNECT, logins */ \
	X(TLS, "tls")                                                           \
	X(HTTP, "http")         /* directories */                               \
	X(SOAP, "soap")                                                         \
	X(CONTENT, "content")                                                   \
	X(UPSTREAM, "upstream") /* what a synchronising server needs */

#define X(symbol, name) CHECK_##symbol,
enum check_rung { CHECK_RUNGS(X) CHECK_RUNG_COUNT };
#undef X

/* X(symbol, name in outputs), best first; SKIPPED is neither. */
#define CHECK_STATES(X) X(OK, "ok") X(WARNING, "warning") X(FAILED, "failed") X(SKIPPED, "skipped")

#define X(symbol, name) CHECK_##symbol,
enum check_state { CHECK_STATES(X) CHECK_STATE_COUNT };
#undef X

/* What no packet tells by itself.  X(symbol, what it means) */
#define CHECK_TROUBLES(X)                                                       \
	X(NO_TROUBLE, "")                                                       \
	X(UNTRUSTED_CHAIN, "its certificate leads to no authority that is trusted here") \
	X(NOT_ITS_ADDRESS, "its certificate is for names, and not for the address that was asked for") \
	X(SIZE_BLOCKED, "full-size packets are lost where small ones pass")     \
	X(PAC_BROKEN, "the script that names the proxy cannot be read or run")

#define X(symbol, text) CHECK_##symbol,
enum check_trouble { CHECK_TROUBLES(X) CHECK_TROUBLE_COUNT };
#undef X

enum { CHECK_NAME_MAX = 64, CHECK_PARTY_MAX = 280, CHECK_DETAIL_MAX = 480, CHECK_TALKS = 4 };

/* A TCP connection that was made, or tried: the local end tells which. */
struct check_talk {
	struct endpoint local, remote;
	unsigned turn;                  /* of the check's requests, from 0 */
};

struct check {
	unsigned number;                /* from 0, in the order of the plan */
	enum check_rung rung;
	char name[CHECK_NAME_MAX];      /* "8530", "TLS 1.2", "GetConfig", "SelfUpdate/wuident.cab" */
	char target[CHECK_PARTY_MAX];   /* "http://wsus01.corp.example:8530"; never with credentials */
	char proxy[CHECK_PARTY_MAX];    /* "proxy01.corp.example:3128"; "": direct */
	enum check_state state;
	char detail[CHECK_DETAIL_MAX];  /* one line: what was found, or why it was skipped */
	enum check_trouble trouble;
	/* ns; MOMENT_NONE: it was not begun */
	int64_t began, ended;
	/* ns that phases took; -1: there was none, or it did not end */
	int64_t lookup, connect, tls, first_byte;
	struct check_talk talks[CHECK_TALKS];   /* the last ones, where there were more */
	unsigned talk_count;
	bool cut;                       /* it was to go on, but the run was stopped, or its time was over */
	/* What its connections show is right by design or was only looked for: no judge is to hear of it. */
	bool unjudged;
	uint32_t aside;                 /* the same of single requests: a bit for each turn */
};

/* Whether a judge is to hear of what the check said and heard in that turn. */
static inline bool check_is_judged(const struct check *c, unsigned turn)
{
	return !c->unjudged && !(c->aside >> turn & 1);
}

const char *check_rung_name(enum check_rung rung);
const char *check_state_name(enum check_state state);
const char *check_trouble_text(enum check_trouble trouble);

#endif
