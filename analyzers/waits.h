/* analyzers/waits.h - clients that know an update point and are waited for.
 *
 * A client that asks its management point where to scan, is told so, or resolves an update point's name,
 * should connect.  Who was seen on the update path is waited for no more.
 */
#ifndef ANALYZERS_WAITS_H
#define ANALYZERS_WAITS_H

#include "analyzers/analyzer.h"
#include "analyzers/expected.h"

struct waits;

/* `expected` is borrowed.  NULL: out of memory. */
struct waits *waits_new(const struct analyzer_env *env, const struct expectations *expected);
void waits_free(struct waits *w);                               /* NULL is fine */
void waits_fact(struct waits *w, const struct fact *fact);

/* The client was seen on the update path.  True: for the first time. */
bool waits_seen(struct waits *w, const struct addr *client);

/* The capture is over: raises connection-missing and client-silent for those that did not come. */
void waits_end(struct waits *w, int64_t now);

/* After waits_end: is there a finding, of another analyzer maybe, that says where the client stopped? */
bool waits_explained(const struct waits *w, const struct addr *client);

#endif
