/* veil/markup.h - values in XML and HTML: by element and attribute where a table knows them, else looked for.
 *
 * Works in place on pieces of a document; what is between them may be anything but the inside of a tag.
 */
#ifndef VEIL_MARKUP_H
#define VEIL_MARKUP_H

#include "veil/streams.h"

enum { MARKUP_NAME = 40 };

struct markup {                         /* zeroed at a document's beginning */
	uint8_t element[MARKUP_NAME];   /* the last that was opened: its local name */
	size_t len;                     /* 0: none, or it was closed */
};

void markup_put(const struct stream_shared *shared, struct markup *m, uint8_t *text, size_t len);

/* The same of UTF-16LE. */
void markup_wide(const struct stream_shared *shared, struct markup *m, uint8_t *text, size_t len);

/* A script for automatic proxies: hosts and addresses in its strings. */
void script_put(const struct stream_shared *shared, uint8_t *text, size_t len);

#endif
