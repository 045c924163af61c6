/* cli/progress.h - one line on standard error about how far a long run is. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "capture/source.h"
#include "cli/options.h"

struct progress {
	bool on, shown;
	int64_t next;                   /* monotonic ns of the next line */
};

struct progress progress_start(const struct options *o);

/* Cheap enough to call once in some thousand frames. */
void progress_show(struct progress *p, const struct source *s, uint64_t frames);
void progress_end(struct progress *p);          /* wipes the line */

#endif
