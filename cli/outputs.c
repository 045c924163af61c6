/* cli/outputs.c - opening, feeding and closing what -o asked for. */
#include "cli/outputs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TEXT_WIDTH = 80 };

/* Colour is for people at a terminal, unless they say otherwise (NO_COLOR: any value but an empty one). */
static bool wants_color(const struct options *o)
{
	const char *no_color = getenv("NO_COLOR");

	if (o->color == WHEN_AUTO)
		return isatty(STDOUT_FILENO) && !(no_color && *no_color);
	return o->color == WHEN_ALWAYS;
}

static bool open_one(struct outputs *out, size_t i, struct fault *f)
{
	const struct output *want = &out->options->outputs[i];
	bool to_stdout = !want->path || !strcmp(want->path, "-");

	out->streams[i] = to_stdout ? stdout : fopen(want->path, "w");
	if (!out->streams[i])
		return fault_set(f, FAULT_OUTPUT, "%s: cannot be written: %s", want->path, strerror(errno));
	if (want->format != OUTPUT_EVENTS)
		return true;
	out->events[i] = events_new(out->streams[i], &out->style);
	return out->events[i] || fault_set(f, FAULT_MEMORY, "out of memory");
}

bool outputs_open(struct outputs *out, const struct options *o, struct fault *f)
{
	*out = (struct outputs){
		.options = o,
		.style = { wants_color(o), o->reveal, TEXT_WIDTH, o->show_from, o->all_notes,
			   .frameless = o->command == FOR_PROBE && !o->write },
	};
	for (size_t i = 0; i < o->output_count; i++)
		if (!open_one(out, i, f))
			return false;
	return true;
}

static void take_fact(void *self, const struct fact *fact)
{
	struct outputs *out = self;

	for (size_t i = 0; i < out->options->output_count; i++)
		if (out->events[i])
			events_fact(out->events[i], fact);
}

struct fact_sink outputs_listener(struct outputs *out)
{
	for (size_t i = 0; i < out->options->output_count; i++)
		if (out->events[i])
			return (struct fact_sink){ out, take_fact };
	return (struct fact_sink){ 0 };
}

void outputs_raised(void *self, const struct finding *finding)
{
	struct outputs *out = self;

	if (!report_text_shows(&out->style, finding))
		return;
	for (size_t i = 0; i < out->options->output_count; i++)
		if (out->options->outputs[i].format == OUTPUT_TEXT) {
			report_finding_text(out->streams[i], finding, &out->style);
			fflush(out->streams[i]);
		}
}

static void write_findings(struct events *events, const struct report *r, enum severity from)
{
	for (size_t i = 0; i < findings_count(r->findings); i++)
		if (findings_at(r->findings, i)->severity >= from)
			events_finding(events, findings_at(r->findings, i));
}

static void write_one(struct outputs *out, size_t i, const struct report *r)
{
	switch (out->options->outputs[i].format) {
	case OUTPUT_TEXT:
		report_text(out->streams[i], r, &out->style);
		break;
	case OUTPUT_JSON:
		report_json(out->streams[i], r, &out->style);
		break;
	case OUTPUT_EVENTS:
		for (size_t c = 0; c < r->check_count; c++)
			events_check(out->events[i], &r->checks[c]);
		write_findings(out->events[i], r, out->style.from);
		break;
	}
}

bool outputs_write_probe(struct outputs *out, struct engine *e, const struct source *s, struct report *r,
                         struct fault *f)
{
	size_t count = s ? source_count(s) : 0;
	struct report_input *inputs = calloc(count + 1, sizeof *inputs);

	if (!inputs)
		return fault_set(f, FAULT_MEMORY, "out of memory");
	for (size_t i = 0; i < count; i++) {
		const struct source_info *info = source_info(s, i);

		inputs[i] = (struct report_input){ info->name, info->format, info->frames, info->bytes,
			                           info->first, info->last, info->cut };
	}
	r->inputs = inputs;
	r->input_count = count;
	engine_report(e, r);
	for (size_t i = 0; i < out->options->output_count; i++)
		write_one(out, i, r);
	r->inputs = NULL;
	r->input_count = 0;
	free(inputs);
	return true;
}

bool outputs_write(struct outputs *out, struct engine *e, const struct source *s, struct fault *f)
{
	struct report r = { 0 };

	return outputs_write_probe(out, e, s, &r, f);
}

bool outputs_close(struct outputs *out, struct fault *f)
{
	bool good = true;

	for (size_t i = 0; i < out->options->output_count; i++) {
		FILE *stream = out->streams[i];

		events_free(out->events[i]);
		if (!stream)
			continue;
		if ((fflush(stream) || ferror(stream)) && good)
			good = fault_set(f, FAULT_OUTPUT, "%s: cannot be written: %s",
			                 out->options->outputs[i].path
			                         ? out->options->outputs[i].path
			                         : "standard output",
			                 strerror(errno));
		if (stream != stdout)
			fclose(stream);
	}
	return good;
}
