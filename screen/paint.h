/* screen/paint.h - a canvas on a terminal, and the terminal as it was before.
 *
 * Curses draws into memory, and of that the terminal gets what it takes without
 * waiting: one that stalls (Ctrl-S, a dead line) misses pictures, and never
 * stops the run.  All that curses reads from files is read by paint_new.  The
 * terminal is restored by paint_end, and by what ends the process early: a fault
 * of ours, an abort, a signal that nobody else takes.
 */
#ifndef SCREEN_PAINT_H
#define SCREEN_PAINT_H

#include "base/fault.h"
#include "screen/canvas.h"
#include "screen/keys.h"

struct paint;

/* For the terminal of standard output, else of standard input, else the process's own (/dev/tty); to be
 * called while there are rights to open it.  `color`: where it has any.  NULL: the fault tells what is in the
 * way. */
struct paint *paint_new(bool color, struct fault *f);
void paint_free(struct paint *p);       /* ends it, too; NULL is fine */

/* Takes the terminal; gives it back, as often as it is called. */
bool paint_begin(struct paint *p, struct fault *f);
void paint_end(struct paint *p);

/* The terminal hung up: nobody looks on any more. */
bool paint_is_alone(const struct paint *p);

/* It shows ASCII alone. */
bool paint_is_ascii(const struct paint *p);

/* The next key, if one was pressed: never waits. */
bool paint_key(struct paint *p, struct press *press);

void paint_size(struct paint *p, unsigned *width, unsigned *height);
void paint_show(struct paint *p, const struct canvas *c);
void paint_again(struct paint *p);      /* all of it with the next paint_show, whatever is on the terminal */

#endif
