/* cli/config.h - options from a file: NAME = VALUE a line, as the long options are called; '#' begins a comment. */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include <stdio.h>

#include "cli/options.h"

/* Takes what stands in the file o->config; called before the arguments' own options, which override it (lists are
 * begun anew by the first of them).  False: the fault names file, line, cause and what is wanted. */
bool config_read(struct options *o, struct fault *f);

/* All options of the command with their values as they would be taken, those at their default as comments: a file that
 * config_read takes.  Secrets never are among them. */
bool config_write(FILE *out, const struct options *o);

#endif
