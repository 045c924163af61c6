/* decoders/httppending.h - an exchange on its way: the fact as it grows, with the memory its
 * spans live in. */
#ifndef DECODERS_HTTPPENDING_H
#define DECODERS_HTTPPENDING_H

#include "decoders/auth.h"
#include "decoders/http.h"
#include "decoders/httpbody.h"
#include "decoders/layer.h"

struct pending {
	struct exchange x;
	struct arena arena;
	struct httpbody body[2];        /* of the request, of the response */
	struct soap *soap;              /* that reads them where they are an update call's; NULL */
	struct pending *next;           /* asked after it; or free in the pool */
	bool done[2];                   /* nothing more of the request, of the response, will come */
	bool lost;                      /* bytes of it fell into a hole */
	bool replaced;                  /* what came in place of the answer is no HTTP */
};

/* `pool` may be NULL: then nothing is reused.  NULL: out of memory. */
struct pending *pending_new(struct http_pool *pool, const struct layer_env *env);
void pending_free(struct http_pool *pool, struct pending *p);

/* How many exchanges one connection may keep waiting: fewer once very many wait on all of them. */
size_t pending_share(const struct http_pool *pool);

/* The first byte of its request or of its response is here. */
void pending_begin(struct pending *p, enum side from, struct mark mark);

/* Its request's or its response's head is here.  False: out of room, the headers are not kept. */
bool pending_request(struct pending *p, const struct httphead *head);
bool pending_response(struct pending *p, const struct httphead *head);

/* That side's body is wanted and begins: reads it. */
void pending_read(struct pending *p, enum side from, const struct stack_context *context);

/* It is over, or as over as it will be. */
void pending_end(struct pending *p, enum side from, bool complete, const struct stack_context *context);

/* An answer before the final one. */
void pending_interim(struct pending *p, uint16_t status, struct mark mark);

/* So much of that side's body has come, the last of it with `mark`. */
void pending_count(struct pending *p, enum side from, const struct http1_counts *counts, struct mark mark);

/* The message of that side. */
static inline struct http_message *pending_message(struct pending *p, enum side from)
{
	return from == CLIENT ? &p->x.request : &p->x.response;
}

#endif
