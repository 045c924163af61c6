/* probes/environment.h - the proxy that the environment names, by curl's rules (curl(1), ENVIRONMENT).
 *
 * HTTP_PROXY in capitals is not read: a web server sets it from what a client sent.
 */
#ifndef PROBES_ENVIRONMENT_H
#define PROBES_ENVIRONMENT_H

#include "probes/target.h"

/* Borrowed; NULL or "": not set. */
struct environment {
	const char *http_proxy, *https_proxy, *all_proxy, *no_proxy;
};

/* Of this process. */
struct environment environment_read(void);

/* The text of the proxy for the target, with scheme and credentials as it was written; NULL: none. */
const char *environment_proxy(const struct environment *e, const struct target *t);

#endif
