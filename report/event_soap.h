/* report/event_soap.h - an update call's own fields of an event line. */
#ifndef REPORT_EVENT_SOAP_H
#define REPORT_EVENT_SOAP_H

#include "facts/exchange.h"

struct json_object;

/* An envelope was seen: the exchange has a line of its own for the call. */
bool event_soap_is_due(const struct exchange *x);

/* Cookies and keys are told by their length and a hash, whatever `reveal` says; names of persons are masked
 * without it. */
void event_soap(struct json_object *line, const struct exchange *x, bool reveal);

#endif
