/* cli/run.h - one run of an engine over a source, from first frame to final report. */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "capture/source.h"
#include "cli/clients.h"
#include "cli/command.h"
#include "cli/engine.h"
#include "cli/keys.h"
#include "cli/outputs.h"

struct run_input;

struct run {
	const struct options *options;  /* borrowed */
	struct outputs outputs;
	struct engine *engine;
	struct source *source;
	struct keys keys;
	struct clients clients;         /* that are expected */
	struct run_input *inputs;       /* of files: what the engine knows of each */
	int status;                     /* the worst so far */
};

/* Opens outputs and engine and reads keys; `live`: key logs may grow.  False: run->status says why, and it
 * has been printed. */
bool run_open(struct run *r, const struct options *o, bool live);

/* Files are the run's from now on.  False: there are none, for the reason given, or memory is out; it has
 * been printed. */
bool run_files(struct run *r, struct source *s, const struct fault *f);

/* A frame of them, for the engine; secrets that the files hold before it go first. */
void run_frame(struct run *r, const struct frame *frame);

/* Prints the fault and remembers the status it means. */
void run_fault(struct run *r, const struct fault *f);

/* Settles, writes the reports, frees everything; the exit status of the command. */
int run_close(struct run *r);

#endif
