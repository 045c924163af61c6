/* analyzers/rungname.h - the rungs of the ladder, in the order in which a scan climbs them.
 *
 * A server that synchronises climbs the same: config is GetAuthConfig and GetConfigData, authorization
 * DssAuth, sync the lists of revisions and deployments, details the updates' data, report the rollup.  A
 * console, or ConfigMgr's site server, has authorization, its login, and sync, its calls of ApiRemoting30.
 */
#ifndef ANALYZERS_RUNGNAME_H
#define ANALYZERS_RUNGNAME_H

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

#endif
