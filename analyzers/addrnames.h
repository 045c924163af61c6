/* analyzers/addrnames.h - names for addresses, as far as the capture proves them.
 *
 * From answers to lookups, from what clients call themselves (GetAuthorizationCookie, RegisterComputer,
 * DHCP) and from the hosts that they ask servers for.  A proxy's address gets no client's name, and what
 * logins tell is private: no name comes from there.
 */
#ifndef ANALYZERS_ADDRNAMES_H
#define ANALYZERS_ADDRNAMES_H

#include "analyzers/namestory.h"

struct budget;

/* X(symbol), the better proof last: a better one replaces a weaker. */
#define NAME_SOURCES(X) X(LEASE) X(LOOKUP) X(HOST) X(CALL)

#define X(symbol) NAME_BY_##symbol,
enum name_source { NAME_SOURCES(X) };
#undef X

enum { NAME_TEXT = 128 };

struct addrnames;

/* NULL: out of memory. */
struct addrnames *addrnames_new(struct limits *limits, struct budget *budget);
void addrnames_free(struct addrnames *n);
void addrnames_fact(struct addrnames *n, const struct fact *fact);

/* The address's name; NULL: none is known.  Lent until the next fact. */
const char *addrnames_of(const struct addrnames *n, const struct addr *addr);

/* How lookups went. */
const struct name_stories *addrnames_stories(const struct addrnames *n);

/* The addresses a name was resolved to, newest answer first: how many, of which `max` go into `addrs`. */
size_t addrnames_addresses(const struct addrnames *n, struct span name, struct addr *addrs, size_t max);

#endif
