/* probes/sites.h - what sites of one host tell together: which serve updates, and to which names. */
#ifndef PROBES_SITES_H
#define PROBES_SITES_H

#include "probes/plan.h"

/* Behind the way's directories, as its `http` is needed; false: out of memory. */
bool sites_plan(struct plan *p, struct way *way);

#endif
