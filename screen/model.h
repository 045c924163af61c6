/* screen/model.h - from a run and keys to lines of cells.  No terminal is needed to know what it shows.
 *
 * Panes: clients by rung, servers with their rates, findings.  A client opens to its ladder and its last
 * exchanges as a call flow, a finding to its cause and what to do.  Frozen, all stands still while counting
 * goes on.
 */
#ifndef SCREEN_MODEL_H
#define SCREEN_MODEL_H

#include "live/journal.h"
#include "live/tally.h"
#include "live/view.h"
#include "report/recent.h"
#include "screen/canvas.h"
#include "screen/keys.h"

struct screen;

struct screen_options {
	bool ascii;                     /* no lines but of ASCII */
	bool reveal;                    /* do not mask names */
	enum severity from;             /* findings from this level */
};

struct screen_input {                   /* what the source knows */
	char name[64];                  /* of the interface, or the file */
	uint64_t frames, dropped;
	bool away;                      /* no interface is there */
};

struct screen_news {                    /* lent for the call */
	const struct view *view;        /* NULL: none yet */
	const struct tally *tally;
	const struct recent *recent;
	struct screen_input input;
	int64_t now;                    /* the capture's clock; MOMENT_NONE: no frame yet */
};

struct screen *screen_new(const struct screen_options *o);      /* NULL: out of memory */
void screen_free(struct screen *s);

/* The latest; nothing of it is looked at while the view is frozen, but that the run goes on. */
void screen_take(struct screen *s, const struct screen_news *news);
void screen_told(struct screen *s, const struct journal_entry *e);

/* Words about the run, for the line of messages; copied. */
void screen_say(struct screen *s, const char *words);

/* False: the user wants to leave. */
bool screen_press(struct screen *s, struct press press);

/* What is to be seen in so many columns and rows; lent until the next call.  NULL: out of memory. */
const struct canvas *screen_draw(struct screen *s, unsigned width, unsigned height);

#endif
