/* guard/keeper.h - a small process that opens files for one that may not.
 *
 * Forked before rights are dropped, it keeps the user's own rights to the files
 * that the command line named, and to no other: it takes numbers, never names.
 * It decodes nothing, has no network, and ends with its parent.
 */
#ifndef GUARD_KEEPER_H
#define GUARD_KEEPER_H

#include <stddef.h>

#include "base/fault.h"

struct keeper;

/* What may be asked for again; each is known by its number from then on.
 *   KEEPER_FILE    a file to be made anew or (append) continued
 *   KEEPER_SERIES  files beside each other: `path` with a part of at most 64 letters [0-9A-Za-z_-] put before
 *                  its ending.  Each is new: what exists already, or a link, is not written to.  Without a
 *                  part ("") it is KEEPER_FILE
 *   KEEPER_FOLDER  the same of new files in a folder that have nothing but that part for a name: `path` is
 *                  "FOLDER/.ENDING"
 *   KEEPER_SOCKET  a datagram or stream socket of the local system (/dev/log), connected
 *   KEEPER_INPUT   a file to be read: the one that has that name by then
 */
enum keeper_kind { KEEPER_FILE, KEEPER_SERIES, KEEPER_FOLDER, KEEPER_SOCKET, KEEPER_INPUT };

enum { KEEPER_ENTRIES = 128, KEEPER_PART = 64 };

struct keeper *keeper_new(void);        /* NULL: out of memory */

/* Its number; -1: too many, or out of memory.  `path` is copied.  Names that mean what is open already ("-",
 * /dev/fd/1) are the caller's own business. */
int keeper_allow(struct keeper *k, enum keeper_kind kind, const char *path, bool append);

/* Forks it.  Until then, and without it (--no-sandbox), files are opened by the caller itself: same calls,
 * same results. */
bool keeper_start(struct keeper *k, struct fault *f);

/* The file's descriptor, close-on-exec; -1: the fault tells which file and why.  `part` is NULL but for a
 * series.  Waits at most 5 s. */
int keeper_open(struct keeper *k, int number, const char *part, struct fault *f);

/* Removes a file of a series that was opened in this run.  True also when it was gone already. */
bool keeper_remove(struct keeper *k, int number, const char *part, struct fault *f);

/* KEEPER_FILE: what was written to PATH.new takes the place of PATH, as whole. */
int keeper_open_next(struct keeper *k, int number, struct fault *f);
bool keeper_replace(struct keeper *k, int number, struct fault *f);

void keeper_free(struct keeper *k);     /* the process ends; NULL is fine */

#endif
