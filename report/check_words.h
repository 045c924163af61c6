/* report/check_words.h - names of checks and ways, as every output spells them. */
#ifndef REPORT_CHECK_WORDS_H
#define REPORT_CHECK_WORDS_H

#include "report/report.h"

enum { CHECK_LABEL = CHECK_NAME_MAX + 16, CHECK_WAY = 2 * CHECK_PARTY_MAX + 16 };

/* "soap GetConfig" */
const char *check_label(const struct check *c, char text[static CHECK_LABEL]);

/* "http://wsus01:8530 via proxy01:3128" */
const char *check_way(const struct check *c, char text[static CHECK_WAY]);

/* "forbidden"; NULL: no finding tells why */
const char *check_kind(const struct report_check *c);

/* ns that it took; -1: it was not begun. */
int64_t check_took(const struct check *c);

/* "wsus01:8530" of "http://wsus01:8530"; its host alone. */
struct span check_place(const char *target);
struct span check_host(const char *target);

/* Checks in that state. */
/* Checks that were stopped, or never came to their turn. */
size_t checks_cut(const struct report *r);
size_t checks_in(const struct report *r, enum check_state state);

/* From the first that began to the last that ended, ns. */
int64_t checks_took(const struct report *r);

#endif
