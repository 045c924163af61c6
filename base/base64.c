/* base/base64.c - four letters, three bytes. */
#include "base/base64.h"

/* -1: not of the alphabet. */
static int letter(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

size_t base64_decode(struct span text, uint8_t *to, size_t room)
{
	uint32_t bits = 0;
	unsigned have = 0;
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		int value = letter(text.at[i]);

		if (value < 0)
			break;
		bits = bits << 6 | (uint32_t)value;
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
