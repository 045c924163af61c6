/* analyzers/scankept.c - copies of scans that are over. */
#include "analyzers/scankept.h"

#include <stdlib.h>

#include "analyzers/texts.h"

static const char *keep(void *words, const char *text)
{
	return words_keep(words, span_text(text));
}

struct scan *scan_copy(const struct scan *scan, struct words *words, struct budget *budget)
{
	struct scan *own = budget_room(budget, sizeof *own);
	size_t faults = scan_faults_kept(scan) * sizeof *scan->faults;

	if (!own)
		return NULL;
	*own = *scan;
	own->faults = faults ? budget_room(budget, faults) : NULL;
	if (own->faults)
		memcpy(own->faults, scan->faults, faults);
	else
		own->fault_count = 0;
	scan_keep_texts(own, (struct texts_room){ keep, words });
	return own;
}

void scans_drop(const struct scan *newest, struct budget *budget)
{
	while (newest) {
		struct scan *s = (struct scan *)(uintptr_t)newest;

		newest = s->older;
		budget_free(budget, s->faults, scan_faults_kept(s) * sizeof *s->faults);
		budget_free(budget, s, sizeof *s);
	}
}
