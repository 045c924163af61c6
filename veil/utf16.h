/* veil/utf16.h - UTF-16LE text through a function that rewrites UTF-8 in place. */
#ifndef VEIL_UTF16_H
#define VEIL_UTF16_H

#include "base/span.h"

/* Writes as many bytes to `to` as the text has (they may be the same); an odd byte at the end becomes
 * 0.  Long text goes through in several pieces, cut at spaces and brackets where there are any.
 * Whatever `rewrite` makes of a piece has to have as many UTF-16 units, or its end is lost. */
void utf16_through(struct span text, uint8_t *to, void (*rewrite)(void *self, uint8_t *utf8, size_t len),
                   void *self);

#endif
