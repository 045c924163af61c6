/* cli/slices.h - packets that travel: -o evidence, -o annotated and --per-finding.
 *
 * Written in readings of their own once the report is settled.  Evidence is
 * chosen until it gives the same findings by itself (cli/selection.h), and what
 * it cannot give is told, in the file too.
 */
#ifndef CLI_SLICES_H
#define CLI_SLICES_H

#include "cli/again.h"
#include "cli/run.h"

struct slices;

/* One of its outputs is asked for: then the files are to be read through cli/again. */
bool slices_wanted(const struct options *o);

/* Opens its files; the keeper, which opens those that have no name yet, is NULL but for --per-finding.  All
 * is borrowed.  NULL: the fault tells. */
struct slices *slices_open(const struct options *o, struct again *again, struct keeper *keeper,
                           struct fault *f);

/* False: the fault tells; what could be written is. */
bool slices_write(struct slices *s, struct run *r, const struct report *report, struct fault *f);

/* NULL is fine. */
void slices_free(struct slices *s);

#endif
