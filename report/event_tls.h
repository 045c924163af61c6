/* report/event_tls.h - a TLS session's own fields of an event line. */
#ifndef REPORT_EVENT_TLS_H
#define REPORT_EVENT_TLS_H

#include "facts/tls.h"

struct json_object;

/* Credentials that a tunnel's target holds are masked unless `reveal`. */
void event_tls(struct json_object *line, const struct tls_session *t, bool reveal);

#endif
