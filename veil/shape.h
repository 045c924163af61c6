/* veil/shape.h - a pseudonym for a value of each kind, before anybody asks whether it is free. */
#ifndef VEIL_SHAPE_H
#define VEIL_SHAPE_H

#include "veil/draw.h"
#include "veil/names.h"

/* `value` folded where shape_folds; as many bytes are written to `to`, in lower case then.  Another
 * attempt gives another pseudonym. */
void shape_draw(const uint8_t key[static DRAW_KEY], enum name_kind kind, struct span value, uint32_t attempt,
                uint8_t *to);

/* Values of that kind are the same in upper and in lower case. */
bool shape_folds(enum name_kind kind);

/* Gives a pseudonym in lower case the case that its value was written in. */
void shape_case(enum name_kind kind, struct span value, struct span pseudonym, uint8_t *to);

#endif
