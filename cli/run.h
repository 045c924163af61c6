/* cli/run.h - one run of an engine over a source, from first frame to final report. */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "capture/source.h"
#include "cli/clients.h"
#include "cli/command.h"
#include "cli/engine.h"
#include "cli/keys.h"
#include "cli/outputs.h"
#include "cli/shares.h"
#include "live/usage.h"

struct run_input;

struct run {
	const struct options *options;  /* borrowed */
	struct outputs outputs;
	struct engine *engine;
	struct source *source;
	struct keys keys;
	struct clients clients;         /* that are expected */
	struct shares shares;           /* of --memory */
	struct usage usage;
	struct run_input *inputs;       /* of files: what the engine knows of each */
	struct report_input *told;      /* of the report: what the source came to */
	const char *sandbox;            /* see struct report; `lacking` as guard_seal says it */
	char lacking[200];
	int status;                     /* the worst so far */
};

/* What a live run has and the reading of files has not. */
struct run_live {
	struct fact_sink listener;      /* hears facts instead of the outputs */
	struct keeper *keeper;          /* by which outputs are opened */
	struct shares shares;
	int64_t renew;                  /* see engine_options */
};

/* Opens outputs and engine and reads keys; `live` is NULL for files, and key logs may grow otherwise.  False:
 * run->status says why, and it has been printed. */
bool run_open(struct run *r, const struct options *o, const struct run_live *live);

/* One more engine as the run's own, for other frames, with a listener of its own (take == NULL: nobody); keys
 * are the run's, which outlives it.  NULL: out of memory. */
struct engine *run_engine(const struct run *r, struct fact_sink listener);

/* Files are the run's from now on.  False: there are none, for the reason given, or memory is out; it has
 * been printed. */
bool run_files(struct run *r, struct source *s, const struct fault *f);

/* Rights have been given up, or --no-sandbox keeps them: for the report; says what is missing. */
void run_sealed(struct run *r);

/* Looks what the process holds, and keeps the engine to what is left; some times a second. */
void run_hold(struct run *r);

/* A frame of them, for the engine; secrets that the files hold before it go first. */
void run_frame(struct run *r, const struct frame *frame);

/* All frames of the files, with a line of progress; what a file breaks off with is printed and remembered. */
void run_read(struct run *r);

/* Prints the fault and remembers the status it means. */
void run_fault(struct run *r, const struct fault *f);

/* When the source's last input ended, as far as inputs tell; MOMENT_NONE: none does. */
int64_t run_ended(const struct run *r);

/* Judges as if the source were over at `until` (or with its last frame, where that is later or not known),
 * and fills a report whose parts live as long as the run; nothing may follow but run_write and run_close.
 * False: out of memory. */
bool run_judge(struct run *r, int64_t until, struct report *report);

/* The source is over: the same, and says what is odd about the run.  False: it has said why. */
bool run_end(struct run *r, int64_t until, struct report *report);

/* Writes the report to all outputs, and remembers the status. */
void run_write(struct run *r, const struct report *report);

/* Frees everything; the exit status of the command. */
int run_close(struct run *r);

#endif
