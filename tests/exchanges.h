/* tests/exchanges.h - exchanges from a line of text, and what analyzers find in them.
 *
 *   CLIENT > SERVER #CONN METHOD TARGET | Header: value | ... => STATUS reason | Header: value | <body
 *
 * Clients and servers are addresses, servers with a port.  Line n takes place in second n, request in
 * frame 2n - 1, answer in frame 2n.  "+S" alone on a line lets S seconds pass.  Fields without a
 * colon say more: "tls" (decrypted), "1.0" (version), "end reset", "tunnel".  No "=>": no answer.
 * A step of NTLM or Negotiate is named in place of its token: "Authorization: NTLM authenticate".
 */
#ifndef TESTS_EXCHANGES_H
#define TESTS_EXCHANGES_H

#include "analyzers/analyzer.h"
#include "base/arena.h"

/* The fact of a line; everything lives in the arena.  NULL: the line makes no sense. */
struct exchange *exchange_of(struct arena *arena, const char *line, size_t number, int64_t time);

struct judged {                         /* one row of a table of stories */
	const char *name;
	const char *script;             /* lines; "tls ADDR:PORT" is a TLS session there */
	const char *want;               /* "kind severity confidence count; ..." */
	const char *says;               /* stands in a cause, an address, a code, an answerer; NULL */
};

/* Runs every script past the analyzers and fails the test where something else is found. */
void judge_rows(const struct analyzer *const *analyzers, size_t count, const struct judged *rows,
		size_t row_count);

#endif
