/* report/har_parts.h - what an entry of an HTTP Archive is made of. */
#ifndef REPORT_HAR_PARTS_H
#define REPORT_HAR_PARTS_H

#include <json-c/json_object.h>

#include "base/buf.h"
#include "facts/exchange.h"
#include "facts/lookup.h"

/* Of an exchange, in us; -1: does not apply, or the capture does not tell.  `connect` holds `ssl`. */
struct har_times {
	int64_t start;                  /* ns, see moment.h */
	int64_t blocked, dns, connect, ssl, send, wait, receive;
	int64_t all;                    /* the sum of those that are known */
};

/* `asked` to `answered`: the lookup that told the address, ns; MOMENT_NONE where none is known. */
struct har_times har_times_of(const struct exchange *x, int64_t asked, int64_t answered);

/* Adds "time" and "timings". */
void har_put_times(struct json_object *entry, const struct har_times *t);

/* The URL that was asked for, masked unless `reveal`: scheme, authority, target.  What no URI may hold is
 * percent-encoded (RFC 3986 section 2.1). */
void har_url(struct buf *to, const struct exchange *x, bool reveal);

/* Add "headers", "cookies". */
void har_put_headers(struct json_object *to, const struct http_message *m, bool reveal);
void har_put_cookies(struct json_object *to, const struct http_message *m, struct span header, bool reveal);

/* Adds "queryString". */
void har_put_query(struct json_object *to, struct span url);

/* Add "request" and "response". */
void har_put_request(struct json_object *entry, const struct exchange *x, bool reveal);
void har_put_response(struct json_object *entry, const struct exchange *x, bool reveal);

#endif
