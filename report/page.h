/* report/page.h - lines of text for people: wrapped, coloured, and harmless whatever the wire put
 * into them. */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "report/report.h"

struct page {
	FILE *out;
	const struct report_style *style;
	unsigned column;                /* where the next character goes, from 0 */
};

enum ink { INK_PLAIN, INK_BOLD, INK_RED, INK_YELLOW, INK_CYAN, INK_DIM, INK_GREEN };

/* Writes text as it is, control and bidirectional characters made visible; no wrapping. */
void page_put(struct page *p, enum ink ink, const char *text);
void page_putf(struct page *p, enum ink ink, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Fills up with spaces to a column; at least one when `column` is passed already. */
void page_tab(struct page *p, unsigned column);
void page_line(struct page *p);                 /* ends the line */

/* Writes text word by word from where the line stands; further lines begin at `indent`.  Ends the line. */
void page_wrap(struct page *p, unsigned indent, const char *text);
void page_wrap_in(struct page *p, enum ink ink, unsigned indent, const char *text);

/* Columns that text takes; bytes of it that fit into so many columns. */
unsigned page_width(const char *text);
size_t page_fit(const char *text, unsigned columns);

/* 1842 -> "1 842" */
enum { COUNT_TEXT = 32 };
const char *page_count(uint64_t count, char text[static COUNT_TEXT]);

/* "45 s", "14 min", "3 h", "2 days": the largest unit of which there are two.  Returns `text`. */
const char *page_duration(int64_t ns, char text[static COUNT_TEXT]);

#endif
