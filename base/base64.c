/* base/base64.c - four letters, three bytes. */
#include "base/base64.h"

/* What each letter stands for, and one: those that are none stand for nothing. */
static const uint8_t letters[256] = {
	['A'] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
	['N'] = 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
	['a'] = 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39,
	['n'] = 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52,
	['0'] = 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, ['+'] = 63, ['/'] = 64,
};

size_t base64_decode(struct span text, uint8_t *to, size_t room)
{
	uint32_t bits = 0;
	unsigned have = 0;
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		uint32_t value = letters[text.at[i]];

		if (!value)
			break;
		bits = bits << 6 | (value - 1);
		have += 6;
		if (have < 8)
			continue;
		if (len == room)
			break;
		have -= 8;
		to[len++] = (uint8_t)(bits >> have);
	}
	return len;
}
