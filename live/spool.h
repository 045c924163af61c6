/* live/spool.h - a stream that never waits for whoever reads it.
 *
 * What is written gathers in memory, up to a ceiling; a thread of its own hands
 * it on.  A reader that stops costs whole lines, which are counted, and never
 * the run.  A reader that is gone, or a full disk, is told at the end.
 */
#ifndef LIVE_SPOOL_H
#define LIVE_SPOOL_H

#include <stdint.h>
#include <stdio.h>

#include "base/fault.h"

struct spool;

/* `fd` is the spool's from now on, unless it is standard output or standard error.  The thread starts with
 * the first line, so rights may be dropped in between.  NULL: out of memory. */
struct spool *spool_open(int fd, size_t ceiling);

/* Starts the thread at once: where later no thread may start any more.  False: there is none to be had. */
bool spool_start(struct spool *s);

/* Gathers 64 KiB, then hands on what is whole lines; so does fflush, which never waits.  The spool's own. */
FILE *spool_stream(struct spool *s);

/* Goes on in another file (a log was moved away), with the line that comes next; `fd` is the spool's from now
 * on.  What was written before still goes to the old one. */
void spool_reopen(struct spool *s, int fd);

/* From now on what finds no room waits for it, all in all for `patience` (ns): a report at the end may be
 * longer than the ceiling, and one line.  When that time is over all the rest is lost. */
void spool_patient(struct spool *s, int64_t patience);

uint64_t spool_lost(struct spool *s);   /* lines that found no room, or could not be written, so far */

/* Waits for the reader, but no longer than `patience` (ns).  False: the fault tells what was not written,
 * but not where ("cannot be written: No space left on device; 3 lines were lost").  Lines that found no
 * room while the run went on are no fault. */
bool spool_close(struct spool *s, int64_t patience, struct fault *f);

#endif
