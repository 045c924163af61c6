/* base/span.c - searching and comparing borrowed bytes. */
#include "base/span.h"

static uint8_t lower(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

static uint8_t upper(uint8_t c)
{
	return c >= 'a' && c <= 'z' ? (uint8_t)(c & ~0x20) : c;
}

/* Eight bytes, each letter in lower case: bit 7 of a sum tells that a byte is at least 'A', or past 'Z'. */
static uint64_t lower_word(uint64_t word)
{
	uint64_t const each = UINT64_MAX / 0xff;
	uint64_t low = word & each * 0x7f;
	uint64_t large = (low + each * (0x80 - 'A')) & ~(low + each * (0x7f - 'Z')) & ~word & each * 0x80;

	return word | large >> 2;
}

/* Senders mostly agree on the case too. */
static bool words_folded_eq(uint64_t a, uint64_t b)
{
	return a == b || lower_word(a) == lower_word(b);
}

static bool eight_folded_eq(const uint8_t *a, const uint8_t *b)
{
	uint64_t left, right;

	memcpy(&left, a, sizeof left);
	memcpy(&right, b, sizeof right);
	return words_folded_eq(left, right);
}

/* Eight at a time, the last eight maybe for the second time: words are short, and a step for each byte of
 * what is left over was two thirds of their comparing. */
bool span_folded_eq(const uint8_t *a, const uint8_t *b, size_t len)
{
	if (len < 8)
		return words_folded_eq(span_short_word(a, len), span_short_word(b, len));
	for (size_t i = 0; i + 8 <= len; i += 8)
		if (!eight_folded_eq(a + i, b + i))
			return false;
	return eight_folded_eq(a + len - 8, b + len - 8);
}

size_t span_byte(struct span text, uint8_t byte)
{
	const uint8_t *found = text.len ? memchr(text.at, byte, text.len) : NULL;

	return found ? (size_t)(found - text.at) : SIZE_MAX;
}

size_t span_find(struct span text, struct span needle)
{
	size_t at = 0;

	if (!needle.len)
		return 0;
	while (text.len - at >= needle.len) {
		size_t step = span_byte(span_of(text.at + at, text.len - at - needle.len + 1), needle.at[0]);

		if (step == SIZE_MAX)
			return SIZE_MAX;
		at += step;
		if (!memcmp(text.at + at, needle.at, needle.len))
			return at;
		at++;
	}
	return SIZE_MAX;
}

/* The byte's next place before `end`, or `end`. */
static const uint8_t *next_byte(const uint8_t *at, const uint8_t *end, uint8_t byte)
{
	const uint8_t *found = at < end ? memchr(at, byte, (size_t)(end - at)) : NULL;

	return found ? found : end;
}

/* Leaps from one place of the first byte, in either case, to the next: long lists of words are looked for. */
size_t span_ifind(struct span text, struct span needle)
{
	const uint8_t *end, *small, *large;
	uint8_t first;

	if (!needle.len)
		return 0;
	if (needle.len > text.len)
		return SIZE_MAX;
	first = lower(needle.at[0]);
	end = text.at + (text.len - needle.len + 1);
	small = next_byte(text.at, end, first);
	large = next_byte(text.at, end, upper(first));
	while (small < end || large < end) {
		const uint8_t **next = small < large ? &small : &large;

		if (span_folded_eq(*next, needle.at, needle.len))
			return (size_t)(*next - text.at);
		*next = next_byte(*next + 1, end, **next);
	}
	return SIZE_MAX;
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct span span_trim(struct span text)
{
	while (text.len && is_blank(text.at[0]))
		text = span_skip(text, 1);
	while (text.len && is_blank(text.at[text.len - 1]))
		text.len--;
	return text;
}

struct span span_split(struct span *text, uint8_t byte)
{
	size_t at = span_byte(*text, byte);
	struct span front = span_take(text, at);

	span_take(text, 1);
	return front;
}

static unsigned digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - (unsigned)'0';
	c = lower(c);
	return c >= 'a' && c <= 'f' ? c - (unsigned)'a' + 10 : 99;
}

static bool number(struct span text, unsigned base, uint64_t *value)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < text.len; i++) {
		unsigned d = digit(text.at[i]);

		if (d >= base || sum > (UINT64_MAX - d) / base)
			return false;
		sum = sum * base + d;
	}
	*value = sum;
	return text.len > 0;
}

bool span_decimal(struct span text, uint64_t *value)
{
	return number(text, 10, value);
}

bool span_hex(struct span text, uint64_t *value)
{
	return number(text, 16, value);
}
