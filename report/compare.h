/* report/compare.h - two reports of one place: what was fixed, what is new, what stayed, and for whom.
 *
 * Both are read from JSON (schema wsuscope/1).  Machines are the same by name where both sides tell one, else
 * by address; findings by kind, machine, server and proxy.  What is not in the second report is fixed only
 * where that could have shown it: who is not seen, or is stopped before that, is told so.
 */
#ifndef REPORT_COMPARE_H
#define REPORT_COMPARE_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/map.h"
#include "base/tongue.h"
#include "report/report.h"

enum { COMPARE_TEXT_MAX = 1000, COMPARE_JSON_MAX = 512 << 20, COMPARE_VERDICT = 2048 };

struct compare_client {                 /* a machine, of all its rows */
	const char *addr, *name;        /* "" unknown */
	const char *server;             /* that it dials; of the row that fails, if one does */
	const char *verdict;
	bool failed, served;
	int reached, stopped;           /* rungs (enum rung_name); -1: none */
	struct compare_client *other;   /* the same in the other report; NULL */
};

struct compare_finding {
	const char *kind, *title, *cause, *client, *server, *via;       /* "": none */
	enum severity severity;
	uint64_t count, clients;
	/* the comparison's own */
	struct compare_finding *next;   /* of the same key */
	bool stayed;
};

struct compare_side {
	const char *name;               /* of the file; the caller's */
	const char *quality;
	uint64_t frames;
	struct compare_client *clients;
	size_t client_count;
	struct compare_finding *findings;
	size_t finding_count;
	struct arena arena;             /* all texts */
	struct map by_addr, by_name;    /* of clients */
	struct map servers, named;      /* a server's endpoint to its name and port; those */
};

/* Reads a report.  False: the fault (FAULT_INPUT) says what is wrong with it; `side` is to be released in any
 * case.  `text` need not live on. */
bool compare_read(struct compare_side *side, const char *name, struct span text, struct fault *f);
void compare_release(struct compare_side *side);

/* By what machines are known again: the first label, in small letters, as names are told with their domain or
 * without.  Into `key`. */
struct span compare_label(char key[static COMPARE_TEXT_MAX + 1], const char *name);

/* X(symbol, name in outputs) */
#define COMPARE_CHANGES(X)                                                              \
	X(NEW,      N_("new"))                                                              \
	X(STAYED,   N_("stayed"))                                                           \
	X(UNTOLD,   N_("cannot be told"))   /* too little is seen of whom it concerns */    \
	X(NOT_SEEN, N_("not seen"))         /* whom it concerns is not in the second */     \
	X(FIXED,    N_("fixed"))

#define X(symbol, name) COMPARE_##symbol,
enum compare_change { COMPARE_CHANGES(X) COMPARE_CHANGE_COUNT };
#undef X

/* X(symbol, name in outputs) */
#define COMPARE_FATES(X)                                                                \
	X(BROKE,    N_("fails now"))                                                        \
	X(STILL,    N_("still fails"))                                                      \
	X(UNCLEAR,  N_("cannot be told"))   /* failed; now neither fails nor is served */   \
	X(GONE,     N_("not seen"))                                                         \
	X(HELPED,   N_("now updates"))                                                      \
	X(SAME,     N_("did not fail"))

#define X(symbol, name) FATE_##symbol,
enum compare_fate { COMPARE_FATES(X) COMPARE_FATE_COUNT };
#undef X

struct compared_finding {
	enum compare_change change;
	const struct compare_finding *before, *after;   /* one of them may be NULL */
};

struct compared_client {
	enum compare_fate fate;
	const struct compare_client *before, *after;
};

struct comparison {
	struct compare_side *before, *after;    /* borrowed */
	struct compared_finding *findings;      /* by change, the worst first */
	size_t finding_count;
	struct compared_client *clients;        /* by fate */
	size_t client_count;
	size_t of_change[COMPARE_CHANGE_COUNT], of_fate[COMPARE_FATE_COUNT];
};

/* False: out of memory; to be released in any case. */
bool compare_make(struct comparison *c, struct compare_side *before, struct compare_side *after);
void compare_end(struct comparison *c);

/* One that is new or stayed is at least that severe now. */
bool compare_fails(const struct comparison *c, enum severity from);

/* ---- words ---- */

/* "3 of 4 clients that failed now update; PC-0412 still fails: ..." */
void compare_verdict(const struct comparison *c, char text[static COMPARE_VERDICT]);
/* "2 findings fixed, 1 new" */
void compare_sums(const struct comparison *c, char text[static COMPARE_VERDICT]);
const char *compare_change_name(enum compare_change c);
const char *compare_fate_name(enum compare_fate f);
const char *compare_called(const struct compare_client *c);     /* its name, else its address */

/* What each report shows of findings below `style->from` is nothing. */
bool compare_text(FILE *out, const struct comparison *c, const struct report_style *style);
bool compare_json(FILE *out, const struct comparison *c, const struct report_style *style);
bool compare_markdown(FILE *out, const struct comparison *c, const struct report_style *style);

#endif
