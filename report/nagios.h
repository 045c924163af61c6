/* report/nagios.h - one line and a status, as monitoring plugins give (Monitoring Plugins Development
 * Guidelines, sections 2.2 to 2.6). */
#ifndef REPORT_NAGIOS_H
#define REPORT_NAGIOS_H

#include "report/report.h"

enum nagios_status { NAGIOS_OK = 0, NAGIOS_WARNING = 1, NAGIOS_CRITICAL = 2, NAGIOS_UNKNOWN = 3 };

/* What the probe's checks and findings come to. */
enum nagios_status nagios_status(const struct report *r);

/* The line, with performance data behind the bar. */
void report_nagios(FILE *out, const struct report *r);

#endif
