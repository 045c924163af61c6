/* probes/answer.h - what a name server's message says to the one who asked (RFC 1035). */
#ifndef PROBES_ANSWER_H
#define PROBES_ANSWER_H

#include "facts/lookup.h"

/* Sets answered, rcode, truncated, malformed, canonical and the addresses of the type that `l` asks for.
 * What cannot be read makes it malformed, and is no answer where not even the question can. */
void answer_read(struct span message, struct lookup *l);

#endif
