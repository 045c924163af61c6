/* cli/cmd_analyze.c - wsuscope analyze FILE... */
#include "cli/progress.h"
#include "cli/run.h"

enum { FRAMES_A_LOOK = 8192 };          /* between looks at the clock */

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
			if (++frames % FRAMES_A_LOOK == 0)
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
	if (run_files(&r, source_open(o->files, o->file_count, o->filter, &f), &f)) {
		read_all(&r);
		if (run_end(&r, &report))
			run_write(&r, &report);
	}
	return run_close(&r);
}
