/* report/json_update.h - an update that servers told of, with its files, as JSON. */
#ifndef REPORT_JSON_UPDATE_H
#define REPORT_JSON_UPDATE_H

#include <json-c/json_object.h>

#include "analyzers/updates.h"

struct json_object *json_update(const struct update_known *update);

#endif
