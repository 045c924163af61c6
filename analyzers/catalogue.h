/* analyzers/catalogue.h - findings.def as rows; finding.h declares how to ask for one. */
#ifndef ANALYZERS_CATALOGUE_H
#define ANALYZERS_CATALOGUE_H

#include "analyzers/finding.h"

/* The kind of that name, or FINDING_KIND_COUNT. */
enum finding_kind finding_kind_named(struct span name);

#endif
