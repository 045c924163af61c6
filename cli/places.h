/* cli/places.h - files of a run that may not be one: what is written over what is read, or over what else is
 * written, loses both. */
#ifndef CLI_PLACES_H
#define CLI_PLACES_H

#include "base/fault.h"
#include "cli/options.h"

/* Asked before the first file is made.  False: the fault, of usage, names the file.  Pipes and devices may be
 * shared, standard output by lines of text and of events alone. */
bool places_apart(const struct options *o, struct fault *f);

#endif
