/* report/json_client.h - a row of the ladder as JSON: its rungs, and its latest scans. */
#ifndef REPORT_JSON_CLIENT_H
#define REPORT_JSON_CLIENT_H

#include <json-c/json_object.h>

#include "analyzers/ladder.h"

struct json_object *json_client(const struct ladder *l);

#endif
