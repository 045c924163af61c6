/* decoders/names.h - names inside login tokens, into UTF-8 that can be shown. */
#ifndef DECODERS_NAMES_H
#define DECODERS_NAMES_H

#include "base/arena.h"

/* Up to `max` bytes of UTF-8 in the arena, *cut set when that was not all or there was no room.  What is no
 * character, or one that does harm where it is shown, becomes U+FFFD. */
struct span name_utf16le(struct span bytes, size_t max, struct arena *arena, bool *cut);

/* The same of bytes that are UTF-8, or in a code page that nobody names. */
struct span name_bytes(struct span bytes, size_t max, struct arena *arena, bool *cut);

#endif
