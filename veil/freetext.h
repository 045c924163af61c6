/* veil/freetext.h - text in whose structure nobody knows values: what is known of them is replaced. */
#ifndef VEIL_FREETEXT_H
#define VEIL_FREETEXT_H

#include "veil/find.h"
#include "veil/streams.h"

/* In place; while values are learned there is nothing to look for. */
static inline void freetext_put(const struct stream_shared *shared, uint8_t *text, size_t len)
{
	if (shared->finder && len)
		(void)finder_text(shared->finder, text, len);
}

/* Letters and digits become others, the same for the same text, and are registered nowhere: descriptions
 * of machines, whose words stand in everybody's text.  `text` and `to` may be the same. */
void freetext_hide(const struct names *names, struct span text, uint8_t *to);

#endif
