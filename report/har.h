/* report/har.h - exchanges as an HTTP Archive (HAR 1.2), which browsers and web debuggers open.
 *
 * Written as exchanges are over, so the document never stands in memory; its pages, one for each client,
 * follow the entries.  Times that the capture does not tell are -1.  Cookies, logins and secrets in URLs and
 * headers are masked and bodies left out unless `reveal`.  Names of our own begin with an underscore
 * (section "Custom fields").
 */
#ifndef REPORT_HAR_H
#define REPORT_HAR_H

#include "facts/fact.h"
#include "report/report.h"

struct har;

/* Writes what stands before the entries; `out` is borrowed.  NULL: out of memory. */
struct har *har_new(FILE *out, const struct report_style *style, const char *version);

/* Exchanges are entries, lookups tell their times; the others are passed over. */
void har_fact(struct har *h, const struct fact *fact);

/* Writes what stands behind them; then nothing may follow but har_free. */
void har_end(struct har *h);
void har_free(struct har *h);

#endif
