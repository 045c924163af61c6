/* analyzers/scan.h - scans: what one climber did against one server from its first call to its last.
 *
 * A scan is grouped by client, server, time, the base of MS-CV, cookies and the order of its calls, not by
 * connection (analyzers/scanbegin.h has the rules).  It ends when its successor begins, when it was quiet for
 * long, or with the capture; reports and downloads until then are its own.  Downstream servers'
 * synchronisations and the calls of consoles (ConfigMgr's site server) are scans of other climbers.
 */
#ifndef ANALYZERS_SCAN_H
#define ANALYZERS_SCAN_H

#include "analyzers/ladder.h"
#include "base/tongue.h"
#include "facts/soap.h"
#include "facts/wsuscall.h"

struct budget;

/* X(symbol, name in outputs) */
#define SCAN_KINDS(X) \
	X(UNKNOWN,  N_("scan"))             /* neither its bodies nor its order tell */ \
	X(INITIAL,  N_("initial scan")) \
	X(DELTA,    N_("delta scan")) \
	X(CATEGORY, N_("category scan")) \
	X(DRIVER,   N_("driver scan")) \
	X(PRINTER,  N_("printer catalogue")) \
	X(SYNCHRONISATION, N_("synchronisation")) \
	X(ADMINISTRATION,  N_("administration"))

#define X(symbol, name) SCAN_##symbol,
enum scan_kind { SCAN_KINDS(X) SCAN_KIND_COUNT };
#undef X

enum { SCAN_FAULTS_KEPT = 8 };

struct scan_fault {                     /* as they came, the first SCAN_FAULTS_KEPT */
	enum soap_error error;
	enum wsus_method method;
	uint64_t frame;
	int64_t time;
};

/* What it says of itself; "" unknown.  X(member) */
#define SCAN_TEXTS(X)                                                                                   \
	X(host)                         /* the update point's name as the client asks for it */         \
	X(name)                         /* what the client calls itself */                              \
	X(agent)                        /* of the User-Agent: "1507.2601.30012.0" */                    \
	X(protocol)                     /* the client's */                                              \
	X(server_protocol)              /* of GetConfig */                                              \
	X(caller)                       /* who asked for it: "CcmExec" */

struct scan {                           /* texts and faults live as long as the scan is lent */
	struct addr client;
	struct endpoint server;         /* as the client dials it */
	struct endpoint via;            /* the proxy; port 0: none */
#define X(member) const char *member;
	SCAN_TEXTS(X)
#undef X
	enum climber climber;
	enum scan_kind kind;
	int64_t first, last;
	uint64_t first_frame, last_frame, stream;
	unsigned calls;                 /* SOAP calls, of which failed ones: */
	unsigned failures;
	uint16_t asked[METHOD_COUNT];   /* how often each method was called; counted up to 65535 */
	uint16_t answered[METHOD_COUNT];        /* and answered without an error */
	unsigned pages;                 /* SyncUpdates trips, software and drivers */
	unsigned driver_pages;
	uint32_t revisions;             /* new updates told */
	uint32_t installed_ids, cached_ids;     /* most that one request sent */
	uint64_t bytes[2];              /* entity bytes each way */
	unsigned fault_count;           /* may exceed what is kept */
	struct scan_fault *faults;      /* NULL: none */
	struct rung rungs[RUNG_COUNT];  /* of this scan alone */
	uint32_t os_build;              /* 0 unknown */
	bool interactive;               /* a user asked for it */
	bool joined;                    /* the capture began within it */
	enum rung_name due;             /* what must follow its last answer; RUNG_COUNT: nothing */
	bool over;                      /* it came to its end: nothing more was due */
	bool cut;                       /* the capture, not the client, ended it */
	bool replaced;                  /* its successor came before it had to go on */
	bool lossy;                     /* the capture lacks bytes of its connections */
	struct scan *older;             /* of a ladder's row: the one before; NULL */
};

/* How many of the faults are kept. */
unsigned scan_faults_kept(const struct scan *scan);

const char *scan_kind_name(enum scan_kind k);

struct scans;
struct relevance;

/* `over` is told of each scan when it ends; lent for the call.  NULL: out of memory. */
struct scans *scans_new(const struct relevance *relevance, struct limits *limits, struct budget *budget,
                        void (*over)(void *self, const struct scan *scan), void *self);
void scans_free(struct scans *s);
void scans_fact(struct scans *s, const struct fact *fact);
void scans_end(struct scans *s, int64_t now);           /* the capture is over: ends all */

/* The climber of an exchange, by its directory and method. */
enum climber climber_of(const struct exchange *x);

/* The scan that the exchange belongs to, after scans_fact; NULL: it is no call of one.  Lent until the next
 * fact. */
const struct scan *scans_of(const struct scans *s, const struct exchange *x);

#endif
