/* tests/fetched.h - a fetch from its beginning to its end, and what the engine reads on its tape. */
#ifndef TESTS_FETCHED_H
#define TESTS_FETCHED_H

#include "probes/fetch.h"
#include "tests/served.h"

enum { FETCHED_TEXT = 4096 };

struct fetched {
	struct fetch_result result;     /* its spans are gone, but for these: */
	char body[FETCHED_TEXT];
	char server[128];               /* the header */
	/* "GET /x 200 hello; ", with "tls " and "tunnelled " before it; in the order of their ends */
	char exchanges[FETCHED_TEXT];
	char connections[FETCHED_TEXT]; /* "established fin; ", in the order of their beginnings */
	char sessions[FETCHED_TEXT];    /* "TLS 1.3 read; " */
	uint64_t lost;                  /* packets that the tape lacks */
	unsigned told;                  /* how often `done` was */
};

/* Options of a GET of http://127.0.0.1:PORT/x, to be changed. */
struct fetch_options fetched_options(const char *url);

/* Runs it in a loop of its own. */
void fetched_run(struct fetched *f, const struct fetch_options *o);

#endif
