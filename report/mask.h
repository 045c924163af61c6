/* report/mask.h - credentials, cookies and tokens are not shown unless --reveal says so. */
#ifndef REPORT_MASK_H
#define REPORT_MASK_H

#include "analyzers/finding.h"
#include "base/buf.h"

/* A request target or URL: the login before the host, and the values of query names that carry
 * secrets, become "***".  Appends to `out`. */
void mask_url(struct buf *out, struct span url);

/* What goes by that name is a credential or a token: a query's, a header's. */
bool mask_is_secret(struct span name);

/* A name of a user, a domain or a machine: its first character and "***".  Appends to `out`. */
void mask_user(struct buf *out, struct span user);

/* A cause or an evidence text as it is shown: its private pieces (analyzers/finding.h) as mask_user makes
 * them, or as they are with `reveal`.  A piece that was cut off is masked, too.  Returns `shown`, which has
 * room for a mask in place of every pair of marks. */
enum { SHOWN_TEXT = 2 * CAUSE_TEXT };
const char *mask_text(const char *text, bool reveal, char shown[static SHOWN_TEXT]);

#endif
