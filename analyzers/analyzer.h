/* analyzers/analyzer.h - facts to findings: one family of failures a file.
 *
 * An analyzer keeps bounded state of its own, raises as soon as it is certain,
 * and judges what needs the whole story at the end.  It never sees a byte of
 * the wire.
 */
#ifndef ANALYZERS_ANALYZER_H
#define ANALYZERS_ANALYZER_H

#include "analyzers/finding.h"
#include "analyzers/relevance.h"
#include "facts/fact.h"

struct addrnames;
struct missed;
struct scan;
struct scans;
struct updates;

struct analyzer_env {                   /* all borrowed */
	struct findings *findings;
	const struct relevance *relevance;
	struct limits *limits;
	struct budget *budget;          /* of what is kept of each client; NULL: none */
	const struct scans *scans;      /* that facts belong to */
	const struct addrnames *names;      /* of addresses, as far as they are known */
	const struct updates *updates;  /* that servers told of */
};

struct analyzer {
	const char *name;
	void *(*create)(const struct analyzer_env *env);        /* NULL: out of memory */
	void (*destroy)(void *self);
	void (*fact)(void *self, const struct fact *fact);
	void (*end)(void *self, int64_t now);   /* the capture is over at `now`; may be NULL */
	void (*scan)(void *self, const struct scan *scan);      /* a scan is over; may be NULL */
};

/* The panel: every analyzer of registry.c, behind one relevance. */
struct check;
struct panel;
struct ladders;

/* What is kept of each client draws on the budget (NULL: there is none): others are counted, not kept.
 * NULL: no memory. */
struct panel *panel_new(const struct relevance_options *options, struct limits *limits,
                        struct budget *budget);
void panel_free(struct panel *p);
void panel_fact(struct panel *p, const struct fact *fact);
void panel_check(struct panel *p, const struct check *check);   /* of a probe */
/* Judges, doubts what rests on packets that were `missed` (NULL: none were), settles, names verdicts. */
void panel_end(struct panel *p, int64_t now, bool quality_is_poor, const struct missed *missed);
struct findings *panel_findings(struct panel *p);
const struct ladders *panel_ladders(const struct panel *p);
const struct updates *panel_updates(const struct panel *p);

#endif
