/* report/markdown.h - Markdown for tickets (CommonMark and GitHub's tables), and values of the wire in it.
 *
 * A format is Markdown, an argument is text.  Whatever of an argument could mean anything to a tracker
 * (markup, a link, somebody's name, a number of another ticket) stands as code, word by word: backslashes do
 * not keep trackers from telling @somebody, nor from links (GitHub Flavored Markdown 0.29, section 6.9).
 */
#ifndef REPORT_MARKDOWN_H
#define REPORT_MARKDOWN_H

#include "report/report.h"

struct markdown {
	FILE *out;
	const struct report *r;
	const struct report_style *style;
	bool in_cell;                   /* of a table: '|' is escaped even within code (section 4.10) */
};

/* Takes %s (text) and %%. */
void markdown_put(struct markdown *m, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* All of a text as one piece of code: a display filter, a file's name. */
void markdown_code(struct markdown *m, const char *text);

/* Words of a finding, names masked or not: as text. */
void markdown_words(struct markdown *m, const char *words);

/* Begins a table: its head; columns end with NULL, and are translated. */
void markdown_table(struct markdown *m, const char *const *columns);
/* A cell, and the end of a row. */
void markdown_cell(struct markdown *m, const char *text);
void markdown_row_end(struct markdown *m);

void markdown_findings(struct markdown *m);
void markdown_clients(struct markdown *m);

#endif
