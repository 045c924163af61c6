/* report/json_client.h - a row of the ladder as JSON: its rungs, and its latest scans. */
#ifndef REPORT_JSON_CLIENT_H
#define REPORT_JSON_CLIENT_H

#include "analyzers/ladder.h"
#include "report/json_text.h"

void json_client(struct json_text *to, const struct ladder *l);

#endif
