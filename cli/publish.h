/* cli/publish.h - metrics where Prometheus finds them: a file that is replaced whole, or a port for HTTP. */
#ifndef CLI_PUBLISH_H
#define CLI_PUBLISH_H

#include "base/fault.h"
#include "report/report.h"

struct publish;

/* "127.0.0.1:9530", "[::1]:9530": to be fetched by HTTP, from a thread of its own; all else is a file.  The
 * port is listened on from now on; of an address that others reach standard error warns.  NULL: the fault
 * tells. */
struct publish *publish_open(const char *where, struct fault *f);
void publish_close(struct publish *p);          /* NULL is fine */

/* Whether that is an address and a port, which serve for as long as the program runs. */
bool publish_is_port(const char *where);

/* False: it looks like a port, but none of an address; the fault tells. */
bool publish_check(const char *where, struct fault *f);

/* Serves from now on: no file, socket or thread is opened after this.  Of a file nothing is to be started. */
bool publish_start(struct publish *p, struct fault *f);

/* Who opens the next file, and puts it in the place of the one before, when we may not ourselves. */
struct publish_files {
	void *self;
	int (*open_next)(void *self, struct fault *f);          /* a descriptor; -1: the fault tells */
	bool (*replace)(void *self, struct fault *f);
};

void publish_files(struct publish *p, const struct publish_files *files);

/* What is read from now on; copied. */
bool publish_text(struct publish *p, const char *text, size_t len, struct fault *f);

/* The same of a probe's latest results. */
bool publish_report(struct publish *p, const struct report *r, uint64_t rounds, struct fault *f);

#endif
