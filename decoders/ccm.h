/* decoders/ccm.h - ConfigMgr's messages between a client and its management point, as far as they tell which
 * update points there are.
 *
 * The body of a CCM_POST and of its answer is multipart/mixed (RFC 2046 section 5.1): the message's header
 * and what it carries, each XML in UTF-16, the second mostly under zlib.  It is read once it is there;
 * what is not about update points leaves nothing behind.
 */
#ifndef DECODERS_CCM_H
#define DECODERS_CCM_H

#include "base/arena.h"
#include "facts/exchange.h"
#include "facts/location.h"

enum { CCM_BODY_KEPT = 64 * 1024 };     /* of a body that may tell of update points */

/* May the body of this message, whose head is filled in, tell of update points? */
bool ccm_wanted(const struct exchange *x, const struct http_message *message);

/* Reads what was kept of the body of a message that is wanted, and hangs it on x->location, beside what the
 * other side said.  What it keeps lies in `arena`.  False: a ceiling was reached. */
bool ccm_read(struct exchange *x, const struct http_message *message, struct span body, struct arena *arena);

#endif
