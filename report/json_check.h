/* report/json_check.h - a check of a probe as JSON: the same in documents and event lines. */
#ifndef REPORT_JSON_CHECK_H
#define REPORT_JSON_CHECK_H

#include "report/report.h"

struct json_object;

/* The caller's to put. */
struct json_object *json_check(const struct report_check *c);

#endif
