/* report/json_text.h - JSON written as text, for rows that a report has by the hundred thousand.
 *
 * As json-c writes it with spaces between: its objects, tables and values cost many times what is written.
 * A key is NULL for what lies in an array.
 */
#ifndef REPORT_JSON_TEXT_H
#define REPORT_JSON_TEXT_H

#include "base/buf.h"
#include "base/moment.h"

enum { JSON_ROW_MAX = 1 << 20 };        /* several times what the longest row takes */

struct json_text {
	struct buf to;
	bool follows;                   /* something stands before it, behind the same bracket */
};

void json_text_init(struct json_text *t);
void json_text_release(struct json_text *t);
void json_text_clear(struct json_text *t);      /* for the next row */

void json_text_open(struct json_text *t, const char *key, char bracket);        /* '{', '[' */
void json_text_close(struct json_text *t, char bracket);                        /* '}', ']' */
void json_text_string(struct json_text *t, const char *key, const char *text);
void json_text_known(struct json_text *t, const char *key, const char *text);   /* null when empty */
void json_text_count(struct json_text *t, const char *key, uint64_t count);
void json_text_bool(struct json_text *t, const char *key, bool value);
void json_text_null(struct json_text *t, const char *key);
void json_text_time(struct json_text *t, const char *key, int64_t ns);  /* RFC 3339; null: MOMENT_NONE */

/* Milliseconds of so many microseconds, 0 or more, with three decimals. */
void json_text_ms(struct json_text *t, const char *key, int32_t microseconds);

#endif
