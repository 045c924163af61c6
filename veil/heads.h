/* veil/heads.h - the head of an HTTP/1 message: request line, status line, headers by name. */
#ifndef VEIL_HEADS_H
#define VEIL_HEADS_H

#include "decoders/httphead.h"
#include "veil/streams.h"

/* Writes what takes the place of head->bytes to `to`, line for line.  Headers that nobody here knows lose
 * their letters and digits. */
void heads_put(const struct stream_shared *shared, const struct httphead *head, uint8_t *to);

/* The value of the head's first header of that name; empty: none. */
struct span heads_value(const struct httphead *head, struct span name);

#endif
