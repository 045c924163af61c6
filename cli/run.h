/* cli/run.h - one run of an engine over a source, from first frame to final report. */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "capture/source.h"
#include "cli/command.h"
#include "cli/engine.h"
#include "cli/outputs.h"

struct run {
	const struct options *options;  /* borrowed */
	struct outputs outputs;
	struct engine *engine;
	struct source *source;
	int status;                     /* the worst so far */
};

/* Opens outputs and engine.  False: run->status says why, and it has been printed. */
bool run_open(struct run *r, const struct options *o);

/* Prints the fault and remembers the status it means. */
void run_fault(struct run *r, const struct fault *f);

/* Settles, writes the reports, frees everything; the exit status of the command. */
int run_close(struct run *r);

#endif
