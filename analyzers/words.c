/* analyzers/words.c - the table of texts. */
#include "analyzers/words.h"

void words_init(struct words *w, size_t ceiling, struct budget *budget)
{
	map_init_on(&w->by_text, ceiling, budget);
}

void words_release(struct words *w)
{
	map_release(&w->by_text);
}

const char *words_keep(struct words *w, struct span text)
{
	char kept[WORDS_TEXT];
	const struct map_entry *e;
	size_t len = 0;

	for (; len < text.len && len + 1 < sizeof kept && text.at[len]; len++)
		kept[len] = (char)text.at[len];
	kept[len] = '\0';
	if (!len)
		return "";
	/* The terminator belongs to the key: the map's copy is the text. */
	e = map_put(&w->by_text, span_of(kept, len + 1));
	return e ? (const char *)e->key.at : "";
}
