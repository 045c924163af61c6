/* analyzers/namestory.h - how each client's lookups of a name went: all search suffixes, record types,
 * servers and tries taken together.
 *
 * wsus01.corp.example, wsus01.corp.example.corp.example and wsus01 are one story: that of the first label.
 * Only Microsoft's own hosts, whose first labels are everybody's, have one by their whole names.
 */
#ifndef ANALYZERS_NAMESTORY_H
#define ANALYZERS_NAMESTORY_H

#include "facts/fact.h"
#include "facts/limits.h"

struct budget;

enum { STORY_NAME = 128, STORY_SERVERS = 3 };

struct name_story {
	struct addr client;
	char name[STORY_NAME];          /* what failed last, else what was asked for last */
	/* the last answer with an address; MOMENT_NONE: none */
	int64_t resolved, took;         /* took: ns from the question, -1 unknown */
	uint64_t resolved_frame;
	/* what has failed since the last answer that was of use */
	uint64_t refusals, silences;    /* lookups answered without an address; never answered */
	unsigned silent_tries;          /* questions of these */
	bool silent_a;                  /* ... and one was for an A record */
	bool proves;                    /* an A record, or the whole name, was refused or not answered */
	uint16_t unseen;                /* of that type the answer is what the capture lacks; 0: none */
	int64_t failing, last_failure;  /* when the first and last of them were asked */
	uint16_t rcode, type;           /* of the last refusal; NODATA is NOERROR */
	struct endpoint by;             /* who refused last, else who kept silent last */
	uint64_t ask_frame, refusal_frame;      /* of the last of them */
	struct addr servers[STORY_SERVERS];     /* that kept silent */
	unsigned server_count;          /* may exceed what is kept */
	int64_t truncated;              /* an answer too long for UDP, and none over TCP since; MOMENT_NONE */
	uint64_t truncated_frame;
	int64_t shouted;                /* LLMNR or NetBIOS was tried as well; MOMENT_NONE */
	bool shout_answered;
	int64_t reached;                /* last connection to it, or request for it; MOMENT_NONE */
	uint64_t healed;                /* failures before the last success ... */
	int64_t outage;                 /* ... and how long they lasted, ns */
};

struct name_stories;

struct name_stories *name_stories_new(struct limits *limits, struct budget *budget);  /* NULL: no memory */
void name_stories_free(struct name_stories *s);

void name_stories_lookup(struct name_stories *s, const struct lookup *l, int64_t now);

/* The client went there at that time: `host` as a Host header or a ClientHello has it, or a name of its
 * address. */
void name_stories_reached(struct name_stories *s, const struct addr *client, struct span host, int64_t when);

/* In order of first appearance.  Lent until the next fact. */
size_t name_stories_count(const struct name_stories *s);
const struct name_story *name_stories_at(const struct name_stories *s, size_t i);

/* NULL: it never asked. */
const struct name_story *name_stories_of(const struct name_stories *s, const struct addr *client,
                                         struct span host);

/* A server that answered any lookup in this capture. */
bool name_stories_answers(const struct name_stories *s, const struct addr *server);

/* How a story ends.  RESOLVED also where the client went there all the same. */
enum name_outcome { NAME_UNASKED, NAME_RESOLVED, NAME_REFUSED, NAME_SILENT, NAME_TRUNCATED };
enum name_outcome name_story_outcome(const struct name_story *s);

/* Somebody's lookups of that name came to nothing. */
bool name_stories_failed(const struct name_stories *s, struct span host);

/* "NXDOMAIN", "no address (NOERROR)", ... of the last refusal. */
const char *name_story_refusal(const struct name_story *s, char text[static 32]);

#endif
