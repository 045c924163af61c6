/* analyzers/texts.c - the texts of rungs, scans and rows, one after the other. */
#include "analyzers/texts.h"

static void keep(const char **text, struct texts_room to)
{
	*text = to.keep(to.self, *text);
}

static void keep_rungs(struct rung rungs[static RUNG_COUNT], struct texts_room to)
{
	for (int i = 0; i < RUNG_COUNT; i++)
		keep(&rungs[i].detail, to);
}

void scan_keep_texts(struct scan *scan, struct texts_room to)
{
#define X(member) keep(&scan->member, to);
	SCAN_TEXTS(X)
#undef X
	keep_rungs(scan->rungs, to);
}

void ladder_keep_texts(struct ladder *row, struct texts_room to)
{
	keep(&row->name, to);
	keep(&row->host, to);
	keep(&row->verdict, to);
	keep_rungs(row->rungs, to);
}
