/* report/json_util.h - small words on top of json-c, for values that come from the wire. */
#ifndef REPORT_JSON_UTIL_H
#define REPORT_JSON_UTIL_H

#include <json-c/json_object.h>
#include <stdio.h>

#include "base/addr.h"
#include "base/moment.h"
#include "base/span.h"

/* Writes a value and gives it up.  Controls and characters that turn or hide text stand as \u escapes,
 * so that the line is harmless where it is shown; it says the same to a parser (RFC 8259 section 7). */
void json_write(FILE *out, struct json_object *value, int flags);
void json_write_text(FILE *out, struct span json);      /* the same of a value that is text already */

/* A string of any bytes: what is no UTF-8 becomes U+FFFD. */
struct json_object *json_bytes(struct span bytes);

/* Adds under a key; nothing for a NULL value, which json-c would write as null. */
void json_put(struct json_object *to, const char *key, struct json_object *value);
void json_put_null(struct json_object *to, const char *key);
void json_put_text(struct json_object *to, const char *key, const char *text);
void json_put_bytes(struct json_object *to, const char *key, struct span bytes);
void json_put_present(struct json_object *to, const char *key, struct span bytes);      /* unless empty */

/* A URL, a request target or a host; masked (report/mask.h) unless `reveal`. */
void json_put_url(struct json_object *to, const char *key, struct span url, bool reveal);

/* The name of a user, a domain or a machine, unless it is empty; masked unless `reveal`. */
void json_put_user(struct json_object *to, const char *key, struct span name, bool reveal);

void json_put_count(struct json_object *to, const char *key, uint64_t count);
void json_put_bool(struct json_object *to, const char *key, bool value);

/* RFC 3339, or null for MOMENT_NONE. */
void json_put_time(struct json_object *to, const char *key, int64_t ns);

/* Milliseconds with three decimals. */
void json_put_ms(struct json_object *to, const char *key, int64_t ns);

/* A new object under a key. */
struct json_object *json_put_object(struct json_object *to, const char *key);
struct json_object *json_put_array(struct json_object *to, const char *key);

#endif
