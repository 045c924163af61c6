/* report/event_auth.h - wsuscope.exchange.auth: who logs in where, how far, by which tokens. */
#ifndef REPORT_EVENT_AUTH_H
#define REPORT_EVENT_AUTH_H

#include "facts/exchange.h"

struct json_object;

/* Adds "auth" to `exchange`; nothing when no login is asked for or tried.  Users, their domains and machines
 * are masked unless `reveal`. */
void event_auth(struct json_object *exchange, const struct exchange *x, bool reveal);

#endif
