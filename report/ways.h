/* report/ways.h - checks of a probe by the way that they went: a server's port, direct or by a proxy. */
#ifndef REPORT_WAYS_H
#define REPORT_WAYS_H

#include "report/report.h"

/* What is told of a rung, the worst last. */
enum way_cell { CELL_NONE, CELL_SKIPPED, CELL_OK, CELL_WARNING, CELL_FAILED };

struct checked_way {
	const char *target, *proxy;     /* as in its checks */
	enum way_cell cells[CHECK_RUNG_COUNT];  /* with what its names and its proxy showed */
	enum way_cell worst;
	bool serves;                    /* answered requests */
	bool closed;                    /* was only looked for, and is not there */
	bool cut;                       /* some of its checks were stopped, or never came to their turn */
};

struct checked_ways {
	struct checked_way *at;         /* in the order of the plan */
	size_t count;
};

/* To be released after use.  Empty when memory is out. */
void checked_ways_read(struct checked_ways *w, const struct report *r);
void checked_ways_release(struct checked_ways *w);

#endif
