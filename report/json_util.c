/* report/json_util.c - UTF-8 made valid, numbers, times. */
#include "report/json_util.h"

#include <json-c/json.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "report/mask.h"

enum { JSON_STRING_MAX = 1 << 20, URL_MAX = 256 * 1024, USER_MAX = 4096 };

static void write_escape(FILE *out, uint32_t code)
{
	if (code > 0xffff) {
		fprintf(out, "\\u%04x", (unsigned)(0xd7c0 + (code >> 10)));
		code = 0xdc00 | (code & 0x3ff);
	}
	fprintf(out, "\\u%04x", (unsigned)code);
}

/* Where a byte above "~" stands, from `at` on, or `len`.  Nearly all is plain: eight at a time. */
static size_t next_odd(const char *text, size_t at, size_t len)
{
	uint64_t const each = UINT64_MAX / 0xff;
	uint64_t word;

	for (; len - at >= sizeof word; at += sizeof word) {
		memcpy(&word, text + at, sizeof word);
		/* One more than DEL has bit 7; so has whatever could carry. */
		if ((word | (word + each)) & each * 0x80)
			break;
	}
	while (at < len && (uint8_t)text[at] < 0x7f)
		at++;
	return at;
}

void json_write_text(FILE *out, struct span json)
{
	const char *text = (const char *)json.at;
	size_t len = json.len, plain = 0;

	/* What is odd only ever stands within strings. */
	for (size_t i = next_odd(text, 0, len), step; i < len; i = next_odd(text, i + step, len)) {
		struct span left = span_of(text + i, len - i);
		uint32_t code;

		step = utf8_len(left) ? utf8_len(left) : 1;
		code = utf8_code(left.at, step);
		if (!utf8_is_harmful(code))
			continue;
		fwrite(text + plain, 1, i - plain, out);
		write_escape(out, code);
		plain = i + step;
	}
	if (plain < len)
		fwrite(text + plain, 1, len - plain, out);
}

void json_write(FILE *out, struct json_object *value, int flags)
{
	size_t len = 0;
	const char *text = json_object_to_json_string_length(value, flags, &len);

	json_write_text(out, span_of(text, len));
	json_object_put(value);
}

struct json_object *json_bytes(struct span bytes)
{
	struct json_object *made;
	struct span left = bytes;
	size_t good = 0;
	struct buf fixed;

	while (left.len && (good = utf8_len(left)) > 0)
		span_take(&left, good);
	if (!left.len)
		return json_object_new_string_len((const char *)bytes.at, (int)bytes.len);
	buf_init(&fixed, JSON_STRING_MAX);
	for (left = bytes; left.len;) {
		good = utf8_len(left);
		buf_add(&fixed, good ? span_of(left.at, good) : SPAN("\xef\xbf\xbd"));
		span_take(&left, good ? good : 1);
	}
	made = json_object_new_string_len((const char *)fixed.at, (int)fixed.len);
	buf_release(&fixed);
	return made;
}

void json_put(struct json_object *to, const char *key, struct json_object *value)
{
	if (value)
		json_object_object_add_ex(to, key, value,
		                          JSON_C_OBJECT_ADD_KEY_IS_NEW |
		                                  JSON_C_OBJECT_ADD_CONSTANT_KEY);
}

void json_put_null(struct json_object *to, const char *key)
{
	json_object_object_add_ex(to, key, NULL,
	                          JSON_C_OBJECT_ADD_KEY_IS_NEW | JSON_C_OBJECT_ADD_CONSTANT_KEY);
}

void json_put_text(struct json_object *to, const char *key, const char *text)
{
	json_put_bytes(to, key, span_text(text));
}

void json_put_bytes(struct json_object *to, const char *key, struct span bytes)
{
	json_put(to, key, json_bytes(bytes));
}

void json_put_present(struct json_object *to, const char *key, struct span bytes)
{
	if (bytes.len)
		json_put_bytes(to, key, bytes);
}

void json_put_url(struct json_object *to, const char *key, struct span url, bool reveal)
{
	struct buf masked;

	if (reveal) {
		json_put_bytes(to, key, url);
		return;
	}
	buf_init(&masked, URL_MAX);
	mask_url(&masked, url);
	json_put_bytes(to, key, buf_span(&masked));
	buf_release(&masked);
}

void json_put_user(struct json_object *to, const char *key, struct span name, bool reveal)
{
	struct buf masked;

	if (!name.len)
		return;
	buf_init(&masked, USER_MAX);
	if (reveal)
		buf_add(&masked, name);
	else
		mask_user(&masked, name);
	json_put_bytes(to, key, buf_span(&masked));
	buf_release(&masked);
}

void json_put_count(struct json_object *to, const char *key, uint64_t count)
{
	json_put(to, key, json_object_new_uint64(count));
}

void json_put_bool(struct json_object *to, const char *key, bool value)
{
	json_put(to, key, json_object_new_boolean(value));
}

void json_put_time(struct json_object *to, const char *key, int64_t ns)
{
	char text[MOMENT_TEXT];

	if (ns == MOMENT_NONE)
		json_put_null(to, key);
	else
		json_put_text(to, key, moment_text(ns, text));
}

void json_put_ms(struct json_object *to, const char *key, int64_t ns)
{
	char text[40];

	snprintf(text, sizeof text, "%.3f", (double)ns / (double)MOMENT_MS);
	json_put(to, key, json_object_new_double_s((double)ns / (double)MOMENT_MS, text));
}

struct json_object *json_put_object(struct json_object *to, const char *key)
{
	struct json_object *made = json_object_new_object();

	json_put(to, key, made);
	return made;
}

struct json_object *json_put_array(struct json_object *to, const char *key)
{
	struct json_object *made = json_object_new_array();

	json_put(to, key, made);
	return made;
}
