/* cli/sensorstate.h - what a live run consists of: between sensor.c (the loop), sensor_open.c (the order in
 * which it is made and rights go) and sensor_metrics.c alone. */
#ifndef CLI_SENSORSTATE_H
#define CLI_SENSORSTATE_H

#include "capture/wanted.h"
#include "cli/evidence.h"
#include "cli/pace.h"
#include "cli/publish.h"
#include "cli/sensor.h"
#include "cli/service.h"

enum { PAST_MAX = 500 };

struct sensor {
	const struct options *options;          /* borrowed, as the hooks */
	const struct sensor_hooks *hooks;
	struct run run;
	struct keeper *keeper;
	/* what is captured by default, with VLAN tags and for links that know none; "": everything */
	char filter[WANTED_TEXT], untagged[WANTED_TEXT];
	struct evidence_file *evidence;         /* NULL: nothing is recorded */
	struct judge *judge;
	struct journal *journal;
	struct report_past past[PAST_MAX];      /* for the report at the end */
	struct tally *tally;
	struct publish *publish;                /* NULL: no metrics */
	int metrics_file;                       /* the keeper's number; -1 */
	bool publish_failed;                    /* and that was said */
	struct service *service;
	struct fact_sink events;                /* of the outputs */
	struct pace pace;
	bool looked_on;                         /* hooks->start was called, hooks->end is due */
	bool over;
	bool blind;                             /* no judgement can be made, and that was said */
	bool supposes;                          /* the child that judges: what it ends goes on */
	uint64_t frames, bytes;
	int64_t began;                          /* ns since 1970 */
	int64_t started, next_turn, next_metrics;       /* of the monotonic clock */
	char status[160];                       /* for the service manager */
};

/* Opens all that needs rights, gives them up, starts what may run without.  False: it has been said why. */
bool sensor_open(struct sensor *s, const struct options *o, const struct sensor_hooks *hooks);

/* Safe either way; the exit status. */
int sensor_close(struct sensor *s);

/* The time that findings are told by: the frames', which stands still while no packet comes, or the
 * machine's. */
int64_t sensor_now(const struct sensor *s);

/* Until when all packets that came have been seen, ns since 1970; MOMENT_NONE: the frames themselves tell. */
int64_t sensor_until(const struct sensor *s);

/* Metrics, if they are wanted.  False: the fault tells. */
bool sensor_open_metrics(struct sensor *s, struct fault *f);

/* The numbers of this moment are what is fetched from now on. */
void sensor_publish(struct sensor *s);

#endif
