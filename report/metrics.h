/* report/metrics.h - a probe's results as Prometheus reads them (text exposition format 0.0.4). */
#ifndef REPORT_METRICS_H
#define REPORT_METRICS_H

#include "report/report.h"

/* `rounds`: how many times it was probed, this one included.  False: writing failed. */
bool report_metrics(FILE *out, const struct report *r, uint64_t rounds);

#endif
