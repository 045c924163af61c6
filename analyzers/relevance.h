/* analyzers/relevance.h - which traffic is the update path, and so judged.
 *
 * Ports 8530 and 8531, WSUS paths, update agents, hosts named by --sup or
 * learned from the traffic, the proxies such traffic goes through, and
 * Microsoft Update's hosts.  With --all everything is.
 */
#ifndef ANALYZERS_RELEVANCE_H
#define ANALYZERS_RELEVANCE_H

#include "facts/fact.h"

struct relevance;

struct relevance_options {
	const char *const *sups;        /* --sup: URL, HOST, HOST:PORT */
	size_t sup_count;
	bool all;
	const struct prefix *clients;   /* --client: who should be seen */
	size_t client_count;
	bool probe;                     /* the traffic is a probe's: who asks is neither client nor server */
};

struct relevance_sup {                  /* one --sup */
	const char *text;               /* as given */
	struct span host;               /* its name, or address as text; lies in `text` */
	bool has_addr;
	struct addr addr;
	uint16_t port;                  /* 0: any */
};

struct relevance *relevance_new(const struct relevance_options *options);      /* NULL: out of memory */
void relevance_free(struct relevance *r);

/* Learns from a fact; call it before asking about that fact. */
void relevance_learn(struct relevance *r, const struct fact *fact);

bool relevance_exchange(const struct relevance *r, const struct exchange *x);
bool relevance_tls(const struct relevance *r, const struct tls_session *t);

/* What is known so far of a connection's endpoints; a later exchange may make it relevant: ask at the end of
 * the connection, not at its start. */
bool relevance_connection(const struct relevance *r, const struct connection *c);

/* The endpoint has been seen to speak as an update point, or --sup names it. */
bool relevance_is_update_point(const struct relevance *r, const struct endpoint *server);

/* How a name that is looked up relates to the update path.  KNOWN: --sup names it, or requests of the path,
 * or a management point did; with a search suffix behind it, too.  LIKELY: it only looks so. */
enum relevance_name { RELEVANCE_NAME_OTHER, RELEVANCE_NAME_LIKELY, RELEVANCE_NAME_KNOWN };
enum relevance_name relevance_name(const struct relevance *r, struct span host);

bool relevance_is_probe(const struct relevance *r);

/* Some machine by that address serves updates, or as a proxy. */
bool relevance_is_update_machine(const struct relevance *r, const struct addr *machine);
bool relevance_is_proxy_machine(const struct relevance *r, const struct addr *machine);

/* Updates come from that machine by 8530 or 8531: ports that are nobody else's. */
bool relevance_has_update_port(const struct relevance *r, const struct addr *machine);

/* What --sup and --client expect; lent. */
size_t relevance_sup_count(const struct relevance *r);
const struct relevance_sup *relevance_sup(const struct relevance *r, size_t i);
size_t relevance_client_count(const struct relevance *r);
const struct prefix *relevance_client(const struct relevance *r, size_t i);

/* The endpoint has been seen to serve as a proxy for anybody. */
bool relevance_is_proxy(const struct relevance *r, const struct endpoint *server);

#endif
