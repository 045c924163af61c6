/* probes/target.h - what the user names: update points by URL or host, proxies by URL. */
#ifndef PROBES_TARGET_H
#define PROBES_TARGET_H

#include "base/addr.h"
#include "base/fault.h"

enum { TARGET_HOST_MAX = 254, TARGET_PATH_MAX = 1024, TARGET_USER_MAX = 256, TARGET_TEXT = 280 };

struct target {
	bool https;
	bool has_scheme, has_port;      /* as written; where not, `https` and `port` are 0 */
	uint16_t port;
	char host[TARGET_HOST_MAX];     /* lower case; an IPv6 address without brackets */
	bool is_addr;                   /* the host is an address ... */
	struct addr addr;               /* ... this one */
	char path[TARGET_PATH_MAX];     /* "" or from '/', with the query */
	char user[TARGET_USER_MAX];     /* "USER:PASSWORD" out of the URL, decoded; ""; for nobody's eyes */
};

/* "http://wsus01:8530/", "wsus01", "wsus01:8530", "[2001:db8::1]:8530".  False: a usage fault that says what
 * is wrong and never repeats a password. */
bool target_parse(struct span text, struct target *t, struct fault *f);

/* "http://wsus01:8530" (no path, never credentials; what is not known is left out).  Returns `text`. */
const char *target_text(const struct target *t, char text[static TARGET_TEXT]);

/* "wsus01:8530", "[2001:db8::1]:8530" */
const char *target_host_port(const struct target *t, char text[static TARGET_TEXT]);

#endif
