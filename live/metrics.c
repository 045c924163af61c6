/* live/metrics.c - the run itself: interfaces, recording, outputs, memory, process. */
#include "live/metrics.h"

#include <string.h>

#include "live/metrics_parts.h"

void metrics_put(FILE *out, const struct metric_plain *all, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		metric_head(out, all[i].name, all[i].type, all[i].help);
		metric_count(out, all[i].name, METRIC_PLAIN, all[i].value);
	}
}

static void put_run(FILE *out, const struct metrics_run *run)
{
	const struct metric_plain plain[] = {
		{ "wsuscope_sandboxed", "gauge", "1 when what decodes packets has given up its rights.",
		  run->sandboxed },
		{ "wsuscope_analyzed_packets_total", "counter", "Packets that were decoded.",
		  run->analysed_frames },
		{ "wsuscope_analyzed_bytes_total", "counter", "Captured bytes of these packets.",
		  run->analysed_bytes },
	};

	metric_head(out, "wsuscope_build_info", "gauge", "1; the version is a label.");
	metric_count(out, "wsuscope_build_info", METRIC_LABELS({ "version", run->version }), 1);
	metrics_put(out, plain, sizeof plain / sizeof *plain);
}

static void put_interface_counts(FILE *out, const struct metrics_run *run)
{
	const struct column {
		const char *name, *type, *help;
		size_t at;
	} columns[] = {
		{ "wsuscope_received_packets_total", "counter", "Packets that an interface delivered.",
		  offsetof(struct metrics_interface, frames) },
		{ "wsuscope_received_bytes_total", "counter", "Captured bytes of these packets.",
		  offsetof(struct metrics_interface, bytes) },
		{ "wsuscope_interface_absences_total", "counter", "How often an interface went away.",
		  offsetof(struct metrics_interface, absences) },
	};

	for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
		metric_head(out, columns[c].name, columns[c].type, columns[c].help);
		for (size_t i = 0; i < run->interface_count; i++) {
			const struct metrics_interface *n = &run->interfaces[i];

			metric_count(out, columns[c].name, METRIC_LABELS({ "interface", n->name }),
			             *(const uint64_t *)((const char *)n + columns[c].at));
		}
	}
}

static void put_interfaces(FILE *out, const struct metrics_run *run)
{
	put_interface_counts(out, run);
	metric_head(out, "wsuscope_interface_up", "gauge", "0 when an interface is down or gone.");
	for (size_t i = 0; i < run->interface_count; i++)
		metric_count(out, "wsuscope_interface_up",
		             METRIC_LABELS({ "interface", run->interfaces[i].name }),
		             !run->interfaces[i].away);
	metric_head(out, "wsuscope_dropped_packets_total", "counter",
	            "Packets that are missing, by who had no room for them.");
	for (size_t i = 0; i < run->interface_count; i++) {
		const struct metrics_interface *n = &run->interfaces[i];
		const struct where {
			const char *name;
			uint64_t count;
		} all[] = { { "kernel", n->dropped_kernel }, { "interface", n->dropped_interface },
			    { "wsuscope", n->dropped_ours } };

		for (size_t k = 0; k < sizeof all / sizeof *all; k++)
			metric_count(out, "wsuscope_dropped_packets_total",
			             METRIC_LABELS({ "interface", n->name }, { "where", all[k].name }),
			             all[k].count);
	}
}

static void put_recording(FILE *out, const struct metrics_recording *r)
{
	const struct metric_plain plain[] = {
		{ "wsuscope_recorded_packets_total", "counter", "Packets that were written to files.",
		  r->frames },
		{ "wsuscope_recorded_bytes_total", "counter", "Bytes that were written to files.", r->bytes },
		{ "wsuscope_recording_missed_packets_total", "counter",
		  "Packets that were not written because recording had stopped.", r->missed },
		{ "wsuscope_recording_stopped", "gauge", "1 when recording stopped for good (a full disk).",
		  r->stopped },
		{ "wsuscope_pretrigger_bytes", "gauge", "Packets that wait in memory for a finding.",
		  r->waiting },
		{ "wsuscope_pretrigger_late_packets_total", "counter",
		  "Packets of findings that had left memory before they were wanted.", r->late },
	};

	metrics_put(out, plain, sizeof plain / sizeof *plain);
}

/* Of one name there may be several, and a series is told once. */
static void put_output(FILE *out, const struct metrics_run *run, size_t which)
{
	const char *name = run->outputs[which].name;
	uint64_t lost = 0;

	for (size_t i = 0; i < run->output_count; i++) {
		if (strcmp(run->outputs[i].name, name) != 0)
			continue;
		if (i < which)
			return;
		lost += run->outputs[i].lost;
	}
	metric_count(out, "wsuscope_output_lost_lines_total", METRIC_LABELS({ "output", name }), lost);
}

static void put_outputs(FILE *out, const struct metrics_run *run)
{
	metric_head(out, "wsuscope_output_lost_lines_total", "counter",
	            "Lines and messages that were lost because nobody took them.");
	for (size_t i = 0; i < run->output_count; i++)
		put_output(out, run, i);
}

static void put_pools(FILE *out, const struct metrics_run *run)
{
	metric_head(out, "wsuscope_memory_used_bytes", "gauge", "Memory that is drawn on a budget.");
	for (size_t i = 0; i < run->pool_count; i++)
		metric_count(out, "wsuscope_memory_used_bytes", METRIC_LABELS({ "pool", run->pools[i].name }),
		             run->pools[i].used);
	metric_head(out, "wsuscope_memory_ceiling_bytes", "gauge", "The most that may be drawn on it.");
	for (size_t i = 0; i < run->pool_count; i++)
		if (run->pools[i].ceiling)
			metric_count(out, "wsuscope_memory_ceiling_bytes",
			             METRIC_LABELS({ "pool", run->pools[i].name }), run->pools[i].ceiling);
}

static void put_judging(FILE *out, const struct metrics_judging *j)
{
	metric_head(out, "wsuscope_judgement_duration_seconds", "summary",
	            "Judgements of the run so far, and how long they took.");
	metric_seconds(out, "wsuscope_judgement_duration_seconds_sum", METRIC_PLAIN, j->took);
	metric_count(out, "wsuscope_judgement_duration_seconds_count", METRIC_PLAIN, j->count);
	metric_head(out, "wsuscope_judgement_latest_duration_seconds", "gauge",
	            "How long the latest judgement took.");
	metric_seconds(out, "wsuscope_judgement_latest_duration_seconds", METRIC_PLAIN, j->latest);
	metrics_put(out, &(struct metric_plain){ "wsuscope_judgement_failures_total", "counter",
	                                         "Judgements that nothing came of.", j->failures }, 1);
}

/* Names that Prometheus' own libraries give. */
static void put_process(FILE *out, const struct metrics_run *run)
{
	const struct usage *u = run->usage;

	metric_head(out, "process_start_time_seconds", "gauge", "When the run began, since 1970.");
	metric_seconds(out, "process_start_time_seconds", METRIC_PLAIN, run->started);
	if (!u)
		return;
	metric_head(out, "process_cpu_seconds_total", "counter", "Processor time, of judgements too.");
	metric_seconds(out, "process_cpu_seconds_total", METRIC_PLAIN, u->processor);
	metrics_put(out, (const struct metric_plain[]){
		{ "process_resident_memory_bytes", "gauge", "Memory that is resident.", u->resident },
		{ "process_virtual_memory_bytes", "gauge", "Memory that is mapped.", u->memory },
		{ "process_open_fds", "gauge", "Descriptors that are open.", u->descriptors },
		{ "process_max_fds", "gauge", "Descriptors that may be open.", u->descriptors_max } }, 4);
}

bool metrics_write(FILE *out, const struct metrics_run *run)
{
	put_run(out, run);
	put_interfaces(out, run);
	if (run->recording)
		put_recording(out, run->recording);
	metrics_traffic(out, run->tally);
	if (run->view)
		metrics_view(out, run->view);
	metrics_stories(out, run->journal);
	put_judging(out, &run->judging);
	put_outputs(out, run);
	put_pools(out, run);
	put_process(out, run);
	return !ferror(out);
}
