/* veil/bodies.h - the body of an HTTP message: what of it somebody reads, and how it is coded.
 *
 *   update files            stay: everybody has them, and their names are their hashes
 *   markup, scripts, parts  rewritten; coded ones are undone, rewritten and coded again in the same length
 *   anything else           blanked, range by range; nothing of it is held
 *
 * What is held has a ceiling and is drawn on the budget; beyond it the body is blanked and counted.
 */
#ifndef VEIL_BODIES_H
#define VEIL_BODIES_H

#include "decoders/httphead.h"
#include "facts/wsus.h"
#include "veil/markup.h"

struct body_asked {                     /* of the request, for its answer's sake too */
	enum wsus_place place;
	bool file;                      /* an update file, by its name */
	bool script;                    /* for automatic proxies */
};

enum body_way { BODY_STAYS, BODY_BLANK, BODY_MARKUP, BODY_SCRIPT, BODY_PARTS, BODY_NOTHING };

struct body {
	const struct stream_env *env;   /* borrowed */
	enum side from;
	enum body_way way;
	bool coded;
	bool ended;                     /* nothing is done with what follows */
	bool wide;                      /* UTF-16 */
	bool any;                       /* of it came */
	uint8_t coding[32];
	size_t coding_len;
	uint8_t delimiter[72];          /* of parts */
	size_t delimiter_len;
	struct buf held, places;        /* bytes, and where each range of them lies */
	struct markup markup;
};

void body_init(struct body *b, const struct stream_env *env, enum side from);
void body_release(struct body *b);

/* The head of its message is here. */
void body_begin(struct body *b, const struct httphead *head, const struct body_asked *asked);
void body_piece(struct body *b, uint64_t at, struct span piece);
void body_lost(struct body *b);         /* what follows does not go on where the last piece ended */
void body_end(struct body *b);

#endif
