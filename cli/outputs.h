/* cli/outputs.h - where results go: every -o, opened before the first frame is read. */
#ifndef CLI_OUTPUTS_H
#define CLI_OUTPUTS_H

#include "base/fault.h"
#include "capture/source.h"
#include "cli/engine.h"
#include "cli/options.h"
#include "report/events.h"

struct outputs {
	const struct options *options;  /* borrowed */
	struct report_style style;
	FILE *streams[OUTPUTS_MAX];
	struct events *events[OUTPUTS_MAX];     /* NULL where the format is another */
};

/* False: the fault tells which file could not be made; outputs_close is safe either way. */
bool outputs_open(struct outputs *out, const struct options *o, struct fault *f);

/* For the engine: writes event lines as facts arise; take is NULL when no output wants them. */
struct fact_sink outputs_listener(struct outputs *out);

/* For findings_watch, live: a finding as text where text is written. */
void outputs_raised(void *self, const struct finding *finding);

/* The final reports, about what the engine and the source came to. */
bool outputs_write(struct outputs *out, struct engine *e, const struct source *s, struct fault *f);

/* The same of a probe, whose report is whole but for the engine's part; `f` as above. */
bool outputs_write_probe(struct outputs *out, struct engine *e, const struct source *s, struct report *r,
                         struct fault *f);

bool outputs_close(struct outputs *out, struct fault *f);

#endif
