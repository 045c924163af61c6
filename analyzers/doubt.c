/* analyzers/doubt.c - what rests on packets that did not come, where the capture may have missed them.
 *
 * A request without an answer, a login without its next leg, a scan without its end: who looks on sees the
 * same where the answer was dropped while capturing, or its connection was forgotten to stay within memory.
 * So such findings are asked, all in the one table, whether packets were missed around their time, or in
 * their connection; then they are no more than possible, and stop nobody.  What was seen to happen
 * (raise.proved) stays as it is.
 */
#include "analyzers/findings_store.h"
#include "facts/connection.h"
#include "facts/missed.h"

/* The packets that would change it came within so many seconds of an occurrence. */
static const struct absence {
	enum finding_kind kind;
	int before, after;
} absences[] = {
	{ FINDING_CONNECTION_UNANSWERED, 0, 10 },
	{ FINDING_CONNECTION_RESET, 60, 2 },    /* the answer, or that somebody closed before */
	{ FINDING_CONNECTION_MISSING, 0, 600 },
	{ FINDING_REQUEST_UNANSWERED, 0, 120 },
	{ FINDING_RESPONSE_CUT, 0, 120 },
	{ FINDING_MTU_BLACK_HOLE, 10, 10 },
	{ FINDING_IDLE_CUT, 300, 60 },          /* what was not idle at all */
	{ FINDING_NAME_UNANSWERED, 0, 30 },
	{ FINDING_PROXY_IN_PATH, 0, 120 },      /* where answers seem to end early */
	{ FINDING_TLS_NOT_SERVED, 0, 60 },
	{ FINDING_TLS_ABORTED, 0, 60 },
	{ FINDING_AUTH_FAILED, 0, 60 },         /* the next leg */
	{ FINDING_ADMIN_API_DENIED, 0, 60 },
	{ FINDING_PROXY_AUTH_REQUIRED, 0, 60 },
	{ FINDING_SCAN_INCOMPLETE, 0, 300 },    /* as long as it is waited for the next call */
	{ FINDING_CLIENT_SILENT, 0, 600 },
};

static const struct absence *absence_of(enum finding_kind kind)
{
	for (size_t i = 0; i < sizeof absences / sizeof *absences; i++)
		if (absences[i].kind == kind)
			return &absences[i];
	return NULL;
}

bool finding_is_of_absence(const struct finding *n)
{
	return !n->proved && absence_of(n->kind);
}

/* The capture lacks packets of the connection itself. */
bool finding_lacks(const struct connection *c)
{
	return c->one_sided || c->side[CLIENT].lost_bytes || c->side[SERVER].lost_bytes ||
	       c->side[CLIENT].fin_unseen || c->side[SERVER].fin_unseen;
}

static enum missed_share missed_around(const struct missed *m, const struct absence *a, int64_t time)
{
	return missed_between(m, time - a->before * MOMENT_S, time + a->after * MOMENT_S);
}

/* One occurrence where nothing was missed is enough. */
static enum missed_share missed_of(const struct missed *m, const struct finding *n)
{
	const struct absence *a = absence_of(n->kind);
	enum missed_share last, first;

	if (n->lacking >= n->count)
		return MISSED_MANY;
	last = missed_around(m, a, n->last);
	first = n->count > 1 ? missed_around(m, a, n->first) : last;
	return first < last ? first : last;
}

void findings_doubt(struct findings *f, const struct missed *missed)
{
	for (size_t i = 0; i < f->count; i++) {
		struct finding *n = f->all[i];
		enum missed_share share;

		if (n->severity == SEVERITY_INFO || !finding_is_of_absence(n))
			continue;
		share = missed_of(missed, n);
		if (share == MISSED_NONE)
			continue;
		n->confidence = CONFIDENCE_POSSIBLE;
		if (share == MISSED_FEW)
			continue;
		n->severity = SEVERITY_INFO;
		n->doubtful = true;
	}
}
