/* probes/sitelist.h - what the user names becomes sites, proxies and ways. */
#ifndef PROBES_SITELIST_H
#define PROBES_SITELIST_H

#include "probes/environment.h"
#include "probes/plan.h"

/* A host alone is looked for at 8531, 8530, 443 and 80; a URL or a port names one site.  What is named twice
 * is there once.  False: a usage fault, or no memory. */
bool sitelist_targets(struct plan *p, struct fault *f);

/* Each site's ways: direct, then by each proxy of -x that is for it. */
bool sitelist_proxies(struct plan *p, const struct environment *e, struct fault *f);

/* A way by the proxy that a script names for the site; false: out of memory. */
bool sitelist_scripts(struct plan *p);

#endif
