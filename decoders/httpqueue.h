/* decoders/httpqueue.h - which answer belongs to which request of a connection.
 *
 * Answers come in the order of requests (RFC 9112 section 9.3).  Exchanges wait here, in that
 * order, until both halves are over, and are stated in that order.
 */
#ifndef DECODERS_HTTPQUEUE_H
#define DECODERS_HTTPQUEUE_H

#include "decoders/httppending.h"

struct httpqueue {
	const struct layer_env *env;
	struct pending *first, *last;
	size_t count;
	uint64_t numbered;              /* exchanges so far */
	uint64_t asked_before;          /* the hole among the requests: exchanges up to there */
	bool asked;                     /* a request was seen */
	bool requests_lost;             /* whole requests may have fallen into a hole */
	bool answers_lost;              /* whole answers may */
	bool pipelines;                 /* the client was seen to ask before it was answered */
};

void httpqueue_release(struct httpqueue *q);

/* A request begins; `answering`: an answer is under way.  NULL: out of memory, or too
 * many wait. */
struct pending *httpqueue_ask(struct httpqueue *q, bool answering, struct mark mark);

/* A final answer is here, whose first byte came with `mark`: the exchange it belongs to, a new
 * one without request if need be.  NULL: out of memory. */
struct pending *httpqueue_answer(struct httpqueue *q, struct mark mark);

/* A hole on that side, in which whole requests or answers may lie. */
void httpqueue_lost(struct httpqueue *q, enum side from);

/* The oldest that has no answer yet; NULL. */
struct pending *httpqueue_waiting(const struct httpqueue *q);

/* What began as a request is none. */
void httpqueue_forget(struct pending *p);

/* States what is over; `mark` is what completed it. */
void httpqueue_settle(struct httpqueue *q, struct mark mark);

/* Nothing more will come, for that cause: states all. */
void httpqueue_end(struct httpqueue *q, enum exchange_end cause, struct mark mark);

#endif
