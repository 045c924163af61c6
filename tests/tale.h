/* tests/tale.h - views made by hand, one after the other, and what a journal tells of them. */
#ifndef TESTS_TALE_H
#define TESTS_TALE_H

#include "live/journal.h"

#define BEGIN (INT64_C(1773136931) * MOMENT_S)
#define SUP "198.51.100.10:8530"

enum { TALE_TEXT = 4096, TALE_ROWS = 4 };

struct tale {
	struct journal *journal;
	struct view view;
	struct finding *findings;       /* of the view */
	struct ladder rows[TALE_ROWS];
	char log[TALE_TEXT];            /* "kind word count; " */
	struct journal_entry last;
	uint64_t told, raised, over, clients;   /* entries; and of all sums */
};

void tale_begin(struct tale *t, enum severity from);    /* at BEGIN, with an empty view */
void tale_end(struct tale *t);

/* One more finding, certain and of now; a client or a server "": none. */
struct finding *tale_add(struct tale *t, enum finding_kind kind, const char *client, const char *server);
struct ladder *tale_row(struct tale *t, const char *client, const char *server);
void tale_climb(struct ladder *l, enum rung_name rung, enum rung_state state, int64_t when);

void tale_view(struct tale *t);                         /* the journal takes it */
void tale_pass(struct tale *t, int64_t seconds);        /* and every other second, that long */
void tale_fails(struct tale *t, struct finding *n, uint64_t times);     /* now, again */

/* What has been told since this was asked last. */
void tale_expect(struct tale *t, const char *wanted);

/* A finding at SUP that has been told. */
struct finding *tale_told(struct tale *t, enum finding_kind kind, const char *client);

#endif
