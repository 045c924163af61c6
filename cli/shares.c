/* cli/shares.c - floors and ceilings in a table; the engine takes what is left. */
#include "cli/shares.h"

#include <stdint.h>
#include <stdio.h>

#define MIB ((size_t)1 << 20)

enum {
	FIXED_MIB = 8,          /* libraries' data, the keeper, stories, tallies, page tables */
	DATA_MIB = 5,           /* of files: libraries' data, a report being written, ... */
	READER_MIB = 1,         /* ... and of each a block, and what unpacks it */
	LOOSE_MIB = 4,          /* findings, fragments, ...: of the engine, with ceilings of their own */
	ENGINE_LEAST_MIB = 4,
	COPIES = 2,             /* a judging child may change each page that the run has */
	HEAP_EIGHTHS = 7,       /* what is asked of the heap, of what the heap takes */
	FILES_LEAST = 4,        /* of files the engine has one part in so many, however little that is */
};

static const struct row {
	const char *name;
	bool shared;                    /* with the kernel, or with children: not private */
	size_t part, least, most;
} rows[SHARE_COUNT] = {
#define X(symbol, name, shared, part, least, most) [SHARE_##symbol] = { name, shared, part, least, most },
	SHARES(X)
#undef X
};

static size_t each_of(const struct shares_wanted *w, enum share i, size_t memory)
{
	size_t share;

	if (!w->count[i])
		return 0;
	if (w->asked[i])
		return w->asked[i];
	share = memory / rows[i].part / w->count[i];
	if (share < rows[i].least)
		return rows[i].least;
	return share < rows[i].most ? share : rows[i].most;
}

/* Division of so much; false: less than the least is left for the engine. */
static bool divide(struct shares *s, const struct shares_wanted *w, size_t memory)
{
	size_t own = w->beside + FIXED_MIB * MIB, mapped = 0, taken;

	for (enum share i = 0; i < SHARE_COUNT; i++) {
		s->each[i] = each_of(w, i, memory);
		if (s->each[i] && w->count[i] > SIZE_MAX / 16 / s->each[i])
			return false;
		s->all[i] = w->count[i] * s->each[i];
		*(rows[i].shared ? &mapped : &own) += s->all[i];
	}
	taken = own + mapped;
	s->engine = memory > taken ? (memory - taken) / COPIES : 0;
	s->private = own + s->engine;
	s->engine = s->engine > LOOSE_MIB * MIB ? (s->engine - LOOSE_MIB * MIB) / 8 * HEAP_EIGHTHS : 0;
	return s->engine >= ENGINE_LEAST_MIB * MIB;
}

/* Whole MiB.  Shares grow slower than the whole, so what is enough stays so. */
static size_t least_mib(const struct shares_wanted *w)
{
	size_t low = 0, high = SIZE_MAX / 4 / MIB;
	struct shares unused;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		*(divide(&unused, w, middle * MIB) ? &high : &low) = middle;
	}
	return high;
}

/* What the user himself has set to most of it is worth a word. */
static const char *largest_asked(const struct shares_wanted *w)
{
	const char *name = NULL;
	size_t most = w->memory / 4;

	for (enum share i = 0; i < SHARE_COUNT; i++)
		if (w->asked[i] && w->count[i] && w->asked[i] > most / w->count[i]) {
			most = w->asked[i] * w->count[i];
			name = rows[i].name;
		}
	return name;
}

bool shares_divide(struct shares *s, const struct shares_wanted *w, struct fault *f)
{
	const char *large;

	if (divide(s, w, w->memory))
		return true;
	large = largest_asked(w);
	return fault_set(f, FAULT_USAGE, "--memory %zuM is too little: such a run needs %zuM at least%s%s",
	                 w->memory / MIB, least_mib(w), large ? "; less would do with less for " : "",
	                 large ? large : "");
}

void shares_of_files(struct shares *s, size_t memory, size_t files, size_t text)
{
	size_t own = (DATA_MIB + files * READER_MIB) * MIB, least = memory / FILES_LEAST;
	size_t rest = memory > own + text ? memory - own - text : 0;

	*s = (struct shares){ .engine = rest > least ? rest : least };
	s->private = own + s->engine;
	s->engine = s->engine / 8 * HEAP_EIGHTHS;
}
