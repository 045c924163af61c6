/* cli/probed.h - one round of a probe, from its plan to its results: checks beside what the engine that reads
 * captures finds in their packets. */
#ifndef CLI_PROBED_H
#define CLI_PROBED_H

#include "capture/source.h"
#include "cli/engine.h"
#include "cli/joins.h"
#include "cli/recorder.h"
#include "probes/probe.h"

struct probed_options {                 /* all borrowed */
	const struct probe_options *probe;
	const char *capture;            /* file to record into and to judge by; NULL: none */
	const char *device;
	struct fact_sink listener;      /* hears every fact; take == NULL: nobody */
	void (*ended)(void *self, const struct check *check);   /* NULL: nobody hears */
	void *self;
};

struct probed {
	struct probed_options options;
	struct probe *probe;
	struct recorder recorder;
	struct source *source;          /* of the capture; NULL: packets come from the tape */
	struct joins joins;
	struct engine *engine;
	char **sups;                    /* what answered for update points, for the engine */
	size_t sup_count;
	struct report_check *results;
	struct report_input *inputs;
	struct report report;
};

/* Plans.  probed_close is safe either way. */
bool probed_open(struct probed *p, const struct probed_options *o, struct fault *f);

/* Sends what was planned. */
bool probed_run(struct probed *p, struct fault *f);

/* Judges what was heard; then report and results are whole.  A FAULT_CUT leaves both good. */
bool probed_judge(struct probed *p, struct fault *f);

void probed_close(struct probed *p);

/* What checks and findings come to: the gravest of both; SEVERITY_COUNT: nothing. */
bool probed_fails(const struct probed *p, enum severity from);

#endif
