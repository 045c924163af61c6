/* base/base64.h - base64 undone (RFC 4648 section 4). */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/span.h"

/* Writes what `text` decodes to, as far as `room` reaches or the first byte that is not of the alphabet
 * (padding too), and returns how many bytes that were. */
size_t base64_decode(struct span text, uint8_t *to, size_t room);

#endif
