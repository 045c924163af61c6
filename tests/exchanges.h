/* tests/exchanges.h - exchanges from a line of text.
 *
 *   CLIENT > SERVER #CONN ~WIRE METHOD TARGET | Header: value | ... => STATUS reason | Header: value | <body
 *
 * Clients and servers are addresses, servers with a port.  Line n takes place in second n, request in
 * frame 2n - 1, answer in frame 2n.  Fields without a colon say more: "1.0" (version),
 * "end reset", "tunnel", "tls", "bytes N" (of the entity).  No "=>": no answer.
 * "CALL GetConfig" in place of METHOD TARGET is a call whose bodies were read: see tests/calls.h.
 * A step of NTLM or Negotiate is named in place of its token, with what the token says behind it:
 * "Authorization: NTLM authenticate alice domain=CORP on=PC1".
 */
#ifndef TESTS_EXCHANGES_H
#define TESTS_EXCHANGES_H

#include "base/arena.h"
#include "facts/exchange.h"

/* The fact of a line; everything lives in the arena.  NULL: the line makes no sense. */
struct exchange *exchange_of(struct arena *arena, const char *line, size_t number, int64_t time);

/* "192.0.2.1:8530"; an address alone gets a port of its own.  False: neither. */
bool exchange_endpoint(struct span text, struct endpoint *e);

#endif
