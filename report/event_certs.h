/* report/event_certs.h - certificates of a TLS session in an event line: the owner's in the words of the
 * Elastic Common Schema, all that were shown under wsuscope. */
#ifndef REPORT_EVENT_CERTS_H
#define REPORT_EVENT_CERTS_H

#include "facts/tls.h"

struct json_object;

/* Adds subject, issuer, not_before, not_after and hash.sha1 of the chain's owner; nothing for no chain. */
void event_certs_owner(struct json_object *to, const struct tls_chain *chain);

/* Adds the names that a client compares with what it asked for: the alternative names, and the common name
 * only where there is none. */
void event_certs_names(struct json_object *to, const char *key, const struct tls_chain *chain);

/* Adds an entry for each certificate of both chains, the server's first. */
void event_certs_all(struct json_object *to, const char *key, const struct tls_session *t);

#endif
