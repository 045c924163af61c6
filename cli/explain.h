/* cli/explain.h - what a word means: a kind of finding, a code in any spelling, a case, or plain words.
 *
 * Looks into the catalogue (analyzers/findings.def), the codes (facts/codes.def) and the cases
 * (facts/cases.def); all that it gives out is static.
 */
#ifndef CLI_EXPLAIN_H
#define CLI_EXPLAIN_H

#include "analyzers/finding.h"
#include "facts/cases.h"
#include "facts/codes.h"
#include "report/report.h"

/* RANGE: an HRESULT that has no row; its bits tell whose it is. */
enum explained_what { EXPLAINED_KIND, EXPLAINED_CASE, EXPLAINED_CODE, EXPLAINED_RANGE };

struct explained {
	enum explained_what what;
	enum finding_kind kind;
	const struct trouble *trouble;
	const struct code *code;
	uint32_t value;                 /* RANGE */
	unsigned score;                 /* of a search: how well it fits */
};

enum { EXPLAINED_MAX = 64, EXPLAIN_WORDS = 64 };

struct explanation {
	struct explained found[EXPLAINED_MAX];  /* none twice */
	size_t count;
	size_t full;                    /* so many from the front are worth telling in full */
	uint64_t dropped;               /* found, and no room */
};

/* What `words` mean together, or each of them; a line of a log is read for its codes.  False: nothing is
 * known of them, and `near` is what they may have meant (names with blanks between; "" nothing). */
enum { NEAR_TEXT = 240 };
bool explain(struct explanation *e, const struct span *words, size_t count, char near[static NEAR_TEXT]);

static inline struct explained explained_kind(enum finding_kind kind)
{
	return (struct explained){ .what = EXPLAINED_KIND, .kind = kind };
}

static inline struct explained explained_case(const struct trouble *trouble)
{
	return (struct explained){ .what = EXPLAINED_CASE, .trouble = trouble };
}

static inline struct explained explained_code(const struct code *code)
{
	return (struct explained){ .what = EXPLAINED_CODE, .code = code };
}

/* What blanks part, inside an argument, too, but signs that stand alone; the first EXPLAIN_WORDS of them. */
size_t explain_words(const struct span *words, size_t count, struct span into[static EXPLAIN_WORDS]);

/* Its parts.  explain_exact: names, numbers and ids at the beginning of `words`; how many of them it took.
 * explain_search: rows that have every word, best first, behind those that are there. */
size_t explain_exact(struct explanation *e, const struct span *words, size_t count);
void explain_search(struct explanation *e, const struct span *words, size_t count);
void explain_near(const struct span *words, size_t count, char near[static NEAR_TEXT]);
void explanation_add(struct explanation *e, struct explained one);

/* How rows are called in outputs. */
enum { EXPLAINED_ID = 96 };
void explained_id(const struct explained *one, char id[static EXPLAINED_ID]);
const char *explained_title(const struct explained *one);

/* Calls `each` with every row: kinds, cases, codes. */
void explained_all(void *self, void (*each)(void *self, struct explained one));

/* Rows that belong to it: what its lists name and what names it.  `found` of each is emptied first. */
void explained_relatives(const struct explained *one, struct explanation *relatives);

void explain_text(FILE *out, const struct explanation *e, const struct report_style *style);
void explain_json(FILE *out, const struct explanation *e);

/* All there is, grouped. */
void explain_list(FILE *out, const struct report_style *style);
void explain_list_json(FILE *out);

#endif
