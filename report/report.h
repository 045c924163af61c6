/* report/report.h - what every report tells, and the formats that tell it.
 *
 * A report decides nothing: findings, ladders and limits are settled before.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdio.h>

#include "analyzers/finding.h"
#include "analyzers/ladder.h"
#include "analyzers/updates.h"
#include "facts/check.h"

struct report_input {                   /* a file or an interface */
	const char *name, *format;
	uint64_t frames, bytes;
	int64_t first, last;            /* MOMENT_NONE: no frame */
	bool cut;                       /* broke off midway */
};

struct report_counts {
	uint64_t frames, connections, exchanges, tls_sessions, lookups, soap_calls;
};

enum { CHECK_FRAMES = 8 };

struct report_check {                   /* a check of a probe, and what its packets told */
	const struct check *check;
	enum check_state state;         /* its own, but never better than what was found on its connections */
	const struct finding *finding;  /* that names why; NULL: none */
	int64_t time;                   /* when it was over */
	uint64_t frames[CHECK_FRAMES];  /* in order; none where packets were not captured */
	unsigned frame_count;
};

struct report_past {                    /* of a live run: a finding that is over and that judges forgot */
	const struct finding *finding;
	int64_t since, until;           /* ns */
	uint64_t count;
};

struct heard;

struct report {                         /* all borrowed */
	const struct report_input *inputs;
	size_t input_count;
	int64_t now;                    /* of the frames' clock, at the end; 0: no frame */
	struct report_counts counts;
	const struct limits *limits;
	const struct findings *findings;
	const struct ladders *ladders;
	const struct updates *updates;
	const struct report_check *checks;      /* of a probe, in the order of its plan */
	size_t check_count;
	const struct report_past *past; /* by its end */
	size_t past_count;
	const struct heard *heard;      /* for a page (report/heard.h); NULL: nobody listened */
	const char *sandbox;            /* "full", "partial", "off"; NULL: not known */
	const char *lacking;            /* of it, in this kernel; NULL: nothing */
	bool interrupted;               /* the probe was told to stop before its end */
};

struct report_style {
	bool color;
	bool reveal;                    /* do not mask names of users, credentials and tokens */
	unsigned width;                 /* columns of the text report; at least 60 */
	enum severity from;             /* show findings from this level */
	bool all_notes;                 /* the text report tells standing facts, too */
	bool frameless;                 /* no file holds the frames: their numbers tell nobody anything */
};

/* The text report tells of it in that style.  What a network was built like is no news at each reading. */
bool report_text_shows(const struct report_style *style, const struct finding *finding);

/* Writes the whole report.  False when writing failed (the stream's error is set). */
bool report_text(FILE *out, const struct report *r, const struct report_style *style);
bool report_json(FILE *out, const struct report *r, const struct report_style *style);
bool report_html(FILE *out, const struct report *r, const struct report_style *style);
bool report_markdown(FILE *out, const struct report *r, const struct report_style *style);
bool report_csv(FILE *out, const struct report *r, const struct report_style *style);   /* findings */
bool report_csv_clients(FILE *out, const struct report *r, const struct report_style *style);

#endif
