/* probes/otherports.h - which of the usual ports is open where the one that was asked for is not. */
#ifndef PROBES_OTHERPORTS_H
#define PROBES_OTHERPORTS_H

#include "probes/plan.h"

/* Adds a step behind the port's, where the user named one; false: out of memory. */
bool other_ports_plan(struct plan *p, struct site *site);

#endif
