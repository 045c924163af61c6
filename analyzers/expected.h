/* analyzers/expected.h - whom --client expects: single machines, and networks of which any will do.
 *
 * A list may name a hundred thousand of them, and a capture as many clients: each question costs a few
 * look-ups, one for each length of prefix that the list has.
 */
#ifndef ANALYZERS_EXPECTED_H
#define ANALYZERS_EXPECTED_H

#include "analyzers/relevance.h"
#include "base/map.h"

struct expected {                       /* a single machine */
	bool seen;                      /* on the update path */
	bool at_sup;                    /* at one that --sup names */
	uint64_t alive_frame;           /* of other traffic; 0: none */
	struct endpoint elsewhere;      /* where it was seen */
	uint64_t elsewhere_frame;
};

struct expectations {
	struct map singles;             /* address -> struct expected */
	struct map networks;            /* address without its host part, bits -> NULL until a client came */
	uint8_t lengths[128];           /* that networks have */
	unsigned length_count;
};

/* False: out of memory; release it all the same. */
bool expectations_init(struct expectations *e, const struct relevance *r);
void expectations_release(struct expectations *e);

/* NULL: no single machine by that address is expected. */
struct expected *expected_single(const struct expectations *e, const struct addr *a);

/* It is expected, or of a network that is. */
bool expected_is(const struct expectations *e, const struct addr *a);

/* A client came: so did its networks. */
void expected_came(struct expectations *e, const struct addr *a);

/* One of the networks, in the order of the options; true: none of its clients came. */
bool expected_network_lacks(const struct expectations *e, size_t i, struct prefix *network);

#endif
