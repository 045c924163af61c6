/* screen/shown.h - what a screen shows: a copy of the latest view, which stands still when frozen. */
#ifndef SCREEN_SHOWN_H
#define SCREEN_SHOWN_H

#include "base/arena.h"
#include "base/map.h"
#include "live/journal.h"
#include "live/tally.h"
#include "live/view.h"
#include "report/recent.h"

struct story {                          /* findings of one kind and cause's place: a row */
	const struct finding *head;     /* the gravest, and of these the first */
	const struct finding *const *all;
	size_t findings;
	size_t clients;                 /* those of a client of its own */
	uint64_t count;
	int64_t first, last;
	bool over;                      /* all of them, as the journal told */
	bool cut;                       /* there are more of that kind than the view names */
};

struct server_row {
	struct endpoint at;
	double rate[3];                 /* exchanges a second, over 1, 10, 60 seconds */
	uint64_t status[STATUS_CLASSES], connections, failed_connections, exchanges, bytes;
	int64_t median, slowest;        /* ns to the first byte: of half, of 19 in 20; -1 unknown */
	int64_t last;
};

struct shown {
	struct arena room;              /* of all that follows */
	bool any;                       /* a view has come */
	struct view view;               /* of what is copied, pointers into `room` */
	const struct view *from;        /* which it was: it is copied once */
	struct story *stories;
	size_t story_count;
	/* what comes more often than views */
	struct server_row servers[TALLY_SERVERS];
	size_t server_count;
	struct recent_row rows[RECENT_ROWS];    /* of the client that is open */
	size_t row_count;
	int64_t now;                    /* the capture's clock */
	/* what the journal told last of each finding */
	struct map words;
};

void shown_init(struct shown *s);
void shown_release(struct shown *s);

/* The latest of everything; view, recent and client may be NULL.  True: the view is another. */
bool shown_take(struct shown *s, const struct view *view, const struct tally *tally, int64_t now);
void shown_rows(struct shown *s, const struct recent *recent, const struct addr *client);

/* A finding's state, as it is told. */
void shown_told(struct shown *s, const struct journal_entry *e);

/* The server of that endpoint, as reports name it; NULL: none. */
const struct server_seen *shown_server(const struct shown *s, const struct endpoint *at);

/* The rung that stopped it, RUNG_COUNT: none; and the highest that it got past. */
enum rung_name shown_stop(const struct ladder *l);
enum rung_name shown_height(const struct ladder *l);

#endif
