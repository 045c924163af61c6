/* tests/told.h - reads back what the JSON outputs tell. */
#ifndef TESTS_TOLD_H
#define TESTS_TOLD_H

#include "facts/fact.h"
#include "report/events.h"

struct json_object;

/* "clients.0.ladder.2.state" of a document; fails the test when there is no such field. */
struct json_object *told_at(struct json_object *doc, const char *path);

/* Each pair is a path and the text of what stands there, "null" for nothing. */
void assert_told(struct json_object *doc, const char *const (*wanted)[2], size_t count);

/* The one event line of a fact, or of a finding; the caller's to put. */
struct json_object *told_line(const struct fact *f, const struct finding *n, bool reveal);

#endif
