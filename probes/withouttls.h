/* probes/withouttls.h - does the plain neighbour of an https site serve what is for TLS alone? */
#ifndef PROBES_WITHOUTTLS_H
#define PROBES_WITHOUTTLS_H

#include "probes/plan.h"

/* Behind the way's directories, as its `http` is needed; false: out of memory. */
bool without_tls_plan(struct plan *p, struct way *way);

#endif
