/* cli/evidence.c - recording and pre-trigger behind one door. */
#include "cli/evidence.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "cli/engine.h"

enum { FOLLOWED = 65536 };              /* connections of findings that are recorded at a time */

struct evidence_file {
	const struct source *source;
	struct keeper *keeper;
	int number;                     /* the keeper's; -1: standard output */
	int again;                      /* the same file, but not emptied when it is opened */
	bool opened;
	bool series;
	bool stopped;
	struct recording *recording;
	struct pretrigger *pretrigger;  /* NULL: all is recorded */
	size_t room;                    /* bytes that it may hold */
};

static int open_file(void *self, const char *part, struct fault *f)
{
	struct evidence_file *e = self;
	bool again = e->opened && !e->series;

	e->opened = true;
	if (e->number < 0)
		return STDOUT_FILENO;
	return keeper_open(e->keeper, again ? e->again : e->number, e->series ? part : NULL, f);
}

static bool remove_file(void *self, const char *part, struct fault *f)
{
	const struct evidence_file *e = self;

	return keeper_remove(e->keeper, e->number, part, f);
}

/* Conditions that end a file and not only the run. */
static bool is_series(const struct recording_limits *each)
{
	return each->bytes || each->frames || each->duration || each->interval;
}

static bool ends_with(const char *path, const char *end)
{
	return span_iends(span_text(path), span_text(end));
}

/* The first time a file is emptied; when it has not been moved away by then, later it is not. */
static bool allow(struct evidence_file *e, const struct options *o, struct fault *f)
{
	e->series = is_series(&o->each);
	e->number = e->again = -1;
	if (!strcmp(o->write, "-"))
		return !e->series ||
		       fault_set(f, FAULT_USAGE, "-b: standard output is one file; name one with -w");
	e->number = keeper_allow(e->keeper, e->series ? KEEPER_SERIES : KEEPER_FILE, o->write, false);
	if (!e->series)
		e->again = keeper_allow(e->keeper, KEEPER_FILE, o->write, true);
	return (e->number >= 0 && (e->series || e->again >= 0)) ||
	       fault_set(f, FAULT_MEMORY, "%s: too many files", o->write);
}

static bool begin(struct evidence_file *e, const struct options *o, const char *filter, struct fault *f)
{
	struct recording_limits all = o->stop;

	if (!allow(e, o, f))
		return false;
	all.frames = options_frames(o);
	all.duration = 0;               /* the run's, which goes by a clock that nobody sets */
	e->recording = recording_open(&(struct recording_options){
		.path = o->write,
		.format = ends_with(o->write, ".pcap") ? WRITER_PCAP : WRITER_PCAPNG,
		.each = o->each, .all = all,
		.files = { e, open_file, remove_file },
		.snaplen = o->snaplen > 0 ? (uint32_t)o->snaplen : 0, .now = clock_now(),
		.comment = o->only_findings ? "Only connections that findings are about" : NULL,
	}, f);
	if (!e->recording)
		return false;
	for (size_t i = 0; i < source_count(e->source); i++)
		recording_interface(e->recording, (uint16_t)i, source_info(e->source, i)->name,
		                    o->only_filter ? o->only_filter : filter);
	if (!o->only_findings)
		return true;
	e->pretrigger = pretrigger_new(e->recording, e->room, FOLLOWED);
	return e->pretrigger || fault_set(f, FAULT_MEMORY, "no memory for packets that wait for a finding");
}

struct evidence_file *evidence_open(const struct options *o, struct keeper *keeper, const struct source *s,
                                    const char *filter, size_t room, struct fault *f)
{
	struct evidence_file *e;
	struct fault ignored;

	*f = (struct fault){ 0 };
	if (!o->write)
		return NULL;
	e = calloc(1, sizeof *e);
	if (!e) {
		fault_set(f, FAULT_MEMORY, "out of memory");
		return NULL;
	}
	e->source = s;
	e->keeper = keeper;
	e->room = room;
	if (begin(e, o, filter, f))
		return e;
	evidence_close(e, &ignored);
	return NULL;
}

/* What stops recording is told once. */
static bool goes_on(struct evidence_file *e, bool good)
{
	bool first = !good && !e->stopped;

	e->stopped |= !good;
	return !first;
}

bool evidence_frame(struct evidence_file *e, const struct frame *frame, uint64_t stream, struct fault *f)
{
	/* Of a pre-trigger's streams, 0 is none. */
	return goes_on(e, e->pretrigger ? pretrigger_frame(e->pretrigger, frame,
	                                                   stream == ENGINE_NO_STREAM ? 0 : stream + 1, f)
	                                : recording_frame(e->recording, frame, SPAN(""), f));
}

void evidence_finding(struct evidence_file *e, const struct finding *n)
{
	uint64_t streams[FINDING_STREAMS];

	if (!e->pretrigger)
		return;
	for (unsigned i = 0; i < n->stream_count; i++)
		streams[i] = n->streams[i] + 1;
	pretrigger_want(e->pretrigger, streams, n->stream_count, n->frames, n->frame_count);
}

bool evidence_take(struct evidence_file *e, struct fault *f)
{
	return !e->pretrigger || goes_on(e, pretrigger_take(e->pretrigger, f));
}

bool evidence_turn(struct evidence_file *e, int64_t until, struct fault *f)
{
	for (size_t i = 0; i < source_count(e->source); i++) {
		const struct source_info *in = source_info(e->source, i);

		recording_lost(e->recording, (uint16_t)i, &(struct recording_losses){
			in->dropped_kernel, in->dropped_interface, in->dropped_ours });
		recording_received(e->recording, (uint16_t)i, in->frames);
	}
	return goes_on(e, recording_turn(e->recording, until, f));
}

bool evidence_reopen(struct evidence_file *e, struct fault *f)
{
	return goes_on(e, recording_switch(e->recording, f));
}

bool evidence_is_over(const struct evidence_file *e)
{
	return recording_is_over(e->recording);
}

struct evidence_counts evidence_counts(const struct evidence_file *e)
{
	if (!e)
		return (struct evidence_counts){ 0 };
	return (struct evidence_counts){
		recording_frames(e->recording), recording_bytes(e->recording), recording_missed(e->recording),
		e->pretrigger ? pretrigger_late(e->pretrigger) : 0,
		e->pretrigger ? pretrigger_bytes(e->pretrigger) : 0, e->pretrigger ? e->room : 0,
		e->stopped,
	};
}

bool evidence_close(struct evidence_file *e, struct fault *f)
{
	bool good = true;

	if (!e)
		return true;
	pretrigger_free(e->pretrigger);
	if (e->recording)
		good = recording_close(e->recording, f);
	good = goes_on(e, good);
	free(e);
	return good;
}
