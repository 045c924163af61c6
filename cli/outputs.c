/* cli/outputs.c - opening, feeding and closing what -o asked for. */
#include "cli/outputs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"

enum { TEXT_WIDTH = 80 };

static const int64_t PATIENCE = 10 * MOMENT_S;  /* with a reader, at the end of a live run */

/* What each format is written to, how it tells what happens, and what is written of it at the end; event
 * lines are written as facts arise. */
static const struct format_row {
	bool is_stream, tells;
	enum tell_form form;
	bool (*report)(FILE *out, const struct report *r, const struct report_style *style);
} formats[] = {
	[OUTPUT_TEXT] = { true, true, TELL_TEXT, report_text },
	[OUTPUT_JSON] = { true, false, TELL_TEXT, report_json },
	[OUTPUT_EVENTS] = { true, true, TELL_EVENTS, NULL },
	[OUTPUT_SYSLOG] = { false, true, TELL_SYSLOG, NULL },
	[OUTPUT_JOURNALD] = { false, true, TELL_JOURNALD, NULL },
	[OUTPUT_HTML] = { true, false, TELL_TEXT, report_html },
	[OUTPUT_MARKDOWN] = { true, false, TELL_TEXT, report_markdown },
	[OUTPUT_CSV] = { true, false, TELL_TEXT, report_csv },
	[OUTPUT_CSV_CLIENTS] = { true, false, TELL_TEXT, report_csv_clients },
	[OUTPUT_CSV_EXCHANGES] = { true, false, TELL_TEXT, NULL },
	[OUTPUT_HAR] = { true, false, TELL_TEXT, NULL },
	/* Packets, written by cli/slices. */
	[OUTPUT_EVIDENCE] = { false, false, TELL_TEXT, NULL },
	[OUTPUT_ANNOTATED] = { false, false, TELL_TEXT, NULL },
};

/* Colour is for people at a terminal, unless they say otherwise (NO_COLOR: any value but an empty one). */
static bool wants_color(const struct options *o)
{
	const char *no_color = getenv("NO_COLOR");

	if (o->color == WHEN_AUTO)
		return isatty(STDOUT_FILENO) && !(no_color && *no_color);
	return o->color == WHEN_ALWAYS;
}

static bool is_standard(const struct output *want)
{
	return !want->path || !strcmp(want->path, "-");
}

static const char *name_of(const struct output *want)
{
	return is_standard(want) ? "standard output" : want->path;
}

/* ---- opening ---- */

static void hear(void *self, struct span text)
{
	const struct outlet *outlet = self;
	const struct outputs *out = outlet->all;

	if (out->hear)
		out->hear(out->listener, (size_t)(outlet - out->outlets), text);
}

static bool open_file(struct outlet *outlet, const struct output *want, struct fault *f)
{
	FILE *file = is_standard(want) ? stdout : fopen(want->path, "w");

	outlet->stream = file;
	if (file && outlet->all->options->pseudonyms) {
		outlet->tee = (struct tee){ file, outlet, hear };
		outlet->stream = tee_open(&outlet->tee);
		if (!outlet->stream && file != stdout)
			fclose(file);
	}
	return outlet->stream ||
	       fault_set(f, FAULT_OUTPUT, "%s: cannot be written: %s", want->path, strerror(errno));
}

void outputs_hear(struct outputs *out, void *self, void (*listen)(void *self, size_t which, struct span text))
{
	out->listener = self;
	out->hear = listen;
}

const char *outputs_name(const struct outputs *out, size_t which)
{
	return which < out->options->output_count ? name_of(&out->options->outputs[which]) : "";
}

static bool open_spool(struct outlet *outlet, const struct output *want, struct fault *f)
{
	struct keeper *keeper = outlet->all->keeper;
	int fd = STDOUT_FILENO;

	if (!is_standard(want)) {
		outlet->number = keeper_allow(keeper, KEEPER_FILE, want->path, false);
		/* What has not been moved away by then is not emptied under lines that are on their way. */
		outlet->again = keeper_allow(keeper, KEEPER_FILE, want->path, true);
		if (outlet->number < 0 || outlet->again < 0)
			return fault_set(f, FAULT_MEMORY, "%s: too many files", want->path);
		fd = keeper_open(keeper, outlet->number, NULL, f);
		if (fd < 0)
			return false;
	}
	outlet->spool = spool_open(fd, outlet->all->spool);
	if (!outlet->spool)
		return fault_set(f, FAULT_MEMORY, "out of memory");
	outlet->stream = spool_stream(outlet->spool);
	return true;
}

static int connect_again(void *self)
{
	const struct outlet *outlet = self;
	struct fault unheard;

	return outlet->number < 0 ? -1 : keeper_open(outlet->all->keeper, outlet->number, NULL, &unheard);
}

static bool open_tell(struct outlet *outlet, const struct output *want, struct fault *f)
{
	const struct format_row *row = &formats[want->format];
	const char *path = row->is_stream ? NULL : tell_path(row->form, want->path);
	int fd = row->is_stream ? -1 : tell_connect(row->form, want->path, f);

	if (!row->is_stream && fd < 0)
		return false;
	if (path)
		outlet->number = keeper_allow(outlet->all->keeper, KEEPER_SOCKET, path, false);
	outlet->tell = tell_new(&(struct tell_options){
		.form = row->form, .style = outlet->all->style, .out = outlet->stream,
		.events = outlet->events, .fd = fd, .target = want->path,
		.again = connect_again, .self = outlet,
	});
	return outlet->tell || fault_set(f, FAULT_MEMORY, "out of memory");
}

static bool is_packets(enum output_format format)
{
	return format == OUTPUT_EVIDENCE || format == OUTPUT_ANNOTATED;
}

/* What is written, or remembered, as facts arise.  False: out of memory. */
static bool open_ear(struct outlet *outlet, enum output_format format)
{
	const struct report_style *style = &outlet->all->style;

	if (format == OUTPUT_EVENTS)
		return (outlet->events = events_new(outlet->stream, style));
	if (format == OUTPUT_HTML)
		return (outlet->heard = heard_new());
	if (format == OUTPUT_HAR)
		return (outlet->har = har_new(outlet->stream, style, VERSION));
	if (format == OUTPUT_CSV_EXCHANGES)
		outlet->exchanges = csv_exchanges_begin(outlet->stream, style);
	return true;
}

static bool has_ear(const struct outlet *outlet)
{
	return outlet->events || outlet->heard || outlet->har || outlet->exchanges.out;
}

static bool open_one(struct outputs *out, size_t i, struct fault *f)
{
	const struct output *want = &out->options->outputs[i];
	const struct format_row *row = &formats[want->format];
	struct outlet *outlet = &out->outlets[i];

	*outlet = (struct outlet){ .all = out, .number = -1 };
	if (is_packets(want->format))
		return out->options->command == FOR_ANALYZE ||
		       fault_set(f, FAULT_USAGE,
		                 "-o %s takes packets from a file: record them (%s FILE), then analyze FILE",
		                 want->format == OUTPUT_EVIDENCE ? "evidence" : "annotated",
		                 out->options->command == FOR_PROBE ? "--capture" : "-w");
	/* Lines may be lost on the way to a slow reader, and files moved away: half a document is none. */
	if (want->format == OUTPUT_HAR && out->keeper)
		return fault_set(f, FAULT_USAGE,
		                 "-o har is one document of a whole capture: record it (-w FILE), then "
		                 "analyze FILE");
	if (!row->is_stream && !out->keeper)
		return fault_set(f, FAULT_USAGE,
		                 "-o syslog and -o journald tell what happens: they are for capture");
	if (row->is_stream && !(out->keeper ? open_spool : open_file)(outlet, want, f))
		return false;
	if (!open_ear(outlet, want->format))
		return fault_set(f, FAULT_MEMORY, "out of memory");
	/* On a screen findings have a place of their own. */
	return !out->keeper || !row->tells || out->options->command == FOR_WATCH ||
	       open_tell(outlet, want, f);
}

size_t outputs_spooled(const struct options *o)
{
	size_t count = 0;

	for (size_t i = 0; i < o->output_count; i++)
		count += formats[o->outputs[i].format].is_stream;
	return count;
}

bool outputs_open(struct outputs *out, const struct options *o, const struct outputs_live *live,
                  struct fault *f)
{
	*out = (struct outputs){
		.options = o,
		.style = { wants_color(o), o->reveal, TEXT_WIDTH, o->show_from, o->all_notes,
			   .frameless = o->command == FOR_PROBE && !o->write },
		.keeper = live ? live->keeper : NULL,
		.spool = live ? live->spool : 0,
	};
	for (size_t i = 0; i < o->output_count; i++)
		if (!open_one(out, i, f))
			return false;
	return true;
}

bool outputs_start(struct outputs *out, struct fault *f)
{
	for (size_t i = 0; i < out->options->output_count; i++)
		if (out->outlets[i].spool && !spool_start(out->outlets[i].spool))
			return fault_set(f, FAULT_MEMORY, "no thread to write %s",
			                 name_of(&out->options->outputs[i]));
	return true;
}

/* ---- as it happens ---- */

static void take_fact(void *self, const struct fact *fact)
{
	struct outputs *out = self;

	for (size_t i = 0; i < out->options->output_count; i++) {
		struct outlet *outlet = &out->outlets[i];

		if (outlet->events)
			events_fact(outlet->events, fact);
		if (outlet->heard)
			heard_fact(outlet->heard, fact);
		if (outlet->har)
			har_fact(outlet->har, fact);
		if (outlet->exchanges.out)
			csv_exchanges_fact(&outlet->exchanges, fact);
	}
}

struct fact_sink outputs_listener(struct outputs *out)
{
	for (size_t i = 0; i < out->options->output_count; i++)
		if (has_ear(&out->outlets[i]))
			return (struct fact_sink){ out, take_fact };
	return (struct fact_sink){ 0 };
}

void outputs_tell(struct outputs *out, const struct journal_entry *e)
{
	for (size_t i = 0; i < out->options->output_count; i++) {
		struct outlet *outlet = &out->outlets[i];

		if (!outlet->tell || (out->ending && out->options->outputs[i].format == OUTPUT_TEXT))
			continue;
		tell_entry(outlet->tell, e);
		outlet->told = true;
	}
}

/* Reports stand apart from what was told before them. */
static void part(struct outlet *outlet)
{
	if (outlet->told)
		fputc('\n', outlet->stream);
	outlet->told = false;
}

void outputs_say(struct outputs *out, const char *text)
{
	bool said = false;

	for (size_t i = 0; i < out->options->output_count; i++) {
		if (out->options->outputs[i].format != OUTPUT_TEXT)
			continue;
		part(&out->outlets[i]);
		fputs(text, out->outlets[i].stream);
		out->outlets[i].told = said = true;
	}
	if (!said)
		fputs(text, stderr);
}

void outputs_flush(struct outputs *out)
{
	for (size_t i = 0; i < out->options->output_count; i++)
		if (out->outlets[i].stream)
			fflush(out->outlets[i].stream);
}

bool outputs_reopen(struct outputs *out, struct fault *f)
{
	bool good = true;

	for (size_t i = 0; i < out->options->output_count; i++) {
		struct outlet *outlet = &out->outlets[i];
		int fd;

		if (!outlet->spool || outlet->number < 0)
			continue;
		fd = keeper_open(out->keeper, outlet->again, NULL, f);
		if (fd >= 0)
			spool_reopen(outlet->spool, fd);
		good = good && fd >= 0;
	}
	return good;
}

uint64_t outputs_lost(const struct outputs *out, size_t i)
{
	const struct outlet *outlet = &out->outlets[i];

	return (outlet->spool ? spool_lost(outlet->spool) : 0) + (outlet->tell ? tell_lost(outlet->tell) : 0);
}

/* ---- at the end ---- */

static void end_events(const struct outlet *outlet, const struct report *r, enum severity from)
{
	for (size_t i = 0; i < r->check_count; i++)
		events_check(outlet->events, &r->checks[i]);
	/* What was told as it happened is told already. */
	for (size_t i = 0; !outlet->tell && i < findings_count(r->findings); i++)
		if (findings_at(r->findings, i)->severity >= from)
			events_finding(outlet->events, findings_at(r->findings, i));
}

static void write_one(struct outputs *out, size_t i, const struct report *r)
{
	const struct format_row *row = &formats[out->options->outputs[i].format];
	struct outlet *outlet = &out->outlets[i];
	struct report own = *r;

	own.heard = outlet->heard;
	if (outlet->spool)
		spool_patient(outlet->spool, PATIENCE);
	if (outlet->events)
		end_events(outlet, r, out->style.from);
	if (!row->report)
		return;
	part(outlet);
	row->report(outlet->stream, &own, &out->style);
}

void outputs_write(struct outputs *out, const struct report *r)
{
	for (size_t i = 0; i < out->options->output_count; i++)
		write_one(out, i, r);
}

static bool close_stream(struct outlet *outlet, const struct output *want, struct fault *f)
{
	struct fault why;
	bool good;

	if (outlet->spool) {
		if (spool_close(outlet->spool, PATIENCE, &why))
			return true;
		return fault_set(f, FAULT_OUTPUT, "%s: %s", name_of(want), why.text);
	}
	good = !fflush(outlet->stream) && !ferror(outlet->stream);
	if (!good)
		fault_set(f, FAULT_OUTPUT, "%s: cannot be written: %s", name_of(want), strerror(errno));
	if (outlet->stream != stdout)
		fclose(outlet->stream);
	return good;
}

bool outputs_close(struct outputs *out, struct fault *f)
{
	bool good = true;

	for (size_t i = 0; i < out->options->output_count; i++) {
		struct outlet *outlet = &out->outlets[i];
		struct fault why;

		tell_free(outlet->tell);
		events_free(outlet->events);
		heard_free(outlet->heard);
		if (outlet->har)
			har_end(outlet->har);
		har_free(outlet->har);
		if (outlet->stream && !close_stream(outlet, &out->options->outputs[i], &why) && good) {
			*f = why;
			good = false;
		}
	}
	return good;
}
