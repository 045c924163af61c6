/* cli/cmd_capture.c - wsuscope capture -i IFACE: the same engine, as it happens. */
#include <signal.h>
#include <stdio.h>
#include <time.h>

#include "capture/writer.h"
#include "cli/run.h"

/* A handler has no argument: the one source that a signal may stop. */
static struct source *volatile interrupted;

static void on_signal(int number)
{
	(void)number;
	if (interrupted)
		source_stop(interrupted);
}

static void stop_on_signals(struct source *s)
{
	static const int numbers[] = { SIGINT, SIGTERM };
	struct sigaction action = { .sa_handler = on_signal };

	interrupted = s;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		sigaction(numbers[i], &action, NULL);
}

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * MOMENT_S + t.tv_nsec;
}

static bool is_over(const struct options *o, uint64_t frames, int64_t started)
{
	return (o->frame_limit && frames >= o->frame_limit) ||
	       (o->seconds && now() - started >= (int64_t)o->seconds * MOMENT_S);
}

/* A recording that fails ends, loudly; the analysis goes on. */
static void record(struct run *r, struct writer **w, const struct frame *frame)
{
	struct fault f = { 0 };

	if (!*w || writer_frame(*w, frame, SPAN(""), &f))
		return;
	run_fault(r, &f);
	writer_close(*w, &f);
	*w = NULL;
}

/* A quiet moment: what was recorded so far can be read by others. */
static void flush(struct run *r, struct writer *w)
{
	struct fault f = { 0 };

	if (w && !writer_flush(w, &f))
		run_fault(r, &f);
}

static void read_live(struct run *r, struct writer **w)
{
	const struct options *o = r->options;
	int64_t started = now();
	struct fault f = { 0 };
	struct frame frame;
	uint64_t frames = 0;

	while (!is_over(o, frames, started)) {
		switch (source_next(r->source, &frame, &f)) {
		case SOURCE_FRAME:
			frames++;
			record(r, w, &frame);
			engine_frame(r->engine, &frame);
			break;
		case SOURCE_IDLE:
			flush(r, *w);
			break;
		case SOURCE_FAULT:
			run_fault(r, &f);
			return;
		case SOURCE_END:
			return;
		}
	}
}

static bool open_live(struct run *r, struct writer **w, struct fault *f)
{
	const struct options *o = r->options;

	r->source = source_live(&(struct source_live_options){ o->interface, o->filter, o->snaplen,
	                                                       !o->not_promiscuous, o->buffer_kib }, f);
	if (!r->source)
		return false;
	if (o->write)
		*w = writer_open(o->write, WRITER_PCAPNG, f);
	if (!o->write || *w)
		return true;
	/* Nothing was captured: without a source there is nothing to report. */
	source_close(r->source);
	r->source = NULL;
	return false;
}

int cmd_capture(const struct options *o)
{
	struct writer *w = NULL;
	struct fault f = { 0 };
	struct run r;

	if (!o->interface || o->file_count) {
		fault_set(&f, FAULT_USAGE,
		          "capture: name one interface with -i (and no files); ip link lists them");
		return command_fault(&f);
	}
	if (!run_open(&r, o, true))
		return run_close(&r);
	if (!open_live(&r, &w, &f)) {
		run_fault(&r, &f);
		return run_close(&r);
	}
	findings_watch(engine_findings(r.engine), outputs_raised, &r.outputs);
	if (!o->quiet)
		fprintf(stderr, "wsuscope: capturing on %s; Ctrl-C ends it and prints the report\n",
		        o->interface);
	stop_on_signals(r.source);
	read_live(&r, &w);
	interrupted = NULL;
	if (w)
		writer_dropped(w, 0, 0, source_info(r.source, 0)->dropped);
	if (w && !writer_close(w, &f))
		run_fault(&r, &f);
	return run_close(&r);
}
