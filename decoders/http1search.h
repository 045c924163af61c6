/* decoders/http1search.h - where the next message starts, after lost bytes or in a stream joined
 * midway. */
#ifndef DECODERS_HTTP1SEARCH_H
#define DECODERS_HTTP1SEARCH_H

#include "base/buf.h"

/* Consumes *in up to the next start line of a request (of a response).  True: it is whole and at
 * the front of *kept, or, when that is empty, of *in.  False: *in is used up, and *kept holds a
 * line that may become one. What is found does not depend on how the input is cut, for lines up
 * to 8 KiB. */
bool http1_search(bool response, struct buf *kept, struct span *in);

#endif
