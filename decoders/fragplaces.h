/* decoders/fragplaces.h - what the places of an update's fragment tell: few elements, few attributes.
 *
 * fragment.c finds tags and texts; here it is followed where they stand; what they say goes to the update.
 */
#ifndef DECODERS_FRAGPLACES_H
#define DECODERS_FRAGPLACES_H

#include "decoders/fragment.h"

enum { FRAGPLACES_DEPTH = 8 };

struct fragplaces {
	struct arena *arena;
	struct wsus_update *update;
	struct fragment_files files;
	bool dropped;                   /* something did not fit the arena */
	bool english;                   /* the language of the properties that are open */
	bool identity, properties;      /* of this fragment: seen */
	bool over;                      /* only rules follow: nothing more is told */
	unsigned depth, below;          /* elements that are open: at places, and below the last of these */
	uint8_t path[FRAGPLACES_DEPTH]; /* enum place */
	size_t text_len;
	uint8_t text[ITEM_TEXT_MAX];    /* of the element that is open */
	uint8_t plain[ITEM_TEXT_MAX];   /* of a value with references */
};

void fragplaces_begin(struct fragplaces *p, struct wsus_update *update, struct fragment_files files,
                      struct arena *arena);

/* A start tag, from its name up to its ">" or as far as it is held; an empty element is closed, too. */
void fragplaces_open(struct fragplaces *p, struct span tag);
void fragplaces_close(struct fragplaces *p);
void fragplaces_text(struct fragplaces *p, struct span text);

#endif
