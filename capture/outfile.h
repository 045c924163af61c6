/* capture/outfile.h - what waits to be written, and the file that it goes to.
 *
 * It waits in whole pieces (blocks, records).  A write that breaks off midway,
 * as on a full disk, is cut back to the last whole piece.  When the process is
 * killed inside a write, the kernel ends it between two pages of the file: so
 * no write goes beyond the page behind the one it begins in, which is left by
 * one piece, and the moment in which that can be cut is short.  Pipes are
 * written only as far as they take it without waiting.
 */
#ifndef CAPTURE_OUTFILE_H
#define CAPTURE_OUTFILE_H

#include "base/buf.h"
#include "base/fault.h"

struct outfile {
	char *path;                     /* its own copy; for faults */
	int fd;                         /* -1: closed */
	struct buf out;                 /* begins with a piece; its first `gone` bytes are handed over */
	size_t gone;
	size_t head;                    /* bytes at its front that are no piece, the owner says */
	size_t tried;                   /* bytes that waited at the last try */
	uint64_t handed;                /* bytes of the file */
	size_t (*length)(const uint8_t *at);    /* of the piece that begins there */
	bool regular;                   /* can be cut back */
	uint64_t began;                 /* where in it: its offset when it became ours */
	bool patient;                   /* a pipe or a socket: never waited for */
	bool broken;                    /* a write failed: nothing more is written */
};

/* Pieces are added to o->out by the owner.  `fd` is the file's from now on, but for standard output.
 * False: out of memory; the file is closed. */
bool outfile_begin(struct outfile *o, int fd, const char *path, size_t (*length)(const uint8_t *at),
                   struct fault *f);

/* Much has gathered since the last try. */
bool outfile_is_due(const struct outfile *o);

/* A reader that stopped has left so much waiting that no more may be added. */
bool outfile_is_full(const struct outfile *o);

/* Hands over what waits.  False, once: the fault tells; what is not in the file is outfile_lost. */
bool outfile_flush(struct outfile *o, struct fault *f);
struct span outfile_lost(const struct outfile *o);      /* whole pieces */

/* The same for a regular file of which nothing waits: it is empty again.  False: it cannot be. */
bool outfile_restart(struct outfile *o);

struct span outfile_waiting(const struct outfile *o);

static inline uint64_t outfile_bytes(const struct outfile *o)
{
	return o->handed + outfile_waiting(o).len;
}

/* Hands over what waits, waiting for a reader a few seconds at most, and closes it. */
bool outfile_close(struct outfile *o, struct fault *f);

void outfile_release(struct outfile *o);        /* what still waits is gone */

#endif
