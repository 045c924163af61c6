/* base/addr.h - addresses, endpoints and prefixes; IPv4 as ::ffff:a.b.c.d (RFC 4291 section 2.5.5.2). */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include "base/span.h"

struct addr {
	uint8_t bytes[16];
};

struct endpoint {
	struct addr addr;
	uint16_t port;
};

/* An endpoint as bytes without padding: the key of a map. */
struct endpoint_key {
	uint8_t bytes[18];
};

struct prefix {
	struct addr addr;
	unsigned bits;          /* of the 128 */
};

enum { ADDR_TEXT = 46, ENDPOINT_TEXT = 54 };

struct addr addr_v4(const uint8_t bytes[static 4]);
struct addr addr_v6(const uint8_t bytes[static 16]);
bool addr_is_v4(const struct addr *a);
bool addr_is_private(const struct addr *a);     /* RFC 1918, RFC 4193, loopback, link-local */

static inline bool addr_eq(const struct addr *a, const struct addr *b)
{
	return !memcmp(a->bytes, b->bytes, sizeof a->bytes);
}

static inline bool endpoint_eq(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port && addr_eq(&a->addr, &b->addr);
}

struct endpoint_key endpoint_key(const struct endpoint *e);
#define ENDPOINT_SPAN(key) span_of((key).bytes, sizeof(key).bytes)

/* "192.0.2.1", "2001:db8::1" (RFC 5952); "192.0.2.1:80", "[2001:db8::1]:80".  Returns `text`. */
const char *addr_text(const struct addr *a, char text[static ADDR_TEXT]);
const char *endpoint_text(const struct endpoint *e, char text[static ENDPOINT_TEXT]);

/* The whole of `text` must be an address ("[v6]" too), or an address with an optional "/bits". */
bool addr_parse(struct span text, struct addr *a);
bool prefix_parse(struct span text, struct prefix *p);
bool prefix_holds(const struct prefix *p, const struct addr *a);

#endif
