/* report/alike.h - findings of one cause, told once: what several clients suffer alike, or what a probe finds
 * alike at several servers. */
#ifndef REPORT_ALIKE_H
#define REPORT_ALIKE_H

#include "analyzers/finding.h"

enum { ALIKE_TEXT = 1024, ALIKE_PARTIES = 3 * ALIKE_TEXT };

struct alike {
	const struct finding *head;     /* borrowed: the first of them */
	uint64_t count;                 /* of all of them */
	uint64_t clients, named, servers;       /* `named`: of the clients, in `who` */
	bool more_clients;              /* than could be counted */
	char who[ALIKE_TEXT], where[ALIKE_TEXT];        /* the first few of these, and how many more */
};

/* The i-th finding, with those after it that tell the same: marks them in `told`, which has a place for each
 * finding.  `elsewhere`: the same at other servers, too. */
void alike_read(struct alike *a, const struct findings *f, size_t i, bool elsewhere, bool *told);

/* "192.0.2.50, 192.0.2.51 to 198.51.100.10:8530 via the proxy 192.0.2.9:3128"; "": nobody. */
void alike_parties(const struct alike *a, char text[static ALIKE_PARTIES]);

#endif
