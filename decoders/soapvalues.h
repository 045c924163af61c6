/* decoders/soapvalues.h - the values of a call, gathered while its XML streams past.
 *
 * soap.c walks the envelopes and tells what stands below the method's element; here paths are matched
 * against facts/wsusfields.def, and the repeated elements become lists.  The escaped XML of updates
 * (MS-WUSP 3.1.1.1) is read here, too, as it is told.
 */
#ifndef DECODERS_SOAPVALUES_H
#define DECODERS_SOAPVALUES_H

#include "base/arena.h"
#include "facts/soap.h"
#include "facts/wsuscall.h"

struct soapvalues;
struct soapvalues_pool;

/* One per thread; what it keeps between exchanges draws on `budget`.  NULL: out of memory. */
struct soapvalues_pool *soapvalues_pool_new(struct budget *budget);
void soapvalues_pool_free(struct soapvalues_pool *pool);        /* NULL is fine; after all of its own */

/* A gatherer for an exchange: what it finds goes to `arena`.  NULL: no room. */
struct soapvalues *soapvalues_get(struct soapvalues_pool *pool, struct arena *arena);
void soapvalues_put(struct soapvalues *v);              /* back; NULL is fine */

/* The method's element of that side is open: what is told until soapvalues_end lies below it. */
void soapvalues_begin(struct soapvalues *v, enum side from, enum wsus_method method);

/* An element: its local name (lent, NUL-terminated); pairs of attributes' names and values, then NULL. */
void soapvalues_open(struct soapvalues *v, const char *name, const char *const *attributes);
void soapvalues_text(struct soapvalues *v, struct span text);   /* of the element that is open, in pieces */
void soapvalues_close(struct soapvalues *v);

/* Nothing is read of the element that is open nor of what stands in it: elements like it, without attributes,
 * that follow it when it is closed may be told by their number. */
bool soapvalues_passes(const struct soapvalues *v);
void soapvalues_more(struct soapvalues *v, const char *name, uint64_t times);

/* That side's body is over, or as over as it will be.  True: all was kept. */
bool soapvalues_end(struct soapvalues *v);

/* What both sides said so far; lives as long as the arena. */
const struct wsus_call *soapvalues_call(struct soapvalues *v);

#endif
