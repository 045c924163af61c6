/* cli/selectionstate.h - what a selection knows; for cli/selection*.c alone. */
#ifndef CLI_SELECTIONSTATE_H
#define CLI_SELECTIONSTATE_H

#include "base/frameset.h"
#include "cli/flows.h"
#include "cli/selection.h"
#include "decoders/lookups.h"
#include "decoders/peel.h"

enum {
	LEVEL_LOOKUPS = 1,              /* from here on lookups of its client, and all between the two, ... */
	LEVEL_HOSTS = 2,                /* ... all of its client (with none, of its server: sooner), ... */
	LEVEL_ALL = 3,                  /* ... all that there is */
	LEVELS,
};

struct target {                         /* a finding; or one that only the selection gave */
	const struct finding *finding;  /* of the report; NULL */
	enum finding_kind kind;
	bool has_client, has_server, has_via;
	struct addr client, server, via;
	unsigned level, best_level;     /* now, and in the best round */
	unsigned lookups;
	bool given;                     /* by the last selection */
};

struct named {                          /* a frame that is wanted whatever its conversation is */
	uint64_t frame;
	uint32_t owner;
	enum selection_reason reason;
};

struct selection {
	struct target *targets;
	enum severity from;
	size_t target_count, target_room, finding_count;        /* findings of the report first */
	struct named *named;
	size_t named_count, named_room;
	size_t named_sorted;            /* so many are in order; what came since is not looked for yet */
	struct map clients;             /* of struct owners: findings by client, for lookups */
	struct flows flows;
	struct frameset frames;
	struct limits limits;           /* of peeling: nobody asks */
	struct peel *peel;
	struct fact_sink sink;
	struct lookups *lookups;        /* while it learns */
	unsigned round, best_round;
	size_t extra, best_wrong;       /* findings that were missing or too many in the best round */
	size_t matched;                 /* the target that a finding was found to be last */
	uint64_t all_bytes;             /* taken because all is wanted */
	bool wants_all;
	bool failed;                    /* out of memory */
};

/* A new target, of that finding's parties.  NULL: out of memory, which s->failed says. */
struct target *selection_add_target(struct selection *s, const struct finding *n);

/* The host or pair that wants this packet; NULL: none. */
struct peer *selection_peer(struct selection *s, const struct packet *packet);

/* Before another reading; false: out of memory. */
bool selection_renew_peel(struct selection *s);

/* Named frames: what is added is found once they are sorted. */
void selection_add_named(struct selection *s, uint64_t frame, uint32_t owner, enum selection_reason reason);
void selection_sort_named(struct selection *s);
size_t selection_named_at(const struct selection *s, uint64_t frame);   /* the first that is not before it */
bool selection_is_at(const struct selection *s, size_t at, uint64_t frame);

#endif
