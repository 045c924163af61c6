/* report/events.h - one JSON object a line for every fact and finding, in Elastic Common Schema names. */
#ifndef REPORT_EVENTS_H
#define REPORT_EVENTS_H

#include "facts/fact.h"
#include "report/report.h"

struct events;

/* `out` is borrowed.  NULL: out of memory. */
struct events *events_new(FILE *out, const struct report_style *style);
void events_free(struct events *e);

void events_fact(struct events *e, const struct fact *fact);
void events_finding(struct events *e, const struct finding *n);

struct event_story {                    /* what a live run tells of a finding, ns */
	const char *action;             /* "raised", "resolved": event.action */
	int64_t when, since;
	int64_t until;                  /* it ended; MOMENT_NONE: not yet */
	uint64_t count;                 /* failures since then */
	bool is_sum;                    /* of others of that kind and server: */
	uint64_t raised, over, clients;
};
void events_story(struct events *e, const struct finding *n, const struct event_story *story);

void events_check(struct events *e, const struct report_check *c);

#endif
