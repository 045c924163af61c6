/* cli/publish.h - metrics where Prometheus finds them: a file that is replaced whole, or a loopback port. */
#ifndef CLI_PUBLISH_H
#define CLI_PUBLISH_H

#include "base/fault.h"
#include "report/report.h"

struct publish;

/* "127.0.0.1:9530", "[::1]:9530": to be fetched by HTTP, from a thread of its own; all else is a file.  NULL:
 * the fault tells. */
struct publish *publish_open(const char *where, struct fault *f);
void publish_close(struct publish *p);          /* NULL is fine */

/* Whether that is an address and a port, which serve for as long as the program runs. */
bool publish_is_port(const char *where);

/* The latest results are what is read from now on. */
bool publish_report(struct publish *p, const struct report *r, uint64_t rounds, struct fault *f);

#endif
