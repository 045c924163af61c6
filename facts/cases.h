/* facts/cases.h - troubles of the field: what happened, whether a capture shows it, which log to read, what
 * mends it.  The catalogue of findings names them by their ids; `explain` finds them by code or words.
 */
#ifndef FACTS_CASES_H
#define FACTS_CASES_H

#include "base/span.h"

/* X(symbol, what a capture shows of it) */
#define CASE_SEEN(X)                                                            \
	X(YES, "A capture shows it.")                                           \
	X(PARTLY, "A capture shows a part of it, or only its effects.")         \
	X(NO, "A capture does not show it: read the log.")

#define X(symbol, text) SEEN_##symbol,
enum case_seen { CASE_SEEN(X) };
#undef X

struct trouble {                        /* all static text */
	const char *id;                 /* "002-14": where it was told, and its number there */
	enum case_seen seen;
	const char *title;
	const char *meaning;            /* what it looks like */
	const char *log;                /* which log to read */
	const char *remedy;
	const char *kinds;              /* finding kinds that show it, separated by blanks; "" */
	const char *codes;              /* what is logged: HRESULTs ("0x...") and event numbers; "" */
};

size_t case_count(void);
const struct trouble *case_at(size_t at);
const struct trouble *case_named(struct span id);       /* NULL: there is none */
const char *case_seen_text(enum case_seen seen);

/* Whether `word` is one of the words of `list`, which blanks separate; letters of either case. */
bool case_lists(const char *list, struct span word);

#endif
