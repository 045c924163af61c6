/* report/event_http.h - an exchange's own fields of an event line. */
#ifndef REPORT_EVENT_HTTP_H
#define REPORT_EVENT_HTTP_H

#include "facts/exchange.h"

struct json_object;

void event_http(struct json_object *line, const struct exchange *x, bool reveal);

#endif
