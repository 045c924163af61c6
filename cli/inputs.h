/* cli/inputs.h - what a source came to, as a report names it. */
#ifndef CLI_INPUTS_H
#define CLI_INPUTS_H

#include "capture/source.h"
#include "report/report.h"

/* Sets the report's inputs; none where `s` is NULL.  The caller frees what *room becomes, after the report's
 * use; names are the source's.  False: out of memory. */
bool inputs_fill(struct report *r, const struct source *s, struct report_input **room);

#endif
