/* analyzers/servers.h - who answers on the update path: role, product, version. */
#ifndef ANALYZERS_SERVERS_H
#define ANALYZERS_SERVERS_H

#include "analyzers/ladder.h"

struct servers;

struct servers *servers_new(const struct relevance *relevance);         /* borrowed; NULL: out of memory */
void servers_free(struct servers *s);
void servers_exchange(struct servers *s, const struct exchange *x);

void servers_name(struct servers *s, const struct addrnames *names);

size_t servers_total(const struct servers *s);
/* in order of first appearance */
const struct server_seen *servers_get(const struct servers *s, size_t i);

#endif
