/* facts/limits.c - the words for what could not be seen. */
#include "facts/limits.h"

#include <stddef.h>

static const struct limit_row {
	const char *kind, *text;
	unsigned weight;
} rows[] = {
#define X(symbol, kind, weight, text) [LIMIT_##symbol] = { kind, text, weight },
	LIMITS(X)
#undef X
};

const char *limit_kind(enum limit which)
{
	return rows[which].kind;
}

const char *limit_text(enum limit which)
{
	return rows[which].text;
}

unsigned limit_weight(enum limit which)
{
	return rows[which].weight;
}
