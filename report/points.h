/* report/points.h - what two captures of the same traffic tell together, in each format. */
#ifndef REPORT_POINTS_H
#define REPORT_POINTS_H

#include "report/report.h"
#include "twopoint/trouble.h"

struct points_report {                  /* all borrowed */
	const struct twopoint *t;
	const struct troubles *troubles;
	const struct blind *blind;      /* by enum place */
};

/* False when writing failed (the stream's error is set). */
bool points_text(FILE *out, const struct points_report *r, const struct report_style *style);
bool points_json(FILE *out, const struct points_report *r, const struct report_style *style);
bool points_markdown(FILE *out, const struct points_report *r, const struct report_style *style);

/* ---- words that text and Markdown share ---- */

enum { POINTS_TEXT = 512 };

/* What is told of the clocks, and of the time that packets took; "": nothing is known. */
const char *points_clocks(const struct points_report *r, char text[static POINTS_TEXT]);
const char *points_delays(const struct points_report *r, char text[static POINTS_TEXT]);
const char *points_passed(const struct points_report *r, char text[static POINTS_TEXT]);

/* What a capture could not see; "": nothing was missed. */
const char *points_limits(const struct blind *b, char text[static POINTS_TEXT]);

/* "3, 5, 9"; "" : none */
const char *points_frames(const struct trouble *n, enum place at, char text[static POINTS_TEXT]);

#endif
