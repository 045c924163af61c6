/* live/metrics_parts.h - between metrics.c and its parts alone. */
#ifndef LIVE_METRICS_PARTS_H
#define LIVE_METRICS_PARTS_H

#include "live/metrics.h"
#include "report/metric_text.h"

struct metric_plain {                   /* one without labels */
	const char *name, *type, *help;
	uint64_t value;
};

void metrics_put(FILE *out, const struct metric_plain *all, size_t count);

/* Connections, exchanges, times, servers. */
void metrics_traffic(FILE *out, const struct tally *t);

/* What a report would say now: clients, findings, limits. */
void metrics_view(FILE *out, const struct view *v);

/* Findings as a story in time. */
void metrics_stories(FILE *out, const struct journal *j);

#endif
