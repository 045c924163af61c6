/* tests/taped.h - a tape, read by the decoders as a capture is. */
#ifndef TESTS_TAPED_H
#define TESTS_TAPED_H

#include "facts/fact.h"
#include "facts/limits.h"
#include "probes/tape.h"

enum { TAPED_MAX = 8 };

struct taped_exchange {
	char method[16], host[64], target[128];
	unsigned status;
	bool complete;                  /* both bodies came to their end */
	uint64_t request_bytes, response_bytes;
};

struct taped {
	uint64_t frames, datagrams;
	size_t count, exchange_count;   /* of connections; those behind TAPED_MAX are counted only */
	struct connection connections[TAPED_MAX];
	struct taped_exchange exchanges[TAPED_MAX];
	unsigned icmp_known;            /* errors that were joined to a connection */
	struct limits limits;
};

/* Fails the test where times go back, or a head or checksum is wrong. */
void taped_read(struct taped *h, const struct tape *t);

/* Nothing was lost, sent again, cut, or seen one way only. */
void taped_is_clean(const struct taped *h);

#endif
