/* report/metric_text.h - lines of Prometheus' text exposition format 0.0.4. */
#ifndef REPORT_METRIC_TEXT_H
#define REPORT_METRIC_TEXT_H

#include <stdint.h>
#include <stdio.h>

struct metric_label {
	const char *name, *value;       /* the value as UTF-8; what is none shows as '?' */
};

/* For the calls below: the labels, and how many they are. */
#define METRIC_LABELS(...)                                                      \
	((const struct metric_label[]){ __VA_ARGS__ }),                         \
		(sizeof((const struct metric_label[]){ __VA_ARGS__ }) / sizeof(struct metric_label))
#define METRIC_PLAIN NULL, 0

/* Before the first line of a metric: `type` is "counter", "gauge" or "histogram". */
void metric_head(FILE *out, const char *name, const char *type, const char *help);

void metric_count(FILE *out, const char *name, const struct metric_label *labels, size_t count,
                  uint64_t value);

/* Seconds, out of ns. */
void metric_seconds(FILE *out, const char *name, const struct metric_label *labels, size_t count,
                    int64_t ns);

/* Counts of times (ns) up to each of `bounds`, and beyond the last: one more than there are bounds. */
struct metric_histogram {
	const int64_t *bounds;
	size_t bound_count;
	const uint64_t *in;
	int64_t sum;
};

enum { METRIC_LABELS_MAX = 8 };         /* besides its own */

void metric_histogram(FILE *out, const char *name, const struct metric_label *labels, size_t count,
                      const struct metric_histogram *h);

#endif
