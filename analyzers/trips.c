/* analyzers/trips.c - scans that need more SyncUpdates calls than the agent makes: 200, then it stops with
 * 0x80244010. */
#include <stdio.h>
#include <stdlib.h>

#include "analyzers/analyzer.h"
#include "analyzers/scan.h"
#include "base/tongue.h"

enum { TRIPS_ALLOWED = 200, TRIPS_WARNED = 150 };

struct trips {
	struct analyzer_env env;
};

static void *create(const struct analyzer_env *env)
{
	struct trips *t = calloc(1, sizeof *t);

	if (t)
		t->env = *env;
	return t;
}

static void destroy(void *self)
{
	free(self);
}

static void fact(void *self, const struct fact *f)
{
	(void)self;
	(void)f;
}

static void scan_over(void *self, const struct scan *scan)
{
	struct trips *t = self;
	bool stopped = scan->pages >= TRIPS_ALLOWED;
	struct connection conn = { .id = scan->stream, .client = { .addr = scan->client },
	                           .server = scan->via.port ? scan->via : scan->server };
	char cause[CAUSE_TEXT], revisions[64] = "";
	struct evidence evidence[2];

	if (scan->climber != CLIMBER_CLIENT || scan->pages < TRIPS_WARNED)
		return;
	if (scan->revisions)
		tongue_say(revisions, sizeof revisions, "%llu updates, ",
			   (unsigned long long)scan->revisions);
	tongue_say(cause, sizeof cause,
	         "One scan made %u SyncUpdates calls (%s%llu KB received)%s; %s.", scan->pages, revisions,
	         (unsigned long long)(scan->bytes[SERVER] / 1024),
	         scan->joined ? _(" since the capture began") : "",
	         stopped ? _("the agent stops at 200 with 0x80244010, and its next scan goes on from there")
	                 : _("the agent stops at 200: a few products or languages more, and it will"));
	evidence[0] = evidence_at(scan->first_frame, "the scan begins");
	evidence[1] = evidence_at(scan->last_frame, "its last call");
	finding_raise(t->env.findings, &(struct raise){
		.kind = FINDING_TOO_MANY_TRIPS,
		.severity = stopped ? SEVERITY_OF_KIND : SEVERITY_WARNING,
		.confidence = CONFIDENCE_CERTAIN,
		.conn = &conn,
		.via = scan->via.port ? &scan->via : NULL,
		.title = stopped ? NULL : N_("A scan needs nearly too many round trips"),
		.cause = cause,
		.time = scan->first,
		.until = scan->last,
		.evidence = evidence,
		.evidence_count = 2,
	});
}

const struct analyzer analyzer_trips = {
	.name = "trips",
	.create = create,
	.destroy = destroy,
	.fact = fact,
	.scan = scan_over,
};
