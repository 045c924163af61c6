/* cli/outputs.h - where results go: every -o, opened before the first frame is read.
 *
 * Those of a live run are opened by a keeper and written through spools, so
 * that no reader can stop it; they also tell the journal's entries.
 */
#ifndef CLI_OUTPUTS_H
#define CLI_OUTPUTS_H

#include "base/fault.h"
#include "cli/options.h"
#include "facts/fact.h"
#include "cli/tee.h"
#include "guard/keeper.h"
#include "live/spool.h"
#include "live/tell.h"
#include "report/csv_exchanges.h"
#include "report/events.h"
#include "report/har.h"
#include "report/heard.h"

struct outputs;

struct outlet {                         /* of one -o */
	struct outputs *all;
	FILE *stream;                   /* NULL: syslog, journald */
	struct spool *spool;            /* live: what `stream` is */
	struct events *events;          /* NULL where the format is another */
	struct tell *tell;              /* live; NULL where nothing is told as it happens */
	struct heard *heard;            /* NULL where the format draws nothing */
	struct har *har;                /* NULL where the format is another */
	struct csv exchanges;           /* its `out` is NULL where the format is another */
	bool told;                      /* text: something, since the last report */
	struct tee tee;                 /* under pseudonyms: what is behind `stream` */
	int number;                     /* the keeper's; -1: not opened by it */
	int again;                      /* the same file, continued when it is opened again */
};

struct outputs {
	const struct options *options;  /* borrowed */
	struct report_style style;
	struct keeper *keeper;          /* borrowed; NULL: the run is not live */
	size_t spool;                   /* see outputs_live */
	bool ending;                    /* the report at the end follows, and says what a text would tell */
	void *listener;                 /* see outputs_hear */
	void (*hear)(void *self, size_t which, struct span text);
	struct outlet outlets[OUTPUTS_MAX];
};

/* Of a live run. */
struct outputs_live {
	struct keeper *keeper;          /* that opens them */
	size_t spool;                   /* bytes that may wait for each */
};

/* How many of those that are asked for are written through spools when they are live. */
size_t outputs_spooled(const struct options *o);

/* False: the fault tells which file could not be made; outputs_close is safe either way.  `live` is NULL
 * where the run is not; where it is, `out` stays where it is until outputs_close. */
bool outputs_open(struct outputs *out, const struct options *o, const struct outputs_live *live,
                  struct fault *f);

/* Live, once rights are dropped and before threads are denied. */
bool outputs_start(struct outputs *out, struct fault *f);

/* For the engine: writes event lines as facts arise; take is NULL when no output wants them. */
struct fact_sink outputs_listener(struct outputs *out);

/* Live: an entry of the journal to all who tell it; a text where text is written, on standard error if
 * nowhere; what has gathered is handed on; files that were moved away are made anew. */
void outputs_tell(struct outputs *out, const struct journal_entry *e);
void outputs_say(struct outputs *out, const char *text);
void outputs_flush(struct outputs *out);
bool outputs_reopen(struct outputs *out, struct fault *f);
uint64_t outputs_lost(const struct outputs *out, size_t i);     /* lines and messages of one, so far */

/* Under pseudonyms: who hears what is written to each, by its number; hear NULL: nobody.  `out` stays where
 * it is then until outputs_close. */
void outputs_hear(struct outputs *out, void *self,
		  void (*listen)(void *self, size_t which, struct span text));
const char *outputs_name(const struct outputs *out, size_t which);      /* its file; "standard output" */

/* The final reports. */
void outputs_write(struct outputs *out, const struct report *r);

bool outputs_close(struct outputs *out, struct fault *f);

#endif
