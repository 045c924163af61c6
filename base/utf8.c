/* base/utf8.c - well-formed sequences (Unicode 15 table 3-7), and ranges of what needs care. */
#include "base/utf8.h"

#include <string.h>

struct range {
	uint32_t first, last;
};

size_t utf8_len(struct span s)
{
	static const struct lead {
		uint8_t first, last, second_low, second_high;
		uint8_t len;
	} leads[] = {
		{ 0x00, 0x7f, 0, 0, 1 },       { 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};
	const struct lead *end = leads + sizeof leads / sizeof *leads, *l = leads;

	while (l < end && (s.at[0] < l->first || s.at[0] > l->last))
		l++;
	if (l == end || s.len < l->len)
		return 0;
	if (l->len > 1 && (s.at[1] < l->second_low || s.at[1] > l->second_high))
		return 0;
	for (size_t i = 2; i < l->len; i++)
		if ((s.at[i] & 0xc0) != 0x80)
			return 0;
	return l->len;
}

struct span utf8_whole(struct span s)
{
	size_t back = 1;

	while (back < 4 && back < s.len && (s.at[s.len - back] & 0xc0) == 0x80)
		back++;
	if (back <= s.len && s.at[s.len - back] >= 0xc0 && !utf8_len(span_of(s.at + s.len - back, back)))
		s.len -= back;
	return s;
}

uint32_t utf8_code(const uint8_t *at, size_t len)
{
	static const uint8_t masks[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t code = at[0] & masks[len];

	for (size_t i = 1; i < len; i++)
		code = code << 6 | (at[i] & 0x3f);
	return code;
}

size_t utf8_put(uint32_t code, uint8_t to[static 4])
{
	size_t len;

	if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		code = 0xfffd;
	if (code < 0x80) {
		to[0] = (uint8_t)code;
		return 1;
	}
	len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	for (size_t i = len - 1; i; i--, code >>= 6)
		to[i] = (uint8_t)(0x80 | (code & 0x3f));
	to[0] = (uint8_t)(0xf00 >> len | code);         /* as many leading ones as there are bytes */
	return len;
}

static uint32_t take_unit(struct reader *in, enum utf16_order order)
{
	return order == UTF16_BE ? reader_be16(in) : reader_le16(in);
}

uint32_t utf16_take(struct reader *in, enum utf16_order order)
{
	uint32_t high = take_unit(in, order), low;
	struct reader ahead = *in;

	if (high < 0xd800 || high > 0xdfff)
		return high;
	low = take_unit(&ahead, order);
	if (high > 0xdbff || low < 0xdc00 || low > 0xdfff)
		return 0xfffd;
	*in = ahead;
	return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

static bool is_in(uint32_t code, const struct range *ranges, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (code >= ranges[i].first && code <= ranges[i].last)
			return true;
	return false;
}

unsigned utf8_columns(uint32_t code)
{
	/* Unicode Standard Annex #11, in whole blocks: what is wide and named narrow costs a column. */
	static const struct range wide[] = {
		{ 0x1100, 0x115f }, { 0x2e80, 0xa4cf }, { 0xa960, 0xa97f },   { 0xac00, 0xd7a3 },
		{ 0xf900, 0xfaff }, { 0xfe30, 0xfe6f }, { 0xff00, 0xff60 },   { 0xffe0, 0xffe6 },
		{ 0x1f300, 0x1faff }, { 0x20000, 0x3fffd },
	};
	static const struct range combining[] = { { 0x300, 0x36f }, { 0x20d0, 0x20ff }, { 0xfe00, 0xfe0f } };

	if (is_in(code, combining, sizeof combining / sizeof *combining))
		return 0;
	return is_in(code, wide, sizeof wide / sizeof *wide) ? 2 : 1;
}

static bool is_one_of(uint32_t code, const char *letters)
{
	uint8_t letter[4 + 1] = { 0 };

	utf8_put(code, letter);
	return code && strstr(letters, (const char *)letter);
}

bool utf8_may_break(uint32_t before, uint32_t after)
{
	/* Closing marks, small kana, marks of length and repetition; and what opens. */
	static const char never_first[] =
		"!),.:;?]}’”…、。〃々〉》」』】〕ぁぃぅぇぉっゃゅょ゛゜ゝゞ"
		"ァィゥェォッャュョ・ーヽヾ！），．：；？";
	static const char never_last[] = "([{‘“〈《「『【〔（";

	return (utf8_columns(before) == 2 || utf8_columns(after) == 2) && !is_one_of(after, never_first) &&
	       !is_one_of(before, never_last);
}

bool utf8_is_harmful(uint32_t code)
{
	/* Controls; marks of direction (Unicode 15 section 23.2), of nothing; ends of lines; tags. */
	static const struct range harmful[] = {
		{ 0x00, 0x1f },     { 0x7f, 0x9f },     { 0xad, 0xad },     { 0x61c, 0x61c },
		{ 0x200b, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f }, { 0xfeff, 0xfeff },
		{ 0xfff9, 0xfffb }, { 0xe0000, 0xe0fff },
	};

	return is_in(code, harmful, sizeof harmful / sizeof *harmful);
}
