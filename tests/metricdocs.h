/* tests/metricdocs.h - what docs/metrics.md says of metrics, beside what is written of them. */
#ifndef TESTS_METRICDOCS_H
#define TESTS_METRICDOCS_H

/* Fails the test unless each metric of an exposition has its row in that section, with type, labels and what
 * it tells, and the section has no other. */
void assert_documented(const char *exposition, const char *section);

/* Fails it, too, when that file names a metric (wsuscope_...) that has no row. */
void assert_names_documented(const char *path);

#endif
