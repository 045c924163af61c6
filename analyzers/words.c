/* analyzers/words.c - the table of texts. */
#include "analyzers/words.h"

#include "analyzers/web.h"

void words_init(struct words *w, size_t ceiling)
{
	map_init(&w->by_text, ceiling);
}

void words_release(struct words *w)
{
	map_release(&w->by_text);
}

const char *words_keep(struct words *w, struct span text)
{
	char printable[WORDS_TEXT];
	const struct map_entry *e;

	if (!text.len)
		return "";
	web_printable(text, printable, sizeof printable);
	/* The terminator belongs to the key: the map's copy is the text. */
	e = map_put(&w->by_text, span_of(printable, strlen(printable) + 1));
	return e ? (const char *)e->key.at : "";
}
