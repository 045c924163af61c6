/* veil/tlsmessages.h - handshake messages under pseudonyms: hellos, certificates, tickets, keys. */
#ifndef VEIL_TLSMESSAGES_H
#define VEIL_TLSMESSAGES_H

#include "decoders/tlsmsg.h"
#include "veil/rewrite.h"

struct tlsmessages {
	struct names *names;            /* borrowed */
	unsigned version;               /* that the server has chosen; 0: not told yet */
};

/* Writes the body of the message to `to`: m->body.len bytes.  What is cut short is rewritten as far as it can
 * be read. */
void tlsmessages_put(struct tlsmessages *t, const struct tlsmsg_event *m, uint8_t *to);

/* What stands for a hello's random: a server's keeps what it says of versions (RFC 8446 section 4.1.3), and
 * that of a HelloRetryRequest is everybody's. */
void tlsmessages_random(const struct names *names, const uint8_t random[static 32], bool server,
                        uint8_t to[static 32]);

#endif
