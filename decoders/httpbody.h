/* decoders/httpbody.h - a body on its way: whether it is worth reading, decoding, what is kept
 * of it.
 *
 * Bodies stream past; the first EXCHANGE_BODY_KEPT decoded bytes stay, in the exchange's arena.  Those of
 * update calls are read as they pass (soap.h).
 */
#ifndef DECODERS_HTTPBODY_H
#define DECODERS_HTTPBODY_H

#include "base/arena.h"
#include "base/buf.h"
#include "decoders/coding.h"
#include "decoders/contenthash.h"
#include "decoders/http1.h"
#include "decoders/soap.h"
#include "decoders/stack.h"

struct httpbody {
	struct http_message *message;   /* whose body it is; NULL: none is read */
	struct coding *coding;          /* NULL: as it is on the wire */
	struct soap *soap;              /* that reads what is decoded; NULL: nobody, or nobody any more */
	enum side from;                 /* whose body it is */
	struct hashed_file *file;       /* that it is part of, and whose hash is taken; NULL */
	struct arena *arena;
	uint8_t *start;
	size_t len, room;               /* of start: kept, and as much as may be */
	struct buf held;                /* coded bytes that are decoded together */
	bool holds;                     /* all that came is in `held` */
	bool broken;                    /* lost bytes or a bad coding: nothing more is kept */
	bool ended;                     /* the coding is over */
};

/* Is the body of this message, whose head is filled in, worth its bytes? */
bool httpbody_wanted(const struct stack_context *context, const struct exchange *x,
                     const struct http_message *message);

/* `message` is `wanted` and its head is in: begins to read its body. */
void httpbody_begin(struct httpbody *b, struct http_message *message, struct arena *arena,
                    struct coding_pool *codings);

/* So much of its beginning stays, in place of EXCHANGE_BODY_KEPT. */
void httpbody_keep(struct httpbody *b, size_t room);

/* What follows is also read by `soap`, as the body of that side. */
void httpbody_tell(struct httpbody *b, struct soap *soap, enum side from);

/* What follows is also hashed, as part of that file; NULL: of none. */
void httpbody_hash(struct httpbody *b, struct hashed_file *file);

/* False: nobody needs what follows. */
bool httpbody_piece(struct httpbody *b, struct span piece);
void httpbody_lost(struct httpbody *b);                 /* bytes of it fell into a hole */

/* The body is over, or as over as it will be; message->body is filled in. */
void httpbody_end(struct httpbody *b, bool complete);
void httpbody_release(struct httpbody *b);

#endif
