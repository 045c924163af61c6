/* report/event_lookup.h - dns.* and wsuscope.lookup.* of an event line. */
#ifndef REPORT_EVENT_LOOKUP_H
#define REPORT_EVENT_LOOKUP_H

#include "facts/lookup.h"

struct json_object;

void event_lookup(struct json_object *line, const struct lookup *l);

#endif
