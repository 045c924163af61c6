/* probes/autoproxy.h - scripts that name proxies: where each comes from, its text, and who asks it.
 *
 * The plan has a list of them, at most two: --pac and wpad.  Each gives every site a proxy of its own, whose
 * target is known when the script has been asked for that site.
 */
#ifndef PROBES_AUTOPROXY_H
#define PROBES_AUTOPROXY_H

#include "base/buf.h"
#include "probes/pac.h"
#include "probes/steps.h"

struct auto_proxy {
	struct auto_proxy *next;
	const char *name;               /* "--pac" or "wpad.dat" */
	const char *path;               /* of a file; NULL: it is fetched */
	struct target source;           /* else whom it is fetched from */
	char wrong[200];                /* the URL is none; "" */
	struct addr addresses[SITE_ADDRESSES_MAX];
	unsigned address_count;
	bool absent;                    /* nobody is called wpad: normal where none is meant */
	struct buf script;
	char ours[ADDR_TEXT];           /* our address on the way to it; "" not known */
	struct step *find, *load;       /* find NULL: there is no name to find */
	unsigned running;               /* children */
	struct step *first, *last;      /* steps that wait for one, by s->work */
	char broken[PAC_ERROR_MAX];     /* why no site gets an answer; "" */
};

/* autoload.c: the steps that find the script and load it; false: out of memory. */
bool autoload_plan(struct plan *p, struct auto_proxy *a);

#endif
