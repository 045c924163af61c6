/* facts/wsus.h - the update path in words: directories, SOAP calls, user agents, hosts.
 *
 * Paths and hosts are compared without regard to case (IIS does not care).
 */
#ifndef FACTS_WSUS_H
#define FACTS_WSUS_H

#include "facts/exchange.h"

/* X(symbol, path prefix, may be used without a login, plain HTTP even where TLS is on) */
#define WSUS_PLACES(X)                                                  \
	X(CLIENT,     "/ClientWebService",       true,  false)          \
	X(SIMPLE_AUTH, "/SimpleAuthWebService",  true,  false)          \
	X(REPORTING,  "/ReportingWebService",    true,  true)           \
	X(SERVER_SYNC, "/ServerSyncWebService",  true,  false)          \
	X(DSS_AUTH,   "/DssAuthWebService",      true,  false)          \
	X(API,        "/ApiRemoting30",          false, false)          \
	X(CONTENT,    "/Content",                true,  true)           \
	X(SELFUPDATE, "/SelfUpdate",             true,  true)           \
	X(INVENTORY,  "/Inventory",              true,  true)           \
	X(CCM,        "/ccm_system",             false, false)          \
	X(SMS_MP,     "/SMS_MP",                 false, false)          \
	X(SMS_DP,     "/SMS_DP_SMSPKG$",         false, false)

#define X(symbol, prefix, anonymous, plain) WSUS_##symbol,
enum wsus_place { WSUS_PLACES(X) WSUS_PLACE_COUNT, WSUS_NOWHERE = WSUS_PLACE_COUNT };
#undef X

/* Which directory a path lies in; WSUS_NOWHERE. */
enum wsus_place wsus_place(struct span path);

/* The same of an exchange.  Analyzers ask forty times about each, so who reads a request keeps it there. */
static inline enum wsus_place wsus_exchange_place(const struct exchange *x)
{
	return x->place ? (enum wsus_place)(x->place - 1) : wsus_place(x->path);
}

const char *wsus_place_prefix(enum wsus_place place);           /* "" for WSUS_NOWHERE */
bool wsus_place_is_anonymous(enum wsus_place place);
bool wsus_place_is_plain(enum wsus_place place);
bool wsus_place_is_soap(enum wsus_place place);
/* of WSUS itself, not ConfigMgr's or nowhere */
bool wsus_place_is_update(enum wsus_place place);

/* A management or distribution point, on the same host maybe, asks for a login or says no: its clients are
 * used to that, and WSUS has nothing to do with it. */
bool wsus_configmgr_refuses(const struct exchange *x);

/* The method that the request's head names ("SyncUpdates"): in SOAPAction, or by SOAP 1.2 in the action of
 * its Content-Type (RFC 3902 section 3); empty: none. */
struct span wsus_method(const struct exchange *x);

/* A SOAP action without quotes and namespace. */
struct span wsus_action_method(struct span action);

/* Windows Update Agent, BITS, Delivery Optimization, WSUS's and ConfigMgr's own callers. */
bool wsus_user_agent(struct span agent);

/* An agent that still needs the self-update tree (XP to 8.1: MS-WUSP note 49). */
bool wsus_user_agent_self_updates(struct span agent);

/* A host of Microsoft Update that clients or a synchronising server use; the port is ignored. */
bool wsus_microsoft_host(struct span host);

/* A name that looks like an update point's ("wsus", "sup" as a word of it). */
bool wsus_likely_name(struct span host);

/* 8530, 8531 are only ever an update point's; 80 and 443 may be. */
bool wsus_port(uint16_t port);
bool wsus_tls_port(uint16_t port);      /* 443, 8531 */

#endif
