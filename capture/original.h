/* capture/original.h - a capture file that is read more than once.
 *
 * Its descriptor stays open from reading to reading, so that whoever has given
 * up the right to open files reads it still.  What can be read only once (a
 * pipe) is kept while it is read first, in a file without a name.  Later
 * readings get just the bytes that the first one got, however the file grew.
 */
#ifndef CAPTURE_ORIGINAL_H
#define CAPTURE_ORIGINAL_H

#include "base/fault.h"
#include "capture/bytes.h"

#include <time.h>

struct original {
	const char *name;               /* the caller's; for faults */
	int fd;                         /* STDIN_FILENO is only lent; -1: opened by name for each reading */
	int kept;                       /* what is kept of a pipe; -1: fd can be read again */
	uint64_t begin;                 /* offset of the capture in the file */
	uint64_t length;                /* bytes that the first reading got, so far */
	uint64_t size;                  /* of the file when it was opened; 0: not known */
	struct timespec modified;       /* likewise */
	bool again;                     /* the first reading is over */
	int lost;                       /* errno: why not all could be kept; 0: it could */
};

/* "-" is standard input.  `stays`: the descriptor is kept; where so many files are named that they cannot all
 * stay open, each reading opens them again.  False: the fault tells; nothing is left open. */
bool original_open(struct original *o, const char *name, bool stays, struct fault *f);
void original_close(struct original *o);

/* One reading begins; *o outlives it, and no two go on at once.  *size: as bytes_open has it. */
bool original_bytes(struct original *o, struct bytes *b, uint64_t *size, struct fault *f);

/* The first reading is over: those that begin now are later ones.  False: not all could be kept, and the
 * fault says why and what to do. */
bool original_again(struct original *o, struct fault *f);

/* It is not what it was when it was opened. */
bool original_changed(const struct original *o);

#endif
