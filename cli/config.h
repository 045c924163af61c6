/* cli/config.h - options from a file: NAME = VALUE a line, as the long options are called.
 *
 * '#' begins a comment, at a line's beginning or behind a blank.  A value goes to the line's end, without the
 * blanks around it; "..." (with \" \\ \n \r \t \xHH) and '...' hold any.  Switches are yes or no; what is
 * repeatable has a line for each value.
 */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include <stdio.h>

#include "cli/options.h"

/* Takes what stands in the file o->config; called before the options of arguments, which override it
 * (lists are begun anew by the first of them).  Values point into o->config_text.  False: the fault names
 * file, line, cause and what is wanted. */
bool config_read(struct options *o, struct fault *f);

/* All options of the command with their values as they would be taken, those at their default as comments: a
 * file that config_read takes.  Secrets never are among them.  False: not written, or out of memory. */
bool config_write(FILE *out, const struct options *o);

/* Whether a run would start with these options, as far as that shows without rights: filters, files and
 * folders, the user.  False: the fault tells. */
bool config_check(const struct options *o, struct fault *f);

/* What --dump-config and --test-config ask for.  What may come later, such as an interface, is warned of.
 * False: the fault tells. */
bool config_tell(const struct options *o, struct fault *f);

#endif
