/* base/utf8.h - text as strangers write it: what is well formed, what moves the cursor, what does harm. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/reader.h"

/* Length of the well-formed sequence at the front of a span that is not empty; 0: there is none. */
size_t utf8_len(struct span s);

/* Without its last character, when the end of the text cuts that one. */
struct span utf8_whole(struct span s);

/* The code point of a well-formed sequence of that length. */
uint32_t utf8_code(const uint8_t *at, size_t len);

/* Writes a code point, U+FFFD for what is none (a surrogate, beyond Unicode); returns how many bytes. */
size_t utf8_put(uint32_t code, uint8_t to[static 4]);

enum utf16_order { UTF16_LE, UTF16_BE };

/* Takes a code point of UTF-16 off the front: a pair of surrogates is one (RFC 2781 section 2.2), half of a
 * pair is U+FFFD. */
uint32_t utf16_take(struct reader *in, enum utf16_order order);

/* Columns that a code point takes in a terminal: 0 (combining marks), 1 or 2 (East Asian wide). */
unsigned utf8_columns(uint32_t code);

/* A line may end between them where no blank does: Chinese and Japanese are written without.  But none begins
 * with what closes or goes on, nor ends with what opens (Unicode Standard Annex #14: ID, CL, NS, OP). */
bool utf8_may_break(uint32_t before, uint32_t after);

/* A control character, or one that turns, hides or breaks the text around it. */
bool utf8_is_harmful(uint32_t code);

#endif
