/* veil/requests.h - requests of one connection whose answers are due, in order: what an answer's reading
 * depends on. */
#ifndef VEIL_REQUESTS_H
#define VEIL_REQUESTS_H

#include "veil/bodies.h"

enum request_kind { REQUEST_UNKNOWN, REQUEST_HEAD, REQUEST_CONNECT, REQUEST_OTHER };

struct request {
	enum request_kind kind;
	uint16_t port;                  /* of CONNECT's target; 0: none is told */
	struct body_asked asked;
};

enum { REQUESTS_MAX = 64 };             /* beyond them the oldest is forgotten */

struct requests {                       /* zeroed at first */
	struct request ring[REQUESTS_MAX];
	unsigned first, count;
};

/* Lent until the next call. */
struct request *requests_ask(struct requests *r, const struct httphead *head);

/* Whose answer comes now; UNKNOWN: nobody's that is known. */
struct request requests_answer(struct requests *r);

/* Whole messages may have fallen into a hole: nobody knows any more who answers whom. */
void requests_lost(struct requests *r);

#endif
