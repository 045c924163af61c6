/* report/verdict.h - a run in a sentence or two, for whoever reads no further. */
#ifndef REPORT_VERDICT_H
#define REPORT_VERDICT_H

#include "report/mask.h"
#include "report/report.h"

enum { VERDICT_HEADLINE = 1024, VERDICT_REASON = SHOWN_TEXT + 400, VERDICT_REASONS = 3, VERDICT_TITLE = 256 };

enum mood { MOOD_WELL, MOOD_UNEASY, MOOD_STOPPED };

struct verdict {
	enum mood mood;
	char headline[VERDICT_HEADLINE];        /* a sentence or two; "" where a probe checked nothing */
	char reasons[VERDICT_REASONS][VERDICT_REASON];  /* without a full stop */
	unsigned reason_count;
	const char *advice;             /* what to do where nothing was judged; "" else; static text */
};

/* Who cannot update from where, and why; of a probe: who is served by which way, and why others are not.
 * `reveal`: names are not masked. */
void verdict_read(struct verdict *v, const struct report *r, bool reveal);

/* The same of a probe's checks; verdict_read asks it. */
void verdict_checks(struct verdict *v, const struct report *r);

/* A finding's title as it stands within a sentence.  Returns `text`. */
const char *verdict_title(const char *title, char text[static VERDICT_TITLE]);

/* What ends a reason, whether another one follows it or not. */
const char *verdict_stop(bool goes_on);

/* Whether anything is to be told beyond "all is well": a failed client, or a finding of level
 * warning or more. */
bool verdict_has_trouble(const struct report *r);

/* Whether the client got into TLS, and all that it asked for is hidden there. */
bool verdict_is_hidden(const struct report *r, const struct ladder *l);

#endif
