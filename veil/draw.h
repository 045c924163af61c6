/* veil/draw.h - what is drawn from the key: bytes, letters and digits that only who has it can foretell.
 *
 * HMAC-SHA-256 (RFC 2104) of a purpose, an attempt and a value is the seed; its successive HMACs are the
 * bytes.  Equal values give equal draws, unequal ones unrelated ones.
 */
#ifndef VEIL_DRAW_H
#define VEIL_DRAW_H

#include "base/span.h"

enum { DRAW_KEY = 32 };

struct draw {
	uint8_t seed[DRAW_KEY], block[DRAW_KEY];
	unsigned used;                  /* of the block */
	uint32_t blocks;
};

/* What is drawn for one purpose says nothing about another's. */
enum draw_purpose {
	DRAW_WORD, DRAW_TOKEN, DRAW_HEX, DRAW_GUID, DRAW_SID, DRAW_MAC_VENDOR, DRAW_MAC, DRAW_V4, DRAW_V6,
	DRAW_BYTES,
};

void draw_begin(struct draw *d, const uint8_t key[static DRAW_KEY], enum draw_purpose purpose,
                uint32_t attempt, struct span value);
uint8_t draw_byte(struct draw *d);
unsigned draw_below(struct draw *d, unsigned count);    /* 1..256 */

/* One character in the place of another: a letter for a letter, a digit for a digit, case and all else
 * kept. UTF-8 beyond ASCII becomes letters of other scripts in as many bytes.  Takes it off *from,
 * writes as many bytes. */
size_t draw_character(struct draw *d, struct span *from, uint8_t *to);

/* One hexadecimal digit, in lower case, for any; other bytes stay. */
uint8_t draw_nibble(struct draw *d, uint8_t digit);

#endif
