/* report/recentwords.h - a fact as one row of a call flow: what was asked, and what came of it. */
#ifndef REPORT_RECENTWORDS_H
#define REPORT_RECENTWORDS_H

#include "report/recent.h"

/* False: the fact is no row.  `answered`: something came back, so the client's address is its own.  Of what
 * was asked for the path is told, and never a query, a login or a body; bytes of the wire are harmless. */
bool recent_word(const struct fact *fact, struct addr *client, struct recent_row *row, bool *answered);

#endif
