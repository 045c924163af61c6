/* analyzers/finding.h - the catalogue, and verdicts with their evidence.
 *
 * Analyzers raise; equal kind, client, server and cause are one finding with a
 * count.  Beyond a thousand of a kind, clients alike are one finding with their
 * number.  When all is told, findings_settle lets the one that explains others
 * hide them, lowers confidence where the capture is poor, sorts and numbers.
 */
#ifndef ANALYZERS_FINDING_H
#define ANALYZERS_FINDING_H

#include "analyzers/rungname.h"
#include "base/addr.h"
#include "base/moment.h"
#include "base/tongue.h"
#include "facts/limits.h"

struct connection;
struct missed;

/* X(symbol, name in outputs), mildest first. */
#define SEVERITIES(X) \
	X(INFO, N_("info")) X(WARNING, N_("warning")) X(ERROR, N_("error")) X(CRITICAL, N_("critical"))
#define CONFIDENCES(X) X(POSSIBLE, N_("possible")) X(PROBABLE, N_("probable")) X(CERTAIN, N_("certain"))

#define X(symbol, name) SEVERITY_##symbol,
enum severity { SEVERITIES(X) SEVERITY_COUNT, SEVERITY_OF_KIND = SEVERITY_COUNT };
#undef X
#define X(symbol, name) CONFIDENCE_##symbol,
enum confidence { CONFIDENCES(X) };
#undef X

/* findings.def: FINDING(symbol, kind, severity, from, title, codes, cause, remedy, would_change, cases) */
#define FINDING(symbol, ...) FINDING_##symbol,
enum finding_kind {
#include "analyzers/findings.def"
	FINDING_KIND_COUNT
};
#undef FINDING

struct finding_row {                    /* of the catalogue; all static text */
	const char *kind;
	enum severity severity;
	const char *from;               /* "P" captures, "A" probes, "PA" both */
	const char *title;
	const char *codes;              /* what the client logs, separated by spaces; "" none */
	const char *cause;
	const char *remedy;             /* steps, one a line */
	const char *would_change;
	const char *cases;
};

const struct finding_row *finding_row(enum finding_kind kind);
const char *severity_name(enum severity s);
bool severity_parse(struct span name, enum severity *s);
const char *confidence_name(enum confidence c);

enum { FINDING_FRAMES = 24, FINDING_EVIDENCE = 6, FINDING_STREAMS = 6 };
/* For the longest words that take three bytes a character: Japanese ones. */
enum { EVIDENCE_TEXT = 320, CAUSE_TEXT = 960 };

/* Names of users, their domains and their machines stand in causes and evidence between these two
 * (web_private), which nothing printable has: reports mask what is between, or show it.  A text that
 * was cut short may lack the second. */
enum { PRIVATE_BEGIN = '\x0e', PRIVATE_END = '\x0f' };

struct evidence {
	uint64_t frame;
	char text[EVIDENCE_TEXT];
};

struct finding {
	enum finding_kind kind;
	enum severity severity;
	enum confidence confidence;
	unsigned id;                    /* from 1, after findings_settle */
	uint8_t stops;                  /* 1 + the rung that it stopped, RUNG_CONFIG say; 0: not told */
	bool has_client, has_server, has_via;
	struct addr client;
	struct endpoint server, via;
	const char *title, *remedy;     /* this case's own, else the catalogue's; static text */
	char answered_by[96];           /* "" : nobody did */
	char cause[CAUSE_TEXT];         /* this case's own words, else the catalogue's */
	char codes[96];                 /* this case's own codes, else the catalogue's */
	uint64_t count;
	/* It stands for so many clients beyond those with findings of their own (then has_client is false),
	 * and for more that nobody counted; 0: for itself. */
	uint64_t clients;
	bool more_clients;
	uint64_t outlived;              /* clients of a sum, or 1: who it concerns got past it later */
	int64_t first, last;
	uint64_t frames[FINDING_FRAMES];        /* in order, without repeats */
	unsigned frame_count;
	uint64_t streams[FINDING_STREAMS];      /* connection ids */
	unsigned stream_count;
	struct evidence evidence[FINDING_EVIDENCE];     /* by frame: the first of them and the last */
	unsigned evidence_count;
	bool proved;                    /* an occurrence was seen whole, see raise */
	bool doubtful;                  /* the capture may have missed what would change it */
	uint64_t lacking;               /* occurrences on connections of which packets are missing */
	struct finding *alike;          /* the store's own: an older one of the same kind and parties */
};

/* One occurrence, as an analyzer tells it.  Everything is copied. */
struct raise {
	enum finding_kind kind;
	enum severity severity;         /* SEVERITY_OF_KIND: the catalogue's */
	enum confidence confidence;
	/* client, server and filter come from it unless given below; may be NULL */
	const struct connection *conn;
	const struct addr *client;
	const struct endpoint *server, *via;
	bool for_all_clients;           /* concerns no single client: client stays null */
	bool proved;                    /* what happened was seen: no packet that is missing changes it */
	uint8_t stops;                  /* 1 + the rung that it stopped; 0: the kind tells, or nothing does */
	const char *title, *remedy;     /* static text; NULL: the catalogue's */
	const char *answered_by;        /* NULL: none */
	const char *cause;              /* NULL: the catalogue's words */
	const char *codes;              /* NULL: the catalogue's */
	int64_t time;
	int64_t until;                  /* the last of several occurrences told at once; 0: at `time` */
	uint64_t count;                 /* how many those are; 0 means 1 */
	const struct evidence *evidence;        /* frames that prove it, each with a short text */
	size_t evidence_count;
};

struct findings;

struct findings *findings_new(struct limits *limits);   /* borrowed; NULL: out of memory */
void findings_free(struct findings *f);

void finding_raise(struct findings *f, const struct raise *what);

/* The same client got through to the same server later: its findings of that kind become warnings. */
void finding_ease(struct findings *f, enum finding_kind kind, const struct addr *client,
		  const struct endpoint *server);

/* Getting through elsewhere helps nobody here: its findings of that kind are as severe as the kind is. */
void finding_insist(struct findings *f, enum finding_kind kind, const struct addr *client,
		    const struct endpoint *server);

/* What is known at the end leaves doubt: those findings are at most that sure.  `cause` tells it in other
 * words; NULL: as before. */
void finding_doubt(struct findings *f, enum finding_kind kind, const struct addr *client,
		   const struct endpoint *server, enum confidence most, const char *cause);

/* The sum (`clients`) that stands for that client and server; after findings_settle too.  NULL: none. */
const struct finding *findings_sum_of(const struct findings *f, enum finding_kind kind,
                                      const struct addr *client, const struct endpoint *server);

/* Somebody got past it: whom it concerns, or one more client of a sum. */
void finding_outlived(struct findings *f, const struct finding *n);

/* How many it would be if none were summed up. */
static inline uint64_t finding_weight(const struct finding *n)
{
	return n->clients ? n->clients : 1;
}

/* What is left of it stops nobody any more. */
static inline bool finding_is_outlived(const struct finding *n)
{
	return n->outlived && n->outlived >= n->clients && !n->more_clients;
}

/* One by one, clients that sums stand for: the sum, who it is and when it failed last.  NULL: of none any
 * more. */
size_t findings_members(const struct findings *f);
const struct finding *findings_member(const struct findings *f, size_t i, struct addr *client, int64_t *last);

/* One of that kind has been raised of that server, or that proxy. */
bool findings_tell(const struct findings *f, enum finding_kind kind, const struct endpoint *of);

/* No more will be raised: what rests on packets that did not come is doubted where some were missed. */
void findings_doubt(struct findings *f, const struct missed *missed);

/* It rests on packets that did not come. */
bool finding_is_of_absence(const struct finding *n);

/* The capture lacks packets of that connection. */
bool finding_lacks(const struct connection *c);

/* No more will be raised.  `quality_is_poor` lowers certain to probable for what the lack of
 * packets could explain. */
void findings_settle(struct findings *f, bool quality_is_poor);

/* After findings_settle: most severe first, then by first time.  Lent. */
size_t findings_count(const struct findings *f);
const struct finding *findings_at(const struct findings *f, size_t i);

/* "tcp.stream eq 0 or tcp.stream eq 3", else frame numbers; a Wireshark display filter. */
void finding_filter(const struct finding *n, char *text, size_t size);

/* Keeps it among others, by frame; where there are FINDING_EVIDENCE already, one from the middle goes: how it
 * began and how it was decided are what proves. */
void evidence_keep(struct evidence kept[static FINDING_EVIDENCE], unsigned *count, const struct evidence *e);

/* Fills an evidence entry. */
struct evidence evidence_at(uint64_t frame, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
