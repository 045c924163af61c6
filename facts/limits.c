/* facts/limits.c - the words for what could not be seen. */
#include "facts/limits.h"

#include <stddef.h>

static const struct limit_row {
	const char *kind, *one, *more;
	unsigned weight;
} rows[] = {
#define X(symbol, kind, weight, texts) [LIMIT_##symbol] = { kind, texts, weight },
	LIMITS(X)
#undef X
};

const char *limit_kind(enum limit which)
{
	return rows[which].kind;
}

const char *limit_text(enum limit which, uint64_t count)
{
	return tongue_many(rows[which].one, rows[which].more, count);
}

unsigned limit_weight(enum limit which)
{
	return rows[which].weight;
}

const char *quality_name(enum quality q)
{
	static const char *const names[] = {
#define X(symbol, name) [QUALITY_##symbol] = name,
		QUALITIES(X)
#undef X
	};

	return names[q];
}

/* A handful of lost packets limits nothing: what counts is how many of all frames are concerned. */
enum quality limits_quality(const struct limits *l, uint64_t frames)
{
	enum quality worst = QUALITY_GOOD;

	for (int i = 0; i < LIMIT_COUNT; i++) {
		enum quality q = QUALITY_GOOD;

		if (!rows[i].weight || !l->count[i])
			continue;
		if (l->count[i] * 20 > frames)          /* more than 5 % */
			q = rows[i].weight == 2 ? QUALITY_POOR : QUALITY_LIMITED;
		else if (l->count[i] * 1000 > frames)   /* more than 0.1 % */
			q = QUALITY_LIMITED;
		if (q > worst)
			worst = q;
	}
	return worst;
}
