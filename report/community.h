/* report/community.h - Community ID v1, seed 0: one name for a flow in every tool
 * (github.com/corelight/community-id-spec). */
#ifndef REPORT_COMMUNITY_H
#define REPORT_COMMUNITY_H

#include "base/addr.h"

enum { COMMUNITY_TEXT = 32 };

/* "1:..." of a TCP connection.  Returns `text`. */
const char *community_tcp(const struct endpoint *a, const struct endpoint *b,
			  char text[static COMMUNITY_TEXT]);

#endif
