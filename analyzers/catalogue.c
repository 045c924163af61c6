/* analyzers/catalogue.c - the one list of what wsuscope can tell. */
#include "analyzers/catalogue.h"

#define P  "P"
#define A  "A"
#define PA "PA"
#define FINDING(symbol, kind, severity, from, title, codes, cause, remedy, would_change, cases) \
	[FINDING_##symbol] = { kind, SEVERITY_##severity, from, title, codes, cause, remedy, \
			       would_change, cases },
static const struct finding_row rows[] = {
#include "analyzers/findings.def"
};
#undef FINDING
#undef PA
#undef A
#undef P

const struct finding_row *finding_row(enum finding_kind kind)
{
	return &rows[kind];
}

enum finding_kind finding_kind_named(struct span name)
{
	int kind = 0;

	while (kind < FINDING_KIND_COUNT && !span_ieq(span_text(rows[kind].kind), name))
		kind++;
	return (enum finding_kind)kind;
}

static const char *const severities[] = {
#define X(symbol, name) [SEVERITY_##symbol] = name,
	SEVERITIES(X)
#undef X
};

static const char *const confidences[] = {
#define X(symbol, name) [CONFIDENCE_##symbol] = name,
	CONFIDENCES(X)
#undef X
};

const char *severity_name(enum severity s)
{
	return severities[s];
}

bool severity_parse(struct span name, enum severity *s)
{
	for (int i = 0; i < SEVERITY_COUNT; i++)
		if (span_ieq(name, span_text(severities[i]))) {
			*s = (enum severity)i;
			return true;
		}
	return false;
}

const char *confidence_name(enum confidence c)
{
	return confidences[c];
}
