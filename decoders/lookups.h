/* decoders/lookups.h - questions for names and their answers, joined to facts.
 *
 * A lookup is what one client asks one server for one name and type, however often it asks: retries come
 * from other ports and with other ids.  It is stated when it is answered, or when nothing came for
 * LOOKUP_PATIENCE; an answer that comes later states it again, as answered.  LLMNR and NetBIOS ask a group,
 * and whoever has the name answers.
 */
#ifndef DECODERS_LOOKUPS_H
#define DECODERS_LOOKUPS_H

#include "base/budget.h"
#include "decoders/packet.h"
#include "facts/fact.h"
#include "facts/limits.h"

/* Windows' last retry waits for 8 s, glibc's for 5 s. */
#define LOOKUP_PATIENCE (15 * MOMENT_S)

struct lookups;

/* All borrowed; budget may be NULL.  NULL: out of memory. */
struct lookups *lookups_new(const struct fact_sink *sink, struct limits *limits, struct budget *budget);
void lookups_free(struct lookups *l);

/* No packet came until then: questions that have waited for too long are given up. */
void lookups_pass(struct lookups *l, int64_t time);

/* A UDP packet; one that is no lookup by its ports is no matter. */
void lookups_packet(struct lookups *l, const struct packet *packet);

/* A DNS message that TCP carried from `source` to `target`. */
void lookups_stream(struct lookups *l, const struct endpoint *source, const struct endpoint *target,
                    struct span message, uint64_t frame, int64_t time);

/* The capture is over: states what waits. */
void lookups_end(struct lookups *l);

uint64_t lookups_count(const struct lookups *l);        /* of questions so far, retries not counted */

#endif
