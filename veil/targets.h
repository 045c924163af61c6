/* veil/targets.h - what requests ask for, and URLs wherever they stand. */
#ifndef VEIL_TARGETS_H
#define VEIL_TARGETS_H

#include "veil/streams.h"

/* Write as many bytes to `to` as there are; both may be the same memory. */

/* A request's target in any form (RFC 9112 section 3.2), asked of `host`; a CONNECT's is a host itself. */
void target_put(const struct stream_shared *shared, struct span target, struct span host, uint8_t *to);

/* "http://host:port/path?query", or a path alone. */
void target_url(const struct stream_shared *shared, struct span url, uint8_t *to);

#endif
