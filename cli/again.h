/* cli/again.h - the files of a run, as often as they are to be read.
 *
 * Some outputs need the packets once more when all is judged.  Every reading
 * has the same frames, numbers and filter.  All is opened before rights are
 * given up; only where more files are named than can stay open, they are
 * opened by name again (again_reopens).
 */
#ifndef CLI_AGAIN_H
#define CLI_AGAIN_H

#include "capture/original.h"
#include "capture/source.h"
#include "cli/options.h"

struct again {
	const struct options *options;  /* borrowed */
	struct original *files;
	size_t count;
	unsigned readings;              /* that were begun */
	/* From the next reading on: what the files are called (NULL: as the user called them), what frames go
	 * through, and what is told that a reading begins (NULL: nobody); borrowed. */
	const char *const *names;
	struct source_veil veil;
	void (*begins)(void *self);
	struct span secrets;            /* of what frames become: a key log for copies of them */
	bool told;                      /* of files that changed */
};

/* False: the fault tells which file cannot be opened, or not be kept; again_close is safe either way. */
bool again_open(struct again *a, const struct options *o, struct fault *f);
void again_close(struct again *a);

/* The files from their beginning; the source of the reading before must be closed.  NULL: the fault tells. */
struct source *again_source(struct again *a, struct fault *f);

/* They are opened by name for each reading. */
bool again_reopens(const struct again *a);

#endif
