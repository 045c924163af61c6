/* live/metrics.h - a live run as Prometheus reads it (text exposition format 0.0.4): docs/metrics.md.
 *
 * What is counted elsewhere comes as plain numbers.  Labels have few values each: servers beyond the busiest
 * TALLY_NAMED are one, clients are counted and never named.
 */
#ifndef LIVE_METRICS_H
#define LIVE_METRICS_H

#include "live/journal.h"
#include "live/tally.h"
#include "live/usage.h"

struct metrics_interface {
	const char *name;
	uint64_t frames, bytes;         /* that came */
	uint64_t dropped_kernel, dropped_interface, dropped_ours;
	uint64_t absences;
	bool away;
};

struct metrics_recording {
	uint64_t frames, bytes, missed;         /* written; not written because it had stopped */
	bool stopped;
	uint64_t waiting;                       /* bytes of packets that wait for a finding */
	uint64_t late;                          /* frames wanted that had left memory */
};

struct metrics_output {
	const char *name;               /* "text", "events" */
	uint64_t lost;                  /* lines and messages */
};

struct metrics_pool {
	const char *name;               /* "connections", "keys", "pre-trigger" */
	uint64_t used, ceiling;         /* bytes; 0: none */
};

/* How often the run was judged, how long that took in all and last (ns), how often nothing came of it. */
struct metrics_judging {
	uint64_t count, failures;
	int64_t took, latest;
};

struct metrics_run {                    /* all borrowed */
	const char *version;
	int64_t started;                /* ns since 1970 */
	bool sandboxed;
	const struct metrics_interface *interfaces;
	size_t interface_count;
	uint64_t analysed_frames, analysed_bytes;
	const struct metrics_recording *recording;      /* NULL: nothing is recorded */
	const struct metrics_output *outputs;
	size_t output_count;
	const struct metrics_pool *pools;
	size_t pool_count;
	struct metrics_judging judging;
	const struct usage *usage;      /* NULL: not known */
	const struct tally *tally;
	const struct view *view;        /* NULL: none yet */
	const struct journal *journal;
};

/* False: writing failed. */
bool metrics_write(FILE *out, const struct metrics_run *run);

#endif
