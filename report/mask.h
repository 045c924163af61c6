/* report/mask.h - credentials, cookies and tokens are not shown unless --reveal says so. */
#ifndef REPORT_MASK_H
#define REPORT_MASK_H

#include "base/buf.h"

/* A request target or URL: the login before the host, and the values of query names that carry
 * secrets, become "***".  Appends to `out`. */
void mask_url(struct buf *out, struct span url);

/* A user name: its first character and "***".  Appends to `out`. */
void mask_user(struct buf *out, struct span user);

#endif
