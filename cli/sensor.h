/* cli/sensor.h - a live run: one loop over packets, judgements, recording, signals and whoever looks on. */
#ifndef CLI_SENSOR_H
#define CLI_SENSOR_H

#include "cli/run.h"
#include "live/journal.h"
#include "live/judge.h"
#include "live/tally.h"

/* What a command adds to the loop; each may be NULL. */
struct sensor_hooks {
	void *self;
	/* Starts what needs no rights any more, before the seal.  `source` is lent until the run is over. */
	bool (*start)(void *self, const struct source *source, struct fault *f);
	void (*fact)(void *self, const struct fact *fact);
	/* What the journal tells, as it tells it. */
	void (*told)(void *self, const struct journal_entry *e);
	/* Ten times a second at most; `view` is NULL until there is one; `now` is the capture's clock.
	 * False: the run ends. */
	bool (*turn)(void *self, const struct view *view, const struct tally *tally, int64_t now);
	/* Once start was called, on every way out, before the report is written: the terminal is whole. */
	void (*end)(void *self);
};

/* How --memory is shared, before anything is opened.  False: it is too little, and the fault tells. */
bool sensor_share(const struct options *o, struct shares *s, struct fault *f);

/* What no live run can be meant by.  False: the fault tells. */
bool sensor_is_sensible(const struct options *o, struct fault *f);

/* Captures (or replays, watch -r) until told to stop: the command's exit status. */
int sensor_run(const struct options *o, const struct sensor_hooks *hooks);

#endif
