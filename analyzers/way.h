/* analyzers/way.h - the way of one climber to one update point, as the key of a table. */
#ifndef ANALYZERS_WAY_H
#define ANALYZERS_WAY_H

#include "facts/exchange.h"

enum { WAY_HOST = 96 };

struct way {
	uint8_t bytes[16 + 18 + 1 + WAY_HOST];
	size_t len;
};

/* Towards a proxy, update points are told apart by the names that are asked for; else `host` is empty. */
static inline struct way way_of(const struct addr *client, const struct endpoint *server, struct span host,
                                unsigned climber)
{
	struct endpoint_key to = endpoint_key(server);
	struct way w = { .len = 16 + 18 + 1 };

	memcpy(w.bytes, client->bytes, 16);
	memcpy(w.bytes + 16, to.bytes, sizeof to.bytes);
	w.bytes[34] = (uint8_t)climber;
	for (size_t i = 0; i < host.len && w.len < sizeof w.bytes; i++) {
		uint8_t c = host.at[i];

		w.bytes[w.len++] = c >= 'A' && c <= 'Z' ? c | 0x20 : c;
	}
	return w;
}

/* The update point that an exchange is for, as its client names it: behind a proxy what tells them apart. */
struct span way_host(const struct exchange *x);

#define WAY_SPAN(way) span_of((way).bytes, (way).len)

#endif
