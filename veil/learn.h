/* veil/learn.h - values that facts tell: what decoders read inside of streams. */
#ifndef VEIL_LEARN_H
#define VEIL_LEARN_H

#include "facts/fact.h"
#include "veil/names.h"

/* Shows the registry the names in a fact. */
void learn_fact(struct names *n, const struct fact *fact);

#endif
