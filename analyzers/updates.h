/* analyzers/updates.h - what updates are called, and which files are theirs, as far as calls told it.
 *
 * Revision ids are a server database's own; an update's id is the same everywhere.
 */
#ifndef ANALYZERS_UPDATES_H
#define ANALYZERS_UPDATES_H

#include "analyzers/web.h"
#include "base/map.h"
#include "facts/wsuscall.h"

enum { UPDATE_TITLE = 112, UPDATE_KB = 16 };

struct update_known {
	struct wsus_guid id;            /* zeros: not told */
	char title[UPDATE_TITLE];       /* "" : not told */
	char kb[UPDATE_KB];             /* "9000001"; "" */
};

struct updates {
	struct map revisions;           /* server_key and revision id -> struct update_known */
	struct map ids;                 /* update id -> one of these */
	struct map files;               /* SHA-1 -> one of these */
};

void updates_init(struct updates *u);
void updates_release(struct updates *u);
void updates_learn(struct updates *u, const struct exchange *x);

/* NULL: nothing was told of it. */
const struct update_known *updates_of(const struct updates *u, const struct wsus_guid *id);
const struct update_known *updates_of_file(const struct updates *u, const uint8_t sha1[static 20]);

#endif
