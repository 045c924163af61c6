/* decoders/http1.h - HTTP/1 messages of one direction of a stream (RFC 9112).
 *
 * Stream bytes go in, cut anywhere; heads, pieces of bodies and ends come out.
 * A head that lies whole in the input is read in place; one that is cut is kept
 * (64 KiB at most) until it is whole.  Bodies are lent, never held.  After lost
 * bytes it looks for the next message start, and says what was cut.
 */
#ifndef DECODERS_HTTP1_H
#define DECODERS_HTTP1_H

#include "base/buf.h"
#include "decoders/httphead.h"

enum http1_kind {
	HTTP1_BEGIN,            /* a message's first byte is here */
	HTTP1_HEAD,             /* its head; http1_body may be called now */
	HTTP1_PIECE,            /* of a wanted body, without chunk framing */
	HTTP1_SKIPPED,          /* of a body that is not wanted */
	HTTP1_END,              /* it is whole */
	HTTP1_CUT,              /* it will never be whole: lost bytes, a close, broken framing */
	HTTP1_ANOMALY,
};

struct http1_event {
	enum http1_kind kind;
	union {
		struct httphead head;   /* spans live until the next call or as long as the input */
		struct span piece;      /* lives as long as the input */
		uint64_t skipped;
		enum http_anomaly anomaly;      /* BAD_START_LINE: what began is no message; BAD_CHUNK */
	};
};

/* What follows a head, as only the caller can know. */
enum http1_follows {
	HTTP1_BODY,             /* what the head says */
	HTTP1_NO_BODY,          /* an answer to HEAD */
	HTTP1_MAYBE_BODY,       /* an answer to an unknown method: unless a next answer stands there */
	HTTP1_TUNNEL,           /* another protocol: nothing more is read from the input */
};

struct http1_counts {           /* of the message's body, so far */
	uint64_t wire;          /* with chunk framing */
	uint64_t entity;        /* without it, lost bytes counted */
	uint64_t lost;
};

/* Fields are http1.c's own, but for `counts`. */
struct http1 {
	enum http1_state {
		HTTP1_AT_START, HTTP1_IN_HEAD, HTTP1_AFTER_HEAD, HTTP1_IN_LENGTH,
		HTTP1_IN_CHUNK_SIZE, HTTP1_IN_CHUNK_EXTENSION, HTTP1_IN_CHUNK, HTTP1_AFTER_CHUNK,
		HTTP1_IN_TRAILER, HTTP1_IN_KEPT, HTTP1_IN_REST, HTTP1_AT_END, HTTP1_CUT_IN_HEAD,
		HTTP1_AT_CUT, HTTP1_SEARCHING, HTTP1_IN_TUNNEL, HTTP1_CLOSED
	} state, next;          /* next: after HTTP1_AT_END and HTTP1_AT_CUT */
	bool response, bare, wanted, maybe, digits;
	bool first_line;        /* the kept head's first line is whole and good */
	bool kept_body;         /* what is kept is the beginning of a body without a head */
	bool overflow;          /* the kept head is longer than is kept */
	uint8_t line_first;     /* of the line under way: its first byte and its length */
	uint64_t line;
	uint64_t left;          /* of the counted body or the chunk */
	enum http1_framing framing;     /* as the head says */
	struct http1_counts counts;
	struct buf kept;        /* the head, or the line that is searched */
};

/* `searching`: the stream was joined midway; look for the first message.  `budget`: what is kept
 * draws on it; NULL: on none. */
void http1_init(struct http1 *dec, bool response, bool searching, struct budget *budget);
void http1_release(struct http1 *dec);

/* Consumes the front of *in up to the next event, told in *ev.  Returns false when *in ran out
 * first (or, in a tunnel, at once).  After http1_hole, http1_skip and http1_close call it with
 * what is there, even if empty. */
bool http1_next(struct http1 *dec, struct span *in, struct http1_event *ev);

/* After HTTP1_HEAD, before the next call: what follows, and whether its bytes are wanted.
 * Without it: HTTP1_BODY, not wanted.  Returns how the end of the body is told. */
enum http1_framing http1_body(struct http1 *dec, enum http1_follows follows, bool wanted);
void http1_unwant(struct http1 *dec);           /* the rest of the body is not wanted */

void http1_bare(struct http1 *dec);             /* HTTP/0.9 asked: the answer may have no head */
void http1_resume(struct http1 *dec);           /* there is no tunnel after all */

void http1_hole(struct http1 *dec, uint64_t len);
uint64_t http1_skippable(const struct http1 *dec);      /* UINT64_MAX: without end */
void http1_skip(struct http1 *dec, uint64_t len);
void http1_close(struct http1 *dec);            /* no more bytes will come (FIN) */
void http1_end(struct http1 *dec);              /* nor will it be known: a head under way is told */

/* It looks for the next message after lost bytes: whole messages may be among them. */
bool http1_searching(const struct http1 *dec);

#endif
