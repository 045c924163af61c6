/* tests/nameserver.h - a name server in a thread of the test, over UDP and TCP, that answers by rows. */
#ifndef TESTS_NAMESERVER_H
#define TESTS_NAMESERVER_H

#include "base/addr.h"

enum nameserver_how {
	NAMESERVER_ANSWERS,
	NAMESERVER_SILENT,
	NAMESERVER_SECOND,      /* answers the second try */
	NAMESERVER_GARBAGE,     /* the question's id, and then no message */
	NAMESERVER_CUT,         /* an answer whose last record has lost its end */
	NAMESERVER_OVER_TCP,    /* over UDP only that it is too long */
};

/* The first row for a name and type answers; without one the name does not exist. */
struct nameserver_row {
	const char *name;
	uint16_t type;          /* 0: any */
	enum nameserver_how how;
	uint8_t rcode;
	const char *aliases[3]; /* each of the one before */
	const char *addresses[3];       /* of the last of them; those of the question's type */
};

struct nameserver;

/* On that address of loopback; rows are borrowed, and end with one that has no name. */
struct nameserver *nameserver_start(const char *address, const struct nameserver_row *rows);
void nameserver_stop(struct nameserver *n);
struct endpoint nameserver_at(const struct nameserver *n);
unsigned nameserver_asked(const struct nameserver *n);  /* questions so far */

#endif
