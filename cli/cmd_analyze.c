/* cli/cmd_analyze.c - wsuscope analyze FILE... */
#include <string.h>

#include "cli/progress.h"
#include "cli/run.h"
#include "guard/guard.h"

enum { FRAMES_A_LOOK = 8192 };          /* between looks at the clock, and at memory */

static void read_all(struct run *r)
{
	struct progress progress = progress_start(r->options);
	struct fault f = { 0 };
	struct frame frame;
	uint64_t frames = 0;

	for (;;) {
		switch (source_next(r->source, &frame, &f)) {
		case SOURCE_FRAME:
			run_frame(r, &frame);
			if (++frames % FRAMES_A_LOOK)
				break;
			run_hold(r);
			progress_show(&progress, r->source, frames);
			break;
		case SOURCE_FAULT:
			progress_end(&progress);
			run_fault(r, &f);
			break;
		case SOURCE_IDLE:
			break;
		case SOURCE_END:
			progress_end(&progress);
			return;
		}
	}
}

/* Sections of pcapng may bring secrets along. */
static bool may_hold_keys(const struct source *s)
{
	for (size_t i = 0; i < source_count(s); i++)
		if (!strncmp(source_info(s, i)->format, "pcapng", strlen("pcapng")))
			return true;
	return false;
}

/* All is open: what reads packets needs no file, no network and no program.  Of many files some are opened
 * again. */
static bool lock_in(struct run *r)
{
	const struct options *o = r->options;
	const struct guard_options guard = {
		.stays = true, .reads = o->files, .read_count = source_reopens(r->source) ? o->file_count : 0,
	};
	struct fault f;

	if (!o->no_sandbox) {
		tlskeys_prepare(engine_keys(r->engine), may_hold_keys(r->source));
		if (!guard_drop(&guard, &f) || !guard_seal(&guard, r->lacking, &f)) {
			run_fault(r, &f);
			return false;
		}
	}
	run_sealed(r);
	return true;
}

int cmd_analyze(const struct options *o)
{
	struct fault f = { 0 };
	struct report report;
	struct run r;

	if (!o->file_count) {
		fault_set(&f, FAULT_USAGE, "analyze: name one capture file or more, or - for standard input");
		return command_fault(&f);
	}
	if (!run_open(&r, o, NULL))
		return run_close(&r);
	if (run_files(&r, source_open(o->files, o->file_count, o->filter, &f), &f) && lock_in(&r)) {
		read_all(&r);
		if (run_end(&r, run_ended(&r), &report))
			run_write(&r, &report);
	}
	return run_close(&r);
}
