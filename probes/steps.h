/* probes/steps.h - who adds which steps to a plan: one module a family of checks.
 *
 * Called in this order: for each host, for each proxy, for each site, then for each way of each site; false:
 * out of memory.
 */
#ifndef PROBES_STEPS_H
#define PROBES_STEPS_H

#include "probes/plan.h"

bool names_plan(struct plan *p, struct site *site);             /* name: families, servers, aliases */
bool proxy_names_plan(struct plan *p, struct proxy *proxy);
bool auto_proxy_plan(struct plan *p);                           /* wpad, wpad.dat, --pac */
void auto_proxy_free(struct auto_proxy *a);     /* with the plan; NULL is fine */
bool ports_plan(struct plan *p, struct site *site);             /* port: every address */
bool proxy_ports_plan(struct plan *p, struct proxy *proxy);
bool paths_plan(struct plan *p, struct site *site);             /* path: where a blocked port ends */
bool sizes_plan(struct plan *p, struct way *way);               /* mtu */
bool proxies_plan(struct plan *p, struct way *way);             /* proxy: CONNECT, logins */
bool tls_plan(struct plan *p, struct way *way);                 /* tls: usual, versions, certificate */
bool demands_plan(struct plan *p, struct way *way);             /* tls: client certificates by directory */
bool directories_plan(struct plan *p, struct way *way);         /* http */
bool soap_plan(struct plan *p, struct way *way);                /* soap */
bool content_plan(struct plan *p, struct way *way);             /* content */
bool upstream_plan(struct plan *p);                             /* upstream */

#endif
