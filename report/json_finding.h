/* report/json_finding.h - a finding as JSON: the same in documents and event lines. */
#ifndef REPORT_JSON_FINDING_H
#define REPORT_JSON_FINDING_H

#include "report/report.h"

struct json_object;

/* The caller's to put.  Names are masked and frames are told as the style says. */
struct json_object *json_finding(const struct finding *n, const struct report_style *style);

#endif
