/* screen/parts.h - what the files of screen/model share: the state, and a row of functions for each pane. */
#ifndef SCREEN_PARTS_H
#define SCREEN_PARTS_H

#include "base/span.h"
#include "screen/model.h"
#include "screen/shown.h"

enum pane_name { PANE_CLIENTS, PANE_SERVERS, PANE_FINDINGS, PANE_COUNT };
enum opened { OPENED_NOTHING, OPENED_CLIENT, OPENED_FINDING };
enum { FILTER_TEXT = 64, MESSAGE_TEXT = 240, ABOUT_TEXT = 1024, IDENTITY = 64 };

struct identity {                       /* of a row, whatever its place */
	uint8_t bytes[IDENTITY];
};

struct list {                           /* rows of a pane */
	size_t *items;                  /* those that pass the filter, in order */
	size_t count, room;
	size_t chosen, top;             /* places in `items` */
	struct identity chosen_one;
	bool moved;                     /* the user chose a row: it stays chosen wherever it goes */
	unsigned sort;
	bool reverse;
};

struct screen {
	struct screen_options options;
	struct shown shown;
	struct screen_input input;
	struct canvas canvas, page;     /* `page`: all of what is open, before it is cut to the screen */
	enum pane_name pane;
	struct list lists[PANE_COUNT];
	char filter[FILTER_TEXT];
	bool typing, frozen, help;
	enum opened opened;
	struct identity open_one;
	struct addr client;             /* that is open */
	size_t scroll;                  /* first line of the page that is shown */
	bool follow, scrolled;          /* its end is kept in sight; the user moved in it */
	bool rows_due;                  /* of what was just opened, though all stands still */
	unsigned page_rows, page_shown; /* as of the last drawing */
	unsigned list_rows;
	unsigned client_columns;        /* of the longest client's name */
	uint64_t rated_frames;          /* when the rate was last taken */
	int64_t rated_at;
	double packets;                 /* a second */
	char message[MESSAGE_TEXT];
};

struct pane {
	const char *title;
	const char *const *sorts;       /* ended by NULL; the first is in the order of the report */
	size_t (*count)(const struct screen *s);
	bool (*matches)(const struct screen *s, size_t item, struct span filter);
	/* below 0: a comes first */
	int (*compare)(const struct screen *s, unsigned sort, size_t a, size_t b);
	void (*identify)(const struct screen *s, size_t item, struct identity *id);
	/* Titles of columns, and what is above the rows; how many lines that took. */
	unsigned (*head)(struct screen *s, unsigned row);
	void (*draw)(struct screen *s, unsigned row, size_t item);
	void (*about)(const struct screen *s, size_t item, char text[static ABOUT_TEXT]);
	void (*open)(struct screen *s, size_t item);
	const char *empty;              /* what is said where there are no rows */
};

extern const struct pane pane_clients, pane_servers, pane_findings;

/* Page of what is open: draws it whole, says which of its lines stay in sight. */
unsigned client_page(struct screen *s);
unsigned finding_page(struct screen *s);
unsigned help_page(struct screen *s);

/* Header, verdict, tabs from row 0 on; the row after them. */
unsigned frame_head(struct screen *s);
void frame_foot(struct screen *s, unsigned row, const char *about);

/* Orders and filters the rows of the pane anew; keeps what is chosen. */
void list_arrange(struct screen *s, enum pane_name name);

unsigned client_columns(const struct screen *s);

/* What is open, in the latest view; NULL: it is there no more. */
const struct ladder *client_open(const struct screen *s);
const struct story *finding_open(const struct screen *s);

/* ---- words ---- */

bool holds(const char *text, struct span filter);
const char *word_ago(int64_t ns, char text[static 16]);         /* "3 s", "12 min", "5 h" */
const char *word_count(uint64_t count, char text[static 16]);   /* in four columns: "1234", "1.2M" */
const char *word_time(int64_t ns, char text[static 16]);        /* "10:02:13.120" */
const char *word_took(int64_t ns, char text[static 16]);        /* "34 us", "0.4 ms", "3.1 s" */
const char *word_client(const struct ladder *l, char text[static ABOUT_TEXT]);
const char *word_target(const struct ladder *l, char text[static ABOUT_TEXT]);
const char *word_parties(const struct story *t, char text[static ABOUT_TEXT]);
const char *word_state(const struct screen *s, const struct story *t, char text[static 24]);
const char *severity_word(enum severity severity);
enum shade severity_shade(enum severity severity);
int compare_numbers(double a, double b);                        /* the greater first */

#endif
