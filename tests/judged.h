/* tests/judged.h - tables of stories, and what analyzers are to find in them. */
#ifndef TESTS_JUDGED_H
#define TESTS_JUDGED_H

#include "analyzers/analyzer.h"

struct judged {                         /* one row of a table of stories */
	const char *name;
	const char *script;             /* lines of tests/exchanges.h; "tls ADDR:PORT" is a TLS session
	                                 * there, "over CONN SIDE" the end of a connection that this side
	                                 * closed, "+S" lets S seconds pass */
	const char *want;               /* "kind severity confidence count; ..." */
	const char *says;               /* stands in a cause, an address, a code, an answerer; NULL */
};

/* Runs every script past the analyzers and fails the test where something else is found. */
void judge_rows(const struct analyzer *const *analyzers, size_t count, const struct judged *rows,
		size_t row_count);

#endif
