/* decoders/http1state.h - the two turns of a direction's state that bytes and losses share;
 * http1's own. */
#ifndef DECODERS_HTTP1STATE_H
#define DECODERS_HTTP1STATE_H

#include "decoders/http1.h"

/* The message will never be whole; `then` is where its CUT leads. */
static inline void http1_cut(struct http1 *dec, enum http1_state then)
{
	dec->state = HTTP1_AT_CUT;
	dec->next = then;
}

/* What comes when the counted body or the chunk has no bytes left. */
static inline void http1_count_down(struct http1 *dec, uint64_t len)
{
	dec->left -= len;
	if (!dec->left)
		dec->state = dec->state == HTTP1_IN_LENGTH ? HTTP1_AT_END : HTTP1_AFTER_CHUNK;
}

#endif
