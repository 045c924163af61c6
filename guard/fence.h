/* guard/fence.h - Landlock (landlock(7)): which files may still be opened.
 *
 * A fence without a path lets nothing be opened, made, renamed or removed; what
 * is open already stays so.  Where the kernel can, TCP and signals to processes
 * outside of it are fenced off, too.
 */
#ifndef GUARD_FENCE_H
#define GUARD_FENCE_H

#include <stdbool.h>

/* READ: a file, or a directory and what is below, to be read.  MAKE: the files of a directory, to be written,
 * made, renamed and removed. */
enum fence_right { FENCE_READ, FENCE_MAKE };

int fence_new(void);                    /* -1: this kernel has none */

/* False: errno says why; the path then stays out. */
bool fence_allow(int fence, const char *path, enum fence_right right);

/* Encloses the caller and what it will start; all its threads from Landlock's eighth version on.
 * no_new_privs must be set.  Closes `fence`.  False: errno says why. */
bool fence_shut(int fence);

#endif
