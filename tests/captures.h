/* tests/captures.h - captures, each a test of its own: those that are named, or all that lie in pcaps/. */
#ifndef TESTS_CAPTURES_H
#define TESTS_CAPTURES_H

#include "base/span.h"

/* Whoever runs those of pcaps/ takes part of each only, and more of one that is named.  `state` points to
 * the path. */
struct captures_tests {
	const char *group;
	void (*each)(void **state);             /* of pcaps/ */
	void (*named)(void **state);
	bool (*takes)(const char *path);        /* which of pcaps/; NULL: all */
};

/* For main: how many failed.  Where there is no pcaps/, that is said, and none. */
int captures_run(int argc, char **argv, const struct captures_tests *tests);

/* "content-missing" of "pcaps/content-missing.pcapng": the scenario that made it.  A view into `path`. */
struct span captures_scenario(const char *path);

#endif
