/* facts/answerer.h - who made a response: the kernel driver, IIS, WSUS, or a box on the path.
 *
 * A server's layers and the boxes before it leave marks in status line,
 * headers and body; the marks are rows of answerers.def, each with its weight.
 */
#ifndef FACTS_ANSWERER_H
#define FACTS_ANSWERER_H

#include "base/span.h"
#include "base/tongue.h"

struct exchange;

/* X(symbol, name in outputs, what it is in a sentence) */
#define ANSWERER_ROLES(X) \
	X(UNKNOWN,    "unknown",   N_("an unknown machine")) \
	X(HTTP_SYS,   "http.sys",  N_("HTTP.sys, the kernel's HTTP driver of the server")) \
	X(IIS,        "iis",       N_("IIS of the server")) \
	X(WSUS,       "wsus",      N_("WSUS (ASP.NET) on the server")) \
	X(REVERSE,    N_("reverse-proxy"), N_("a reverse proxy or load balancer")) \
	X(PROXY,      N_("proxy"),     N_("a proxy")) \
	X(FILTER,     N_("filter"),    N_("a content filter or firewall")) \
	X(PORTAL,     N_("portal"),    N_("a login or portal page of the network")) \
	X(WEB_SERVER, N_("web-server"), N_("another web server"))

#define X(symbol, name, text) ANSWERER_##symbol,
enum answerer_role { ANSWERER_ROLES(X) ANSWERER_ROLE_COUNT };
#undef X

struct answerer {
	enum answerer_role role;
	unsigned confidence;            /* percent */
	const char *product;            /* "Squid", "IIS", "Zscaler"; static; NULL: not told */
	struct span version;            /* "5.7", "10.0"; empty: not told; lives as the exchange does */
	struct span host;               /* its own name when it tells one (Via, X-Cache); as above */
	/* its own reason: "ERR_CONNECT_FAIL 111", an ISA sentence; as above */
	struct span error;
};

const char *answerer_role_name(enum answerer_role r);
const char *answerer_role_text(enum answerer_role r);

/* Judges the response of `x` by its marks.  Pure: spans of the result point into `x`. */
struct answerer answerer_of(const struct exchange *x);

/* True for PROXY, FILTER, PORTAL, REVERSE: not the update point itself. */
bool answerer_is_box(const struct answerer *a);

#endif
