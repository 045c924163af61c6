/* report/heard.c - one listener for all that a page draws. */
#include "report/heard.h"

#include <stdlib.h>

static const size_t ROWS_ROOM = (size_t)8 << 20;

struct heard *heard_new(void)
{
	struct heard *h = calloc(1, sizeof *h);

	if (!h)
		return NULL;
	h->recent = recent_new(ROWS_ROOM);
	if (h->recent)
		return h;
	free(h);
	return NULL;
}

void heard_free(struct heard *h)
{
	if (!h)
		return;
	recent_free(h->recent);
	free(h);
}

void heard_fact(struct heard *h, const struct fact *fact)
{
	series_fact(&h->series, fact);
	recent_fact(h->recent, fact);
}
