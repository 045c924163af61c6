/* base/span.h - borrowed bytes, passed by value.
 *
 * A span owns nothing: whoever hands one out says how long it lives.  Bytes
 * from the wire are never NUL-terminated and never travel as "char *".
 */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
	const uint8_t *at;
	size_t len;
};

/* For initializers of constant tables, and for expressions. */
#define SPAN_LIT(text) { (const uint8_t *)(text), sizeof(text) - 1 }
#define SPAN(text)     ((struct span)SPAN_LIT(text))

static inline struct span span_of(const void *at, size_t len)
{
	return (struct span){ at, len };
}

static inline struct span span_text(const char *text)
{
	return (struct span){ (const uint8_t *)text, strlen(text) };
}

/* Takes up to `len` bytes off the front of *from. */
static inline struct span span_take(struct span *from, size_t len)
{
	struct span taken = { from->at, len < from->len ? len : from->len };

	if (taken.len)          /* NULL + 0 is undefined, and an empty span may be NULL */
		from->at += taken.len;
	from->len -= taken.len;
	return taken;
}

static inline struct span span_skip(struct span from, size_t len)
{
	span_take(&from, len);
	return from;
}

static inline bool span_eq(struct span a, struct span b)
{
	return a.len == b.len && (!a.len || !memcmp(a.at, b.at, a.len));
}

static inline bool span_starts(struct span text, struct span with)
{
	return text.len >= with.len && span_eq((struct span){ text.at, with.len }, with);
}

/* Equal but for the case of ASCII letters, over `len` bytes: the slow part of what follows. */
bool span_folded_eq(const uint8_t *a, const uint8_t *b, size_t len);

/* Up to seven bytes in one word, some of them twice: words of one length differ where their bytes do. */
static inline uint64_t span_short_word(const uint8_t *at, size_t len)
{
	uint32_t front, back;

	if (len < sizeof front)
		return len ? at[0] | (uint64_t)at[len / 2] << 8 | (uint64_t)at[len - 1] << 16 : 0;
	memcpy(&front, at, sizeof front);
	memcpy(&back, at + len - sizeof back, sizeof back);
	return front | (uint64_t)back << 32;
}

/* The i-variants fold ASCII letters only: protocol words are ASCII.  Most words that are compared
 * differ in length or in their first letter, and then cost no call. */
static inline bool span_ieq(struct span a, struct span b)
{
	if (a.len != b.len || (a.len && (a.at[0] ^ b.at[0]) & ~0x20))
		return false;
	return span_folded_eq(a.at, b.at, a.len);
}

static inline bool span_istarts(struct span text, struct span with)
{
	return text.len >= with.len && span_ieq((struct span){ text.at, with.len }, with);
}

static inline bool span_iends(struct span text, struct span with)
{
	return text.len >= with.len && span_ieq(span_skip(text, text.len - with.len), with);
}

/* Offset of the first occurrence, or SIZE_MAX.  An empty needle is at 0. */
size_t span_find(struct span text, struct span needle);
size_t span_ifind(struct span text, struct span needle);
size_t span_byte(struct span text, uint8_t byte);

/* Without spaces and tabs (and CR, LF) at both ends. */
struct span span_trim(struct span text);

/* Splits *text at the first `byte`: returns what is before it and leaves what
 * is after it; without one, returns all and leaves nothing. */
struct span span_split(struct span *text, uint8_t byte);

/* The whole of `text` is a number of that base and fits: true, in *value. */
bool span_decimal(struct span text, uint64_t *value);
bool span_hex(struct span text, uint64_t *value);

#endif
