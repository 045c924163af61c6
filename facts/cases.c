/* facts/cases.c - one table of all cases. */
#include "facts/cases.h"

static const struct trouble cases[] = {
#define CASE(id, seen, ...) { id, SEEN_##seen, __VA_ARGS__ },
#include "facts/cases.def"
#undef CASE
};

size_t case_count(void)
{
	return sizeof cases / sizeof *cases;
}

const struct trouble *case_at(size_t at)
{
	return &cases[at];
}

const struct trouble *case_named(struct span id)
{
	for (size_t i = 0; i < case_count(); i++)
		if (span_ieq(span_text(cases[i].id), id))
			return &cases[i];
	return NULL;
}

const char *case_seen_text(enum case_seen seen)
{
	static const char *const texts[] = {
#define X(symbol, text) text,
		CASE_SEEN(X)
#undef X
	};

	return texts[seen];
}

bool case_lists(const char *list, struct span word)
{
	struct span left = span_text(list);

	while (left.len)
		if (span_ieq(span_split(&left, ' '), word))
			return true;
	return false;
}
