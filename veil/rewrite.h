/* veil/rewrite.h - a structure rewritten field by field: what nobody decides about is zeros. */
#ifndef VEIL_REWRITE_H
#define VEIL_REWRITE_H

#include "veil/names.h"

struct rewrite {
	struct names *names;
	const uint8_t *from;            /* fields are spans into it */
	uint8_t *to;                    /* as long, and zeros at first */
};

static inline uint8_t *rewrite_at(const struct rewrite *w, struct span field)
{
	return w->to + (field.at - w->from);
}

static inline void rewrite_keep(const struct rewrite *w, struct span field)
{
	if (field.len)
		memcpy(rewrite_at(w, field), field.at, field.len);
}

/* Bytes that nobody reads: equal ones become equal ones. */
static inline void rewrite_bytes(const struct rewrite *w, struct span field)
{
	if (field.len)
		names_bytes(w->names, field, rewrite_at(w, field));
}

#endif
