/* tests/raised.h - findings that a test raises itself. */
#ifndef TESTS_RAISED_H
#define TESTS_RAISED_H

#include "analyzers/finding.h"
#include "facts/connection.h"

/* None yet, with limits that nothing has reached; the caller frees them. */
struct findings *raised_begin(struct limits *limits);

/* A certain one of its kind's severity, so many seconds after 1970; the connection may be NULL. */
struct raise raised_at(enum finding_kind kind, const struct connection *c, int64_t seconds);

#endif
