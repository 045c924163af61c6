/* analyzers/names.h - names for addresses, as far as the capture proves them.
 *
 * From answers to lookups, from what clients call themselves (GetAuthorizationCookie, RegisterComputer,
 * DHCP) and from the hosts that they ask servers for.  A proxy's address gets no client's name, and what
 * logins tell is private: no name comes from there.
 */
#ifndef ANALYZERS_NAMES_H
#define ANALYZERS_NAMES_H

#include "analyzers/namestory.h"

struct budget;

/* X(symbol), the better proof last: a better one replaces a weaker. */
#define NAME_SOURCES(X) X(LEASE) X(LOOKUP) X(HOST) X(CALL)

#define X(symbol) NAME_BY_##symbol,
enum name_source { NAME_SOURCES(X) };
#undef X

enum { NAME_TEXT = 128 };

struct names;

struct names *names_new(struct limits *limits, struct budget *budget);         /* NULL: out of memory */
void names_free(struct names *n);
void names_fact(struct names *n, const struct fact *fact);

/* The address's name; NULL: none is known.  Lent until the next fact. */
const char *names_of(const struct names *n, const struct addr *addr);

/* How lookups went. */
const struct name_stories *names_stories(const struct names *n);

/* The addresses a name was resolved to, newest answer first: how many, of which `max` go into `addrs`. */
size_t names_addresses(const struct names *n, struct span name, struct addr *addrs, size_t max);

#endif
