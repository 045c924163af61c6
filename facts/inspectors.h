/* facts/inspectors.h - products that open TLS on its way, by words in the names of their issuers. */
#ifndef FACTS_INSPECTORS_H
#define FACTS_INSPECTORS_H

#include "base/span.h"

struct inspector {
	struct span words;
	const char *product;            /* to be translated (base/tongue.h) */
};

extern const struct inspector inspectors[];
extern const size_t inspector_count;

/* The words that stand at the front of `text`: their length; 0: none. */
size_t inspector_at(struct span text);

#endif
