/* bench/bodies.h - bodies in the shape of what clients and update points send: made up, not recorded.
 *
 * A few variants of each are made once and owned here; exchanges lend them.
 */
#ifndef BENCH_BODIES_H
#define BENCH_BODIES_H

#include "base/buf.h"

/* X(symbol, directory, namespace, method, bytes of a request, bytes of an answer, decoded; the element of an
 * update that is answered, where there are any).  The sizes are those of a current client's scan. */
#define SOAP_CALLS(X)                                                                         \
	X(CONFIG,   "ClientWebService/client", "ClientWebService", "GetConfig", 234, 1150, NULL) \
	X(AUTHORIZE, "SimpleAuthWebService/SimpleAuth", "SimpleAuthWebService",               \
	  "GetAuthorizationCookie", 310, 1179, NULL)                                          \
	X(COOKIE,   "ClientWebService/client", "ClientWebService", "GetCookie", 1192, 729, NULL) \
	X(REGISTER, "ClientWebService/client", "ClientWebService", "RegisterComputer", 1735, 298, NULL) \
	X(SYNC,     "ClientWebService/client", "ClientWebService", "SyncUpdates", 2793, 835, "UpdateInfo") \
	X(PAGE,     "ClientWebService/client", "ClientWebService", "SyncUpdates", 3300, 30000, "UpdateInfo") \
	X(EXTENDED, "ClientWebService/client", "ClientWebService", "GetExtendedUpdateInfo",   \
	  2800, 18408, "Update")                                                              \
	X(REPORT,   "ReportingWebService/ReportingWebService", "ReportingWebService",         \
	  "ReportEventBatch", 2300, 406, NULL)                                                \
	X(ADMIN,    "ApiRemoting30/WebService", "ApiRemoting", "ExecuteSPSearchUpdates", 900, 4000, NULL)

#define X(symbol, ...) CALL_##symbol,
enum soap_call { SOAP_CALLS(X) CALL_COUNT };
#undef X

struct soap_call_shape {
	const char *directory, *space, *method;
	size_t request, answer;
	const char *update;             /* the element of one; NULL: none is answered */
};

extern const struct soap_call_shape soap_calls[CALL_COUNT];

enum coding { CODING_NONE, CODING_GZIP, CODING_XPRESS, CODING_COUNT };
enum { VARIANTS = 24 };

struct bodies {
	struct buf request[CALL_COUNT][VARIANTS];
	struct buf answer[CALL_COUNT][VARIANTS][CODING_COUNT];
};

void bodies_init(struct bodies *b, uint64_t seed);
void bodies_release(struct bodies *b);

/* Appends `body` in blocks as WSUS does for "Content-Encoding: xpress" (MS-WUSP section 2.1.1;
 * LZ77 of MS-XCA section 2.4).  False: no room. */
bool xpress_pack(struct span body, struct buf *packed);

#endif
