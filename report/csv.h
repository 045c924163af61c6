/* report/csv.h - tables for spreadsheets: findings, clients, exchanges.
 *
 * RFC 4180: a head, CR LF, texts in quotes.  UTF-8 with a byte order mark, without which Excel takes it for
 * something else.  Numbers stay numbers, times are UTC as spreadsheets read them ("2026-03-10 09:15:00.123"),
 * and names of columns tell units.  A text that a spreadsheet would take for a formula has an apostrophe
 * before it (OWASP, CSV Injection); controls, line ends among them, and broken UTF-8 are U+FFFD, so that a
 * row is a line.
 */
#ifndef REPORT_CSV_H
#define REPORT_CSV_H

#include "base/addr.h"
#include "base/buf.h"
#include "report/report.h"

struct csv {
	FILE *out;
	bool reveal;
	bool follows;                   /* a cell stands before it in its row */
};

/* The byte order mark and the names of columns, which end with NULL. */
void csv_head(struct csv *c, const char *const *columns);

/* A cell each; nothing (-1, MOMENT_NONE, empty) is an empty cell. */
void csv_bytes(struct csv *c, struct span text);
void csv_text(struct csv *c, const char *text);
void csv_count(struct csv *c, uint64_t count);
void csv_frame(struct csv *c, uint64_t frame);          /* 0: none */
void csv_ms(struct csv *c, int64_t ns);                 /* -1: not known */
void csv_time(struct csv *c, int64_t ns);
void csv_bool(struct csv *c, bool value);               /* "yes", "no" */
void csv_url(struct csv *c, struct span url);           /* masked (report/mask.h) */
void csv_words(struct csv *c, const char *words);       /* of a finding, names masked or not */
void csv_addr(struct csv *c, const struct addr *a);
void csv_endpoint(struct csv *c, const struct endpoint *e);
void csv_none(struct csv *c);
void csv_row_end(struct csv *c);

#endif
