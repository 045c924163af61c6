/* analyzers/texts.h - whoever copies rungs, scans or rows of the ladder copies their texts, too. */
#ifndef ANALYZERS_TEXTS_H
#define ANALYZERS_TEXTS_H

#include "analyzers/scan.h"

/* Where copies go.  `keep` owns what it returns, which is never NULL: "" where it finds no room. */
struct texts_room {
	const char *(*keep)(void *self, const char *text);
	void *self;
};

/* Each text of what was copied as a whole is replaced by one that is kept. */
void scan_keep_texts(struct scan *scan, struct texts_room to);          /* its rungs', too */
void ladder_keep_texts(struct ladder *row, struct texts_room to);       /* but not those of its scans */

#endif
