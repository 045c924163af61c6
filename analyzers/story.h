/* analyzers/story.h - one trouble of one server, met by clients again and again: told once.
 *
 * Of each client it is known how often it met the trouble since it last got over it: what all got over is
 * milder.  Everything is copied.
 */
#ifndef ANALYZERS_STORY_H
#define ANALYZERS_STORY_H

#include "analyzers/analyzer.h"

enum { STORY_CLIENTS = 48, STORY_WHO_TEXT = 200 };

struct story_client {
	struct addr addr;
	int64_t last;                   /* when it met it last */
	uint32_t row;                   /* times since it last got over it */
	uint32_t longest;               /* such row */
	bool over;                      /* it got over it */
};

struct story {
	struct connection conn;         /* of the first time: id, client and server only */
	bool via_proxy;
	uint64_t count;
	int64_t first, last;
	struct evidence evidence[FINDING_EVIDENCE];
	unsigned evidence_count;
	struct story_client clients[STORY_CLIENTS];     /* the first that differ */
	unsigned client_count;
	bool more_clients;
};

/* It happened once more; NULL: that client is beyond those that are kept apart. */
struct story_client *story_add(struct story *s, const struct exchange *x, int64_t time);

/* A frame that shows it. */
void story_show(struct story *s, uint64_t frame, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* That client got over it at `time`. */
void story_over(struct story *s, const struct addr *client, int64_t time);

bool story_all_over(const struct story *s);
uint32_t story_longest(const struct story *s);

/* "192.0.2.50", "192.0.2.50, 192.0.2.51 and 3 more".  Returns `text`. */
const char *story_who(const struct story *s, char text[static STORY_WHO_TEXT]);

/* Raises it as one finding: parties, times, count and evidence are the story's, the rest that of `what`. */
void story_raise(const struct story *s, struct findings *findings, struct raise what);

#endif
