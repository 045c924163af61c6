/* cli/hellos.h - of which TLS sessions there are packets, so that a key log is cut to these. */
#ifndef CLI_HELLOS_H
#define CLI_HELLOS_H

#include "base/map.h"
#include "base/span.h"

struct hellos {
	struct map randoms;             /* client randoms */
};

void hellos_init(struct hellos *h);
void hellos_release(struct hellos *h);

/* Takes the randoms of all client hellos that begin in these bytes. */
void hellos_take(struct hellos *h, struct span bytes);

/* A line of a key log (NSS format) is of one of those sessions. */
bool hellos_have(const struct hellos *h, struct span line);

#endif
