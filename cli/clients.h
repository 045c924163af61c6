/* cli/clients.h - the clients that --client expects: addresses, networks, and files of them.
 *
 * A file has one a line, blanks around it and what follows a # do not count.  It may be UTF-16 with its
 * mark, as PowerShell's > writes it.
 */
#ifndef CLI_CLIENTS_H
#define CLI_CLIENTS_H

#include "base/addr.h"
#include "base/fault.h"
#include "cli/options.h"

enum { EXPECTED_MAX = 100000 };         /* clients and networks of one run */

struct clients {
	struct prefix *at;              /* owned */
	size_t count, room;
};

/* Can be a value of --client: an address, a network, or a file that is there. */
bool clients_plausible(const char *value);

/* Reads all values.  False: the fault names the file and its lines that are neither address nor network;
 * what was read is to be released all the same. */
bool clients_read(struct clients *c, const struct options *o, struct fault *f);
void clients_release(struct clients *c);

#endif
