/* analyzers/findings_rest.h - findings beyond what is kept apart, as sums of what is alike.
 *
 * An outage of ten thousand clients is a thousand findings with names, and one "of nine thousand more": the
 * same kind, server and words without a client, and with their number.  Who is a member is remembered, so
 * each is counted once, and leaves a sum when it got through later or when something else explains it.
 * For finding.c and settle.c, and for who asks what is known of a client.
 */
#ifndef ANALYZERS_FINDINGS_REST_H
#define ANALYZERS_FINDINGS_REST_H

#include "analyzers/finding.h"
#include "base/map.h"

struct rest_member {                    /* a client, and the sum that stands for it */
	enum finding_kind kind;
	struct addr client;
	struct finding *sum;            /* lent by the store; NULL: it left */
	uint64_t count;                 /* its own failures */
	int64_t first, last;
	uint64_t frame;                 /* that proves the first; 0: none */
};

struct rest {
	struct map sums;                /* key bytes -> the finding */
	struct map members;             /* kind, client and server -> struct rest_member */
	size_t of_kind[FINDING_KIND_COUNT];     /* sums that name a server */
};

void rest_init(struct rest *r);
void rest_release(struct rest *r);      /* the findings are the store's */

/* The sum that `n`, in its own words, belongs to; made by `make`, which keeps a copy of what it is given.
 * NULL: there is no room. */
struct finding *rest_sum(struct rest *r, const struct finding *n,
                         struct finding *(*make)(void *self, const struct finding *n), void *self);

/* `n` is of that sum now, unless it is of another already.  NULL: it has no client, or no more are told
 * apart. */
struct rest_member *rest_join(struct rest *r, const struct finding *n, struct finding *sum);

/* It is of that sum no more, but of `to`; NULL: of none. */
void rest_move(struct rest_member *m, struct finding *to);

/* NULL: none. */
struct rest_member *rest_find(const struct rest *r, enum finding_kind kind, const struct addr *client,
                              const struct endpoint *server);

size_t rest_count(const struct rest *r);
struct rest_member *rest_at(const struct rest *r, size_t i);    /* NULL: memory lacked */

#endif
