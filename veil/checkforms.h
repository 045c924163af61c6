/* veil/checkforms.h - the forms in which a value may be written: see veil/check.h. */
#ifndef VEIL_CHECKFORMS_H
#define VEIL_CHECKFORMS_H

#include "veil/check.h"

struct checkforms_heard {
	void *self;
	/* `folded`: in lower case, to be looked for in any. */
	void (*form)(void *self, enum check_form form, bool folded, struct span bytes);
};

void checkforms_of(const struct name *name, const struct checkforms_heard *to);

#endif
