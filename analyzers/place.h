/* analyzers/place.h - an update point as a client is told it, and what a client dials, compared.
 *
 * A name is the same as its short form (clients use both), and as an address that the capture shows it to
 * have.
 */
#ifndef ANALYZERS_PLACE_H
#define ANALYZERS_PLACE_H

#include "base/map.h"
#include "facts/exchange.h"
#include "facts/limits.h"

struct addrnames;

enum { PLACE_HOST = 80, PLACE_TEXT = PLACE_HOST + 16 };

struct place {
	bool tls;
	uint16_t port;
	char host[PLACE_HOST];          /* printable, lower case; "[v6]" */
};

/* What a client dials. */
struct dialled {
	struct span host;               /* name it asks for, with port or without; empty: not seen */
	const struct endpoint *server;  /* NULL: a proxy's, which tells nothing */
};

enum place_match {
	PLACE_SAME,
	PLACE_OTHER_PORT,               /* of the same machine */
	PLACE_OTHER,
	PLACE_UNSURE,                   /* only an address is seen, and the name's are not known */
};

/* False: the URL names no host, or one that is longer than is kept. */
bool place_read(struct span url, struct place *p);

/* The one of that URL among those that are kept for the run; NULL: as above, or no room, which is counted. */
const struct place *place_kept(struct map *places, struct span url, struct limits *limits);

/* "http://sup01.corp.example:8530".  Returns `text`. */
const char *place_text(const struct place *p, char text[static PLACE_TEXT]);

/* `names` may be NULL. */
enum place_match place_match(const struct place *p, const struct dialled *d, const struct addrnames *names);

/* The name is the place's, in full or short. */
bool place_is_named(const struct place *p, struct span name);

/* What the exchange dials. */
struct dialled dialled_by(const struct exchange *x);

/* "wsus09:8530", else the address.  Returns `text`. */
const char *dialled_text(const struct dialled *d, char text[static PLACE_TEXT]);

#endif
