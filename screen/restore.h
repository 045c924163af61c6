/* screen/restore.h - a terminal as it was, even where the process ends without asking.
 *
 * For screen/paint.c alone.  One terminal a process: a signal handler has no argument.
 */
#ifndef SCREEN_RESTORE_H
#define SCREEN_RESTORE_H

#include <stdbool.h>

struct termios;

/* From now on: `text` (as terminfo has it) and those modes, when a fault or a signal that nobody takes ends
 * this process.  Children are not concerned. */
void restore_watch(int fd, const struct termios *modes, const char *text);
void restore_leave(void);

#endif
