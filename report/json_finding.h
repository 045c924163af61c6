/* report/json_finding.h - a finding as JSON: the same in documents and event lines. */
#ifndef REPORT_JSON_FINDING_H
#define REPORT_JSON_FINDING_H

#include "analyzers/finding.h"

struct json_object;

/* The caller's to put.  Names are masked unless `reveal`. */
struct json_object *json_finding(const struct finding *n, bool reveal);

#endif
