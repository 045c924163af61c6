/* probes/fetchask.h - what a fetch wants, as options of libcurl. */
#ifndef PROBES_FETCHASK_H
#define PROBES_FETCHASK_H

#include "probes/fetchtls.h"

struct fetchask {
	CURL *easy;
	struct curl_slist *headers, *resolve;
	bool https, proxied, proxy_https;
	bool tunnels;                   /* by CONNECT */
	char host[FETCHTLS_HOST_MAX], proxy_host[FETCHTLS_HOST_MAX];    /* addresses without brackets */
};

/* False: memory, or curl refuses.  Either way it is to be released. */
bool fetchask_init(struct fetchask *a, const struct fetch_options *o);
void fetchask_release(struct fetchask *a);

#endif
