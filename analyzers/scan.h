/* analyzers/scan.h - scans: what one climber did against one server from its first call to its last.
 *
 * A scan is grouped by client, server, time gap, the base of MS-CV and the cookie, not by connection.  It
 * ends when its successor begins, when it was quiet for long, or with the capture.  Downstream servers'
 * synchronisations and the calls of consoles (ConfigMgr's site server) are scans of other climbers.
 */
#ifndef ANALYZERS_SCAN_H
#define ANALYZERS_SCAN_H

#include "analyzers/ladder.h"
#include "facts/soap.h"
#include "facts/wsuscall.h"

/* X(symbol, name in outputs) */
#define CLIMBERS(X)                             \
	X(CLIENT,     "client")                 \
	X(DOWNSTREAM, "downstream server")      \
	X(CONSOLE,    "console or site server")
#define SCAN_KINDS(X)                   \
	X(UNKNOWN,  "scan")             /* its beginning was not seen */ \
	X(INITIAL,  "initial scan")     \
	X(DELTA,    "delta scan")       \
	X(CATEGORY, "category scan")    \
	X(DRIVER,   "driver scan")      \
	X(PRINTER,  "printer catalogue") \
	X(SYNCHRONISATION, "synchronisation") \
	X(ADMINISTRATION,  "administration")

#define X(symbol, name) CLIMBER_##symbol,
enum climber { CLIMBERS(X) };
#undef X
#define X(symbol, name) SCAN_##symbol,
enum scan_kind { SCAN_KINDS(X) SCAN_KIND_COUNT };
#undef X

enum { SCAN_CALLER = 48, SCAN_VERSION = 32, SCAN_CALLS_KEPT = 64, SCAN_FAULTS_KEPT = 8 };

struct scan_fault {                     /* as they came, the first SCAN_FAULTS_KEPT */
	enum soap_error error;
	enum wsus_method method;
	uint64_t frame;
	int64_t time;
};

struct scan {
	struct addr client;
	struct endpoint server;         /* as the client dials it */
	struct endpoint via;            /* the proxy; port 0: none */
	enum climber climber;
	enum scan_kind kind;
	int64_t first, last;
	uint64_t first_frame, last_frame, stream;
	unsigned calls;                 /* SOAP calls, of which failed ones: */
	unsigned failures;
	unsigned asked[METHOD_COUNT];   /* how often each method was called */
	unsigned answered[METHOD_COUNT];        /* and answered without an error */
	unsigned pages;                 /* SyncUpdates trips, software and drivers */
	unsigned driver_pages;
	uint64_t revisions;             /* new updates told */
	uint64_t installed_ids, cached_ids;     /* most that one request sent */
	uint64_t bytes[2];              /* entity bytes each way */
	unsigned fault_count;           /* may exceed what is kept */
	struct scan_fault faults[SCAN_FAULTS_KEPT];
	struct rung rungs[RUNG_COUNT];  /* of this scan alone */
	char agent[SCAN_VERSION];       /* of the User-Agent: "1507.2601.30012.0"; "" */
	char protocol[16];              /* the client's; "" */
	char server_protocol[16];       /* of GetConfig; "" */
	uint32_t os_build;              /* 0 unknown */
	char caller[SCAN_CALLER];       /* who asked for it: "CcmExec", "interactive"; "" */
	bool joined;                    /* the capture began within it */
	bool over;                      /* it came to its end: nothing more was due */
	bool cut;                       /* the capture, not the client, ended it */
};

const char *climber_name(enum climber c);
const char *scan_kind_name(enum scan_kind k);

struct scans;
struct relevance;

/* `over` is told of each scan when it ends; lent for the call.  NULL: out of memory. */
struct scans *scans_new(const struct relevance *relevance, struct limits *limits,
                        void (*over)(void *self, const struct scan *scan), void *self);
void scans_free(struct scans *s);
void scans_fact(struct scans *s, const struct fact *fact);
void scans_end(struct scans *s, int64_t now);           /* the capture is over: ends all */

/* The scan that the exchange belongs to, after scans_fact; NULL: it is no call of one.  Lent until the next
 * fact. */
const struct scan *scans_of(const struct scans *s, const struct exchange *x);

#endif
