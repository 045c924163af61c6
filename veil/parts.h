/* veil/parts.h - ConfigMgr's messages: multipart (RFC 2046 section 5.1), each part XML in UTF-16, plain or
 * under zlib (decoders/ccm.h reads them). */
#ifndef VEIL_PARTS_H
#define VEIL_PARTS_H

#include "veil/streams.h"

/* In place.  A part that cannot be coded again in its length is blanked and counted. */
void parts_put(struct stream_shared *shared, struct span delimiter, uint8_t *body, size_t len);

#endif
