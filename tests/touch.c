/* tests/touch.c - a sum that nobody needs. */
#include "tests/touch.h"

void touch(struct span bytes)
{
	volatile uint8_t needed;
	uint8_t sum = 0;

	for (size_t i = 0; i < bytes.len; i++)
		sum = (uint8_t)(sum + bytes.at[i]);
	needed = sum;
	(void)needed;
}
