/* report/html.h - the report as one page for a browser: its parts, in the order in which they are read.
 *
 * One file that asks for nothing: style and script stand in it, and its policy allows them by their hashes
 * and nothing else.  Whatever is written goes through html_put, where a format is markup and an argument is
 * text, so nothing of the wire can become markup.
 */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "report/report.h"
#include "report/verdict.h"

enum { HTML_FLOWS = 20 };

struct html {
	FILE *out;
	const struct report *r;
	const struct report_style *style;
	const struct verdict *verdict;
	const struct addr *flows[HTML_FLOWS];   /* clients whose steps are shown: flow-1 is of the first */
	size_t flow_count;
};

/* Writes markup with text in it.  Takes %s (NULL is ""; escaped for elements and quoted attributes; control
 * and bidirectional characters and broken UTF-8 as U+FFFD), %u, %d, %zu, %llu and %%. */
void html_put(struct html *h, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Words of a finding, names masked or not: as text. */
void html_words(struct html *h, const char *words);

/* Begins a section with its heading; it ends with html_section_end. */
void html_section(struct html *h, const char *id, const char *title);
void html_section_end(struct html *h);

/* Begins a table that scrolls by itself where it is too wide; NULL ends the names of columns, which are
 * messages.  Rows follow, then html_table_end. */
void html_table(struct html *h, const char *class, const char *caption, const char *const columns[]);
void html_table_end(struct html *h);

void html_verdict(struct html *h);      /* the verdict, the path, the numbers: the first screen */
void html_path(struct html *h);
void html_findings(struct html *h);
void html_clients(struct html *h);
void html_checks(struct html *h);       /* of a probe */
void html_flows(struct html *h);        /* what single clients did, step by step */
void html_charts(struct html *h);
void html_quality(struct html *h);

/* Chooses the clients whose steps are shown, before anything is written. */
void html_choose_flows(struct html *h);

/* Of that client's steps the number, from 1; 0: they are not shown. */
unsigned html_flow_of(const struct html *h, const struct addr *client);

/* ---- what the build makes of report/html/ ---- */

struct html_part {
	const char *const *lines;       /* NULL ends them */
	const char *hash;               /* "sha256-...", as a policy names it */
};

extern const struct html_part html_css, html_script;

#endif
