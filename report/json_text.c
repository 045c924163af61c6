/* report/json_text.c - commas, quotes, digits. */
#include "report/json_text.h"

#include <stdio.h>

#include "report/json_util.h"

enum { COUNT_TEXT = 20 };               /* digits of an uint64_t */

void json_text_init(struct json_text *t)
{
	buf_init(&t->to, JSON_ROW_MAX);
	t->follows = false;
}

void json_text_release(struct json_text *t)
{
	buf_release(&t->to);
}

void json_text_clear(struct json_text *t)
{
	buf_clear(&t->to);
	t->follows = false;
}

/* "text", and behind it what follows a quote.  Room is asked for once: there are dozens of keys a row. */
static void add_quoted(struct buf *to, struct span text, struct span behind)
{
	uint8_t *at = buf_reserve(to, text.len + 2 + behind.len);

	if (!at)
		return;
	*at++ = '"';
	memcpy(at, text.at, text.len);
	at += text.len;
	*at++ = '"';
	memcpy(at, behind.at, behind.len);
	to->len += text.len + 2 + behind.len;
}

/* Where a value goes, but for the first of all. */
static void place(struct json_text *t, const char *key)
{
	if (t->to.len)
		buf_add(&t->to, t->follows ? SPAN(", ") : SPAN(" "));
	t->follows = true;
	if (key)
		add_quoted(&t->to, span_text(key), SPAN(": "));
}

void json_text_open(struct json_text *t, const char *key, char bracket)
{
	place(t, key);
	buf_add(&t->to, span_of(&bracket, 1));
	t->follows = false;
}

void json_text_close(struct json_text *t, char bracket)
{
	buf_add(&t->to, SPAN(" "));
	buf_add(&t->to, span_of(&bracket, 1));
	t->follows = true;
}

/* It stands as it is between quotes. */
static bool is_plain(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] < ' ' || text.at[i] >= 0x7f || text.at[i] == '"' || text.at[i] == '\\')
			return false;
	return true;
}

static void add_escaped(struct buf *to, struct span text)
{
	struct json_object *string = json_bytes(text);
	size_t len = 0;
	const char *escaped = json_object_to_json_string_length(string, JSON_C_TO_STRING_NOSLASHESCAPE, &len);

	buf_add(to, span_of(escaped, len));
	json_object_put(string);
}

void json_text_string(struct json_text *t, const char *key, const char *text)
{
	struct span bytes = span_text(text);

	place(t, key);
	if (is_plain(bytes))
		add_quoted(&t->to, bytes, SPAN(""));
	else
		add_escaped(&t->to, bytes);
}

void json_text_known(struct json_text *t, const char *key, const char *text)
{
	if (text[0])
		json_text_string(t, key, text);
	else
		json_text_null(t, key);
}

/* In decimal, at least `digits` of them. */
static void add_number(struct buf *to, uint64_t number, unsigned digits)
{
	char text[COUNT_TEXT];
	size_t at = sizeof text;

	while (number || at > sizeof text - digits) {
		text[--at] = (char)('0' + number % 10);
		number /= 10;
	}
	buf_add(to, span_of(text + at, sizeof text - at));
}

void json_text_count(struct json_text *t, const char *key, uint64_t count)
{
	place(t, key);
	add_number(&t->to, count, 1);
}

void json_text_bool(struct json_text *t, const char *key, bool value)
{
	place(t, key);
	buf_add(&t->to, value ? SPAN("true") : SPAN("false"));
}

void json_text_null(struct json_text *t, const char *key)
{
	place(t, key);
	buf_add(&t->to, SPAN("null"));
}

void json_text_time(struct json_text *t, const char *key, int64_t ns)
{
	char text[MOMENT_TEXT];

	json_text_known(t, key, moment_text(ns, text));
}

void json_text_ms(struct json_text *t, const char *key, int32_t microseconds)
{
	place(t, key);
	add_number(&t->to, (uint64_t)microseconds / 1000, 1);
	buf_add(&t->to, SPAN("."));
	add_number(&t->to, (uint64_t)microseconds % 1000, 3);
}
