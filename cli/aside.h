/* cli/aside.h - words on standard error, kept while a screen stands where they would go. */
#ifndef CLI_ASIDE_H
#define CLI_ASIDE_H

#include <stdbool.h>
#include <stddef.h>

enum { ASIDE_LINE = 240, ASIDE_KEPT = 200 };

struct aside {
	int real, pipe;                 /* standard error as it was, and where it goes meanwhile; -1 */
	char line[ASIDE_LINE];          /* that is not whole yet */
	size_t len;
	char (*kept)[ASIDE_LINE];       /* the first lines, to be told at last */
	size_t count, lost;
};

/* From now on nothing is written over the screen.  False: it cannot be had, and all is as before. */
bool aside_begin(struct aside *a);

/* The next line, if one has come: never waits.  NULL: none. */
const char *aside_line(struct aside *a);

/* Standard error is itself again, and is told all that was kept.  Safe to call twice, and without a
 * beginning. */
void aside_end(struct aside *a);

#endif
