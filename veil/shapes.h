/* veil/shapes.h - values that are known by their form, in any text. */
#ifndef VEIL_SHAPES_H
#define VEIL_SHAPES_H

#include "veil/names.h"

/* What begins at that place, where a word may begin, is replaced; how many bytes that were, 0:
 * nothing. */
size_t shapes_put(struct names *n, uint8_t *text, size_t len, size_t at);

#endif
