/* live/view.h - what a run would report if it ended now: findings, clients, servers, counts.
 *
 * Taken by live/judge.h in a child, into memory that both share at one address:
 * so it holds pointers, and it never changes.  Names of users are not masked
 * yet (report/mask.h).
 */
#ifndef LIVE_VIEW_H
#define LIVE_VIEW_H

#include "report/report.h"

enum {
	VIEW_FINDINGS_MAX = 2000,       /* the most severe; the others are counted by kind */
	VIEW_CLIENTS_MAX = 5000,        /* those that fail, then the latest */
	VIEW_SERVERS_MAX = 500,
	VIEW_SCANS_A_CLIENT = 1,
};

struct view {
	int64_t now;                    /* of the capture's clock, ns since 1970; 0: no frame yet */
	struct report_counts counts;
	struct limits limits;
	enum quality quality;
	/* as a report tells them: settled, numbered, most severe first; `alike` is NULL */
	const struct finding *findings;
	size_t finding_count, finding_total;
	uint64_t of_kind[FINDING_KIND_COUNT];           /* findings, of all */
	uint64_t of_severity[SEVERITY_COUNT];
	const struct ladder *clients;   /* with the latest scan, if any */
	size_t client_count, client_total;
	uint64_t rungs[RUNG_COUNT][RUNG_SKIPPED + 1];   /* clients by rung and its state, of all rows */
	size_t climbers, failed, served;        /* ladders_clients and its two others */
	const struct server_seen *servers;
	size_t server_count, server_total;
	const char *report;             /* the text report, where it was asked for; NULL */
	bool cut;                       /* the shared memory did not hold all that is named above */
};

/* Copies what `r` says (settled) to `at`, where it begins.  NULL: not even the head fits. */
const struct view *view_take(void *at, size_t size, const struct report *r, int64_t now);

#endif
