/* decoders/httphead.h - the head of an HTTP/1 message: start line and headers (RFC 9112 sections
 * 2 to 5).
 *
 * Reads a head that lies in one piece.  Every span it gives points into that piece.  What real
 * peers get wrong is read the way most servers read it, and noted.
 */
#ifndef DECODERS_HTTPHEAD_H
#define DECODERS_HTTPHEAD_H

#include "facts/exchange.h"

enum { HTTPHEAD_HEADERS_MAX = 128, HTTPHEAD_LEN_MAX = 64 * 1024, HTTPHEAD_METHOD_MAX = 32 };

struct httphead {
	bool response;
	bool complete;                  /* false: cut; what there was of it */
	uint8_t version;                /* 9, 10, 11; 20 for HTTP/2.0 ... */
	uint16_t status;
	struct span method, target, reason;
	unsigned anomalies;             /* bits 1u << enum http_anomaly */
	/* what tells the length of the body */
	bool has_length, bad_length;
	bool has_coding, chunked;       /* Transfer-Encoding is there; its last word is "chunked" */
	uint64_t length;
	struct span bytes;              /* the whole head with its empty line */
	size_t header_count;
	struct http_header headers[HTTPHEAD_HEADERS_MAX];       /* folded: see httphead_unfold */
};

/* HTTPHEAD_MORE: the head does not end in `bytes`; HTTPHEAD_BAD: its first line is none of a
 * request (of a response); HTTPHEAD_READ: *head is filled in and head->bytes.len were used. */
enum httphead_status { HTTPHEAD_MORE, HTTPHEAD_BAD, HTTPHEAD_READ };

/* `last`: nothing follows, so whole lines make a head that is marked incomplete (MORE: not even
 * one). */
enum httphead_status httphead_read(struct httphead *head, bool response, struct span bytes,
                                   bool last);

/* How the end of the body is told (RFC 9112 section 6.3), but for what depends on the request. */
enum http1_framing { HTTP1_EMPTY, HTTP1_LENGTH, HTTP1_CHUNKED, HTTP1_UNTIL_CLOSE };
enum http1_framing httphead_framing(const struct httphead *head);

/* False when no head can begin with these bytes, however they go on. */
bool httphead_plausible(bool response, struct span bytes);

/* Offset of a start line in `line` (with its LF), also behind bytes of something else; SIZE_MAX:
 * none. */
size_t httphead_find(bool response, struct span line);

/* Replaces line folds by one space, in place (RFC 9112 section 5.2); returns the new length. */
size_t httphead_unfold(uint8_t *value, size_t len);

#endif
