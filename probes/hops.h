/* probes/hops.h - where on the way to a server connections to one of its ports end.
 *
 * A connection request with a small hop limit is thrown away by the device at which the limit runs out, which
 * says so (ICMP time exceeded, RFC 792; RFC 4443 section 3.3).  Who says nothing at any limit is beyond
 * the device that ends it.
 */
#ifndef PROBES_HOPS_H
#define PROBES_HOPS_H

#include "facts/check.h"
#include "probes/dial.h"

enum { HOPS_MAX = 24 };

/* What came of a connection request with a hop limit of the place + 1. */
struct hop {
	enum dial_outcome outcome;
	bool has_icmp;
	struct addr from;               /* of the ICMP error */
	uint8_t type, code;
};

struct hops {
	uint16_t port;
	struct hop at[HOPS_MAX];
};

void hops_note(struct hops *h, unsigned limit, const struct dial_result *r);

/* Whether requests to the port reach the server: it is open, or refused by nobody before the server.  `open`:
 * of a port of the server that is open; NULL: none is known. */
bool hops_arrive(const struct hops *h, const struct hops *open);

/* "8530 dies after hop 3 (10.0.0.254), 80 passes to the server at hop 5".  Returns `text`. */
const char *hops_text(const struct hops *blocked, const struct hops *open,
                      char text[static CHECK_DETAIL_MAX]);

#endif
