/* cli/keys.h - what --keys, --server-key and --key-pass name, read into a store.
 *
 * The key log of a live capture grows while it runs: its files stay open, and what was appended is read when
 * a secret is asked for that is not known yet.  One that became shorter was begun again and is read from its
 * start; so is a file that took its name, which a keeper opens for a sealed run.  What passes through here is
 * wiped behind.
 */
#ifndef CLI_KEYS_H
#define CLI_KEYS_H

#include <sys/types.h>

#include "base/fault.h"
#include "cli/options.h"
#include "decoders/tlskeys.h"
#include "guard/keeper.h"

struct keys_log {                       /* one that may grow */
	const char *name;               /* borrowed from the options */
	int fd;                         /* open, read up to where it stands */
	int64_t size;                   /* when it was last read */
	int number;                     /* the keeper's */
};

struct keys {
	const struct options *options;  /* borrowed */
	struct tlskeys *store;          /* borrowed */
	struct keeper *keeper;          /* borrowed; NULL: files are not followed */
	pid_t owner;                    /* children share places in files, and must not move them */
	struct keys_log growing[KEY_FILES_MAX];
	size_t growing_count;
};

/* Reads all of it; says on standard error what is odd.  With a keeper, not yet started, key logs stay open.
 * False: the fault says which file cannot be read, and why.  keys_close is safe either way; until then, `k`
 * stays where it is. */
bool keys_open(struct keys *k, const struct options *o, struct tlskeys *store, struct keeper *keeper,
               struct fault *f);

/* Reads what was appended until now, and closes the files. */
void keys_close(struct keys *k);

#endif
