/* live/spool.h - a stream that never waits for whoever reads it.
 *
 * What is written gathers in memory, up to a ceiling; a thread of its own hands
 * it on.  A reader that stops costs whole lines, which are counted, and never
 * the run.
 */
#ifndef LIVE_SPOOL_H
#define LIVE_SPOOL_H

#include <stdio.h>

#include "base/fault.h"

struct spool;

/* `fd` is the spool's from now on, unless it is standard output.  The thread starts with the first line, so
 * rights may be dropped in between.  NULL: out of memory. */
struct spool *spool_open(int fd, size_t ceiling);

/* Line by line; fflush hands on what is whole.  The spool's own. */
FILE *spool_stream(struct spool *s);

/* Goes on in another file (a log was moved away); `fd` is the spool's from now on. */
void spool_reopen(struct spool *s, int fd);

uint64_t spool_lost(struct spool *s);           /* lines that found no room, so far */

/* Waits for the reader, but no longer than `patience` (ns).  False: the fault tells what could not be written. */
bool spool_close(struct spool *s, int64_t patience, struct fault *f);

#endif
