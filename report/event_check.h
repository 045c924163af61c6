/* report/event_check.h - a check of a probe in an event line. */
#ifndef REPORT_EVENT_CHECK_H
#define REPORT_EVENT_CHECK_H

#include "report/report.h"

struct json_object;

/* Adds both ends of its last connection and wsuscope.check. */
void event_check(struct json_object *line, const struct report_check *c);

#endif
