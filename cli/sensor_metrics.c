/* cli/sensor_metrics.c - the numbers of a live run, gathered from its parts once a second. */
#include <stdlib.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/sensorstate.h"
#include "live/metrics.h"

static const char *const format_names[] = {
#define X(symbol, name) [OUTPUT_##symbol] = name,
	OUTPUT_FORMATS(X)
#undef X
};

static int open_next(void *self, struct fault *f)
{
	const struct sensor *s = self;

	return keeper_open_next(s->keeper, s->metrics_file, f);
}

static bool replace(void *self, struct fault *f)
{
	const struct sensor *s = self;

	return keeper_replace(s->keeper, s->metrics_file, f);
}

/* What cannot be written is told before the run begins. */
static bool can_write(const struct sensor *s, struct fault *f)
{
	int fd = keeper_open_next(s->keeper, s->metrics_file, f);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

bool sensor_open_metrics(struct sensor *s, struct fault *f)
{
	const char *where = s->options->metrics;

	if (!where)
		return true;
	s->publish = publish_open(where, f);
	if (!s->publish || publish_is_port(where))
		return s->publish != NULL;
	s->metrics_file = keeper_allow(s->keeper, KEEPER_FILE, where, false);
	if (s->metrics_file < 0)
		return fault_set(f, FAULT_MEMORY, "%s: too many files", where);
	publish_files(s->publish, &(struct publish_files){ s, open_next, replace });
	return can_write(s, f);
}

static void fill_interfaces(const struct sensor *s, struct metrics_interface *to)
{
	for (size_t i = 0; i < source_count(s->run.source); i++) {
		const struct source_info *in = source_info(s->run.source, i);

		to[i] = (struct metrics_interface){
			in->name, in->frames, in->bytes, in->dropped_kernel, in->dropped_interface,
			in->dropped_ours, in->absences, in->away,
		};
	}
}

static size_t fill_outputs(const struct sensor *s, struct metrics_output to[static OUTPUTS_MAX])
{
	size_t count = s->options->output_count;

	for (size_t i = 0; i < count; i++)
		to[i] = (struct metrics_output){ format_names[s->options->outputs[i].format],
			                         outputs_lost(&s->run.outputs, i) };
	return count;
}

static bool write_all(struct sensor *s, FILE *out, struct metrics_interface *interfaces)
{
	struct evidence_counts kept = evidence_counts(s->evidence);
	struct engine_memory memory = engine_memory(s->run.engine);
	struct metrics_recording recording = { kept.frames, kept.bytes, kept.missed, kept.stopped,
		                               kept.waiting, kept.late };
	const struct shares *shares = &s->run.shares;
	const struct metrics_pool pools[] = {
		{ "process", s->run.usage.private, shares->private },
		{ "kernel", shares->all[SHARE_RING], shares->all[SHARE_RING] },
		{ "connections", memory.used, memory.ceiling },
		{ "keys", memory.keys, 0 },
		{ "clients", memory.judges, memory.judges_ceiling },
		{ "pre-trigger", kept.waiting, kept.room },
	};
	struct judge_counts judging = judge_counts(s->judge);
	struct metrics_output outputs[OUTPUTS_MAX];

	fill_interfaces(s, interfaces);
	usage_read(&s->run.usage);
	return metrics_write(out, &(struct metrics_run){
		.version = VERSION, .started = s->began, .sandboxed = !s->options->no_sandbox,
		.interfaces = interfaces, .interface_count = source_count(s->run.source),
		.analysed_frames = s->frames, .analysed_bytes = s->bytes,
		.recording = s->evidence ? &recording : NULL,
		.outputs = outputs, .output_count = fill_outputs(s, outputs),
		.pools = pools, .pool_count = sizeof pools / sizeof *pools,
		.judging = { judging.made, judging.failures, judging.took, judging.latest },
		.usage = &s->run.usage, .tally = s->tally, .view = judge_view(s->judge),
		.journal = s->journal,
	});
}

void sensor_publish(struct sensor *s)
{
	struct metrics_interface *interfaces;
	char *text = NULL;
	size_t len = 0;
	struct fault f;
	FILE *out;
	bool good;

	if (!s->publish)
		return;
	interfaces = calloc(source_count(s->run.source) + 1, sizeof *interfaces);
	out = interfaces ? open_memstream(&text, &len) : NULL;
	good = out && write_all(s, out, interfaces);
	good = out && !fclose(out) && good;
	/* One that could not be written is followed by another in a second. */
	if (good && !publish_text(s->publish, text, len, &f) && !s->publish_failed) {
		s->publish_failed = true;
		run_fault(&s->run, &f);
	}
	free(text);
	free(interfaces);
}
