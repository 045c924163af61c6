/* decoders/soap.h - calls of update services, read while their bodies stream past.
 *
 * Decoded pieces of a request's and of its answer's body go in, cut anywhere; expat walks them, and nothing
 * is held whole.  Envelope, method and fault become a soap_call (facts/soap.h) in the exchange's arena; what
 * stands below the method's element goes to soapvalues.  Document types are refused at sight, so there are no
 * entities; depth, length and every text have ceilings.  A pool keeps parsers between bodies.
 */
#ifndef DECODERS_SOAP_H
#define DECODERS_SOAP_H

#include "base/arena.h"
#include "decoders/stack.h"
#include "facts/soap.h"

struct soap;
struct soap_pool;

/* One per engine and thread; both are borrowed.  Parsers draw on `budget`.  NULL: out of memory.  Freed after
 * all that it reads. */
struct soap_pool *soap_pool_new(struct limits *limits, struct budget *budget);
void soap_pool_free(struct soap_pool *pool);            /* NULL is fine */

/* The bodies of this exchange, whose request's head is in, are SOAP or should be; `all`: also where the path
 * is none of the update services'. */
bool soap_is_due(const struct exchange *x, bool all);

/* Begins to read an exchange; `arena` holds it and what it says.  NULL: no room, or no pool. */
struct soap *soap_new(struct soap_pool *pool, const struct exchange *x, struct arena *arena);
void soap_free(struct soap *s);                         /* NULL is fine; before the arena */

/* What was read so far; lives as long as the arena. */
const struct soap_call *soap_call(const struct soap *s);

/* Decoded bytes of that side's body.  False: what follows will not be read. */
bool soap_piece(struct soap *s, enum side from, struct span bytes);

/* That side's body is over; `whole`: all of it came by. */
void soap_end(struct soap *s, enum side from, bool whole);

#endif
